"""What a batch writes."""

from sqlalchemy import Insert, Integer, Select, Update, literal_column, select

from storage import tables
from storage.mapping.conversations import TOUCHED
from storage.statements.build import ignored, linked, upserted
from storage.statements.dialects import Kind, Postgres, Statement

LINES = ("touch_conversation", "insert_message", "insert_link", "insert_delivery", "insert_event")
"""What nearly every batch writes, in the order of the statement that writes all of it."""

_ENTITIES = (
    tables.agent,
    tables.agent_identity,
    tables.binding,
    tables.contact,
    tables.conversation,
    tables.held_reply,
    tables.hold,
    tables.identity,
    tables.membership,
    tables.queue,
    tables.room,
    tables.template,
    tables.ticket,
)


def _changed_message(of: Kind) -> Update:
    """Write what may change of a message: all but who wrote it when and where, then its id."""
    table = tables.message
    fixed = {"id", "conversation", "at", "author"}
    return of.change(table, *(c.name for c in table.c if c.name not in fixed))


def _in_one_trip(*writes: Statement) -> Select[int]:
    """All of them in one statement; none looks at what another one writes."""
    parts = [
        write.cte(f"part_{number}")
        for number, write in enumerate(writes)
        if isinstance(write, Insert | Update)
    ]
    return select(literal_column("1", Integer)).add_cte(*parts)


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    made: dict[str, Statement] = {
        "insert_inbox": of.insert(tables.inbox),
        "insert_digest": of.insert(tables.digest),
        "known_digest": of.known(tables.digest),
        "insert_message": of.insert(tables.message),
        "put_message": _changed_message(of),
        "remove_message": of.remove(tables.message),
        "touch_conversation": of.change(tables.conversation, *TOUCHED),
        "insert_link": linked(of),
        "known_link": of.known(tables.message_link),
        "insert_delivery": of.insert(tables.delivery),
        "mark_delivery": of.mark(tables.delivery),
        "insert_event": of.insert(tables.event),
        "insert_billed": ignored(of, tables.billed),
        "merge_aliases": of.change(tables.alias, "identity", where="identity"),
        "merge_tickets": of.change(tables.ticket, "contact", where="contact"),
        "learn_address": upserted(of, tables.alias),
        "own_address": ignored(of, tables.alias),
        "seen": upserted(of, tables.life),
    }
    if isinstance(of, Postgres):
        made["write_lines"] = _in_one_trip(*(made[name] for name in LINES))
    for table in _ENTITIES:
        made[f"put_{table.name}"] = upserted(of, table)
        made[f"remove_{table.name}"] = of.remove(table)
    return made
