"""Reads everything the engine keeps in memory, in one look at the database."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, func, literal_column, or_, select, text

from bridge.domain.delivery import Delivery
from bridge.domain.ids import Instant
from bridge.ports.store import DeskRows
from storage import tables
from storage.mapping import conversations, customers, people, promises
from storage.mapping.row import Read
from storage.sqlite import sql

V = TypeVar("V")

_RECENT_TICKETS = 20

# Written out, so that SQLite sees that the partial index is meant.
_OPEN = text("conversation.state <> 'ended'")
_OPEN_DELIVERY = text("delivery.state IN ('pending', 'sending')")


def open_desk(connection: sqlite3.Connection) -> DeskRows:
    """All rows of the team, and all that belongs to open conversations."""

    def rows(statement: str, value: Callable[[Read], V]) -> tuple[V, ...]:
        return tuple(value(row) for row in connection.execute(statement))

    def number(statement: str) -> int:
        return int(connection.execute(statement).fetchone()[0] or 0)

    return DeskRows(
        agents=rows(_all(tables.agent), people.agent),
        agent_identities=rows(_all(tables.agent_identity), people.agent_identity),
        queues=rows(_all(tables.queue), people.queue),
        memberships=rows(_all(tables.membership), people.membership),
        rooms=rows(_all(tables.room), people.room),
        templates=rows(_all(tables.template), people.template),
        contacts=rows(_of_open(tables.contact, "id", "contact"), customers.contact),
        identities=rows(_of_open(tables.identity, "id", "identity"), customers.identity),
        conversations=rows(_open_conversations(), conversations.conversation),
        holds=rows(_open_of_open(tables.hold, "ended_at"), conversations.hold),
        bindings=rows(_open_of_open(tables.binding, "closed_at"), conversations.binding),
        tickets=rows(_tickets(), customers.ticket),
        held=rows(_all(tables.held_reply), conversations.held_reply),
        last_id=max(number(_greatest(table, "id")) for table in _NUMBERED),
        last_number=number(_greatest(tables.conversation, "number")),
        last_ticket=number(_greatest(tables.ticket, "number")),
        last_journal=number(_greatest(tables.journal, "seq")),
        last_seen=Instant(max(number(statement) for statement in _last_signs())),
    )


def open_deliveries(connection: sqlite3.Connection) -> list[Delivery]:
    """Deliveries that are pending or sending, by id."""
    statement = select(tables.delivery).where(_OPEN_DELIVERY)
    rows = connection.execute(sql.compiled(statement.order_by(tables.delivery.c.id)))
    return [promises.delivery(row) for row in rows]


_NUMBERED = (
    tables.inbox,
    tables.message,
    tables.event,
    tables.delivery,
    tables.conversation,
    tables.contact,
    tables.identity,
    tables.hold,
    tables.binding,
    tables.ticket,
    tables.agent,
    tables.queue,
    tables.template,
)


def _all(table: Table) -> str:
    return sql.compiled(select(table).order_by(*table.primary_key.columns))


def _open_conversations() -> str:
    table = tables.conversation
    return sql.compiled(select(table).where(_OPEN).order_by(table.c.id))


def _of_open(table: Table, own: str, of_conversation: str) -> str:
    """Rows that an open conversation refers to."""
    referred = select(tables.conversation.c[of_conversation]).where(_OPEN)
    return sql.compiled(select(table).where(table.c[own].in_(referred)).order_by(table.c.id))


def _open_of_open(table: Table, end: str) -> str:
    """Holds or bindings that have no end, of open conversations."""
    opened = select(tables.conversation.c.id).where(_OPEN)
    statement = select(table).where(table.c[end].is_(None), table.c.conversation.in_(opened))
    return sql.compiled(statement.order_by(table.c.id))


def _tickets() -> str:
    """Open and recent cases of contacts with an open conversation."""
    table = tables.ticket
    contacts = select(tables.conversation.c.contact).where(_OPEN)
    rank = func.row_number().over(partition_by=table.c.contact, order_by=table.c.id.desc())
    ranked = select(table, rank.label("rank")).where(table.c.contact.in_(contacts)).subquery()
    recent: ColumnElement[bool] = literal_column(f"rank <= {_RECENT_TICKETS}")
    columns = [ranked.c[column.name] for column in table.c]
    return sql.compiled(
        select(*columns).where(or_(text("NOT closed"), recent)).order_by(ranked.c.id)
    )


def _greatest(table: Table, column: str) -> str:
    return sql.compiled(select(func.max(table.c[column])))


def _last_signs() -> list[str]:
    """The last moments the desk is known to have run."""
    newest = (
        select(func.max(table.c.at)).where(
            table.c.id == select(func.max(table.c.id)).scalar_subquery()
        )
        for table in (tables.inbox, tables.event)
    )
    return [sql.compiled(each) for each in (*newest, select(func.max(tables.life.c.seen_at)))]
