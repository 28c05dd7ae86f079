"""What a batch writes."""

from sqlalchemy import BindParameter, Table, Update, bindparam, or_, update

from bridge.domain.delivery import DeliveryState
from storage import tables
from storage.mapping.conversations import TOUCHED
from storage.statements.build import (
    Statement,
    exists,
    ignored,
    inserted,
    linked,
    removed,
    upserted,
)

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


def _changed_message() -> Update:
    """Write what may change of a message: all but who wrote it when and where, then its id."""
    table = tables.message
    fixed = {"id", "conversation", "at", "author"}
    changing = [c.name for c in table.c if c.name not in fixed]
    return update(table).values(_new(*changing)).where(table.c.id == bindparam("of"))


def _touched() -> Update:
    """Write what a line changes of its conversation, then its id. No index has these columns."""
    table = tables.conversation
    changing = list(TOUCHED)
    return update(table).values(_new(*changing)).where(table.c.id == bindparam("of"))


def _marked() -> Update:
    """Change a delivery's state if it is in one of as many states as there are.

    With OR, because SQLite fills a table for every IN of more than two words.
    """
    table = tables.delivery
    when: list[BindParameter[str]] = [bindparam(f"when_{n}") for n in range(len(DeliveryState))]
    changing = _new("state", "attempts", "due_at", "error", "changed_at")
    return (
        update(table)
        .values(changing)
        .where(table.c.id == bindparam("of"), or_(*(table.c.state == word for word in when)))
    )


def _merged(table: Table, column: str) -> Update:
    """What belongs to one, by this column, belongs to another one."""
    return update(table).values(_new(column)).where(table.c[column] == bindparam("of"))


def _new(*columns: str) -> dict[str, BindParameter[object]]:
    return {column: bindparam(f"new_{column}") for column in columns}


def _put_and_remove(table: Table) -> dict[str, Statement]:
    return {f"put_{table.name}": upserted(table), f"remove_{table.name}": removed(table)}


STATEMENTS: dict[str, Statement] = {
    "insert_inbox": inserted(tables.inbox),
    "insert_digest": inserted(tables.digest),
    "known_digest": exists(tables.digest),
    "insert_message": inserted(tables.message),
    "put_message": _changed_message(),
    "remove_message": removed(tables.message),
    "touch_conversation": _touched(),
    "insert_link": linked(),
    "known_link": exists(tables.message_link),
    "insert_delivery": inserted(tables.delivery),
    "mark_delivery": _marked(),
    "insert_event": inserted(tables.event),
    "insert_billed": ignored(tables.billed),
    "merge_aliases": _merged(tables.alias, "identity"),
    "merge_tickets": _merged(tables.ticket, "contact"),
    "learn_address": upserted(tables.alias),
    "own_address": ignored(tables.alias),
    "seen": upserted(tables.life),
}
for _table in _ENTITIES:
    STATEMENTS |= _put_and_remove(_table)
