"""What the engine reads at its start."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from storage import tables
from storage.statements.build import whole
from storage.statements.dialects import Kind, Statement

RECENT_TICKETS = 20

# Written out, so that SQLite sees that the partial index is meant.
_OPEN = text("conversation.state <> 'ended'")
_OPEN_DELIVERY = text("delivery.state IN ('pending', 'sending')")

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
    tables.erasure,
    tables.agent,
    tables.queue,
    tables.template,
)


def _identities() -> Select[Any]:  # of the table's own columns
    """Customers with an open conversation, but for what only the database looks at."""
    table = tables.identity
    referred = select(tables.conversation.c.identity).where(_OPEN)
    columns = [literal_column("''") if column.name == "search" else column for column in table.c]
    return select(*columns).where(table.c.id.in_(referred)).order_by(table.c.id)


def _open_of_open(table: Table, end: str) -> Select[Any]:  # of the table's own columns
    """Holds or bindings that have no end, of open conversations; in no order.

    Sorting them, SQLite would copy every row, and its memory stays with the process.
    """
    opened = select(tables.conversation.c.id).where(_OPEN)
    return select(table).where(table.c[end].is_(None), table.c.conversation.in_(opened))


def _tickets() -> Select[Any]:  # of the table's own columns
    """Open and recent cases of contacts with an open conversation."""
    table = tables.ticket
    contacts = select(tables.conversation.c.contact).where(_OPEN)
    rank = func.row_number().over(partition_by=table.c.contact, order_by=table.c.id.desc())
    ranked = (
        select(table, rank.label("rank")).where(table.c.contact.in_(contacts)).subquery("ranked")
    )
    recent: ColumnElement[bool] = literal_column(f"ranked.rank <= {RECENT_TICKETS}")
    columns = [ranked.c[column.name] for column in table.c]
    wanted = or_(text("NOT ranked.closed"), recent)
    return select(*columns).where(wanted).order_by(ranked.c.id)


def _newest(table: Table) -> Select[tuple[int]]:
    """When the newest row was written."""
    newest = select(func.max(table.c.id)).scalar_subquery()
    return select(func.max(table.c.at)).where(table.c.id == newest)


def statements(_of: Kind) -> dict[str, Statement]:
    """By name; every database reads them alike."""
    return {
        "all_agents": whole(tables.agent),
        "all_agent_identities": whole(tables.agent_identity),
        "all_queues": whole(tables.queue),
        "all_memberships": whole(tables.membership),
        "all_rooms": whole(tables.room),
        "all_templates": whole(tables.template),
        "all_held_replies": whole(tables.held_reply),
        "open_conversations": whole(tables.conversation).where(_OPEN),
        "open_identities": _identities(),
        "open_holds": _open_of_open(tables.hold, "ended_at"),
        "open_bindings": _open_of_open(tables.binding, "closed_at"),
        "open_tickets": _tickets(),
        "open_deliveries": whole(tables.delivery).where(_OPEN_DELIVERY),
        "last_number": select(func.max(tables.conversation.c.number)),
        "last_ticket": select(func.max(tables.ticket.c.number)),
        "last_entry": select(func.max(tables.journal.c.seq)),
        "last_inbox": _newest(tables.inbox),
        "last_message": _newest(tables.message),
        "last_event": _newest(tables.event),
        "last_seen": select(func.max(tables.life.c.seen_at)),
        "last_ids": union_all(*(select(func.max(table.c.id)) for table in _NUMBERED)),
    }
