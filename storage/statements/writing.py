"""What a batch writes."""

from sqlalchemy import Update

from storage import tables
from storage.mapping.entities import KINDS, TOUCHES
from storage.statements.build import ignored, linked, upserted
from storage.statements.dialects import Kind, Statement

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


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    made: dict[str, Statement] = {
        "insert_inbox": of.insert(tables.inbox),
        "insert_digest": of.insert(tables.digest),
        "known_digest": of.known(tables.digest),
        "insert_message": of.insert(tables.message),
        "put_message": _changed_message(of),
        "remove_message": of.remove(tables.message),
        "insert_link": linked(of),
        "known_link": of.known(tables.message_link),
        "insert_delivery": of.insert(tables.delivery),
        "mark_delivery": of.mark(tables.delivery),
        "insert_event": of.insert(tables.event),
        "insert_billed": ignored(of, tables.billed),
        "merge_aliases": of.change(tables.alias, "identity", where=("identity",)),
        "merge_tickets": of.change(tables.ticket, "contact", where=("contact",)),
        "learn_address": upserted(of, tables.alias),
        "own_address": ignored(of, tables.alias),
        "seen": upserted(of, tables.life),
    }
    for touched, touch in TOUCHES.items():
        name = KINDS[touched].table
        table = getattr(tables, name)
        key = table.primary_key.columns.keys()
        made[f"touch_{name}"] = of.change(table, *touch.columns, where=key, often=f"{name}_touch")
    for table in _ENTITIES:
        made[f"put_{table.name}"] = upserted(of, table)
        made[f"remove_{table.name}"] = of.remove(table)
    return made
