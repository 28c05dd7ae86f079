"""Reads everything the engine keeps in memory, in one look at the database."""

import sqlite3
from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from bridge.domain.binding import Binding
from bridge.domain.conversation import Hold
from bridge.domain.delivery import Delivery
from bridge.domain.ids import Instant
from bridge.ports.store import DeskRows
from storage.mapping import conversations, customers, people, promises
from storage.mapping.row import Read
from storage.sqlite.compiled import SQL

V = TypeVar("V")
N = TypeVar("N", Hold, Binding)
_SCALARS = frozenset({int, str})


def open_desk(connection: sqlite3.Connection) -> DeskRows:
    """All rows of the team, and all that belongs to open conversations.

    SQLite gives every row numbers and words of its own; the same id or word is kept once, which
    halves what an open conversation needs in memory.
    """
    once: dict[object, object] = {}

    def shared(row: Read) -> Read:
        return tuple(once.setdefault(v, v) if type(v) in _SCALARS else v for v in row)

    def rows(name: str, value: Callable[[Read], V]) -> tuple[V, ...]:
        return tuple(value(shared(row)) for row in connection.execute(SQL[name]))

    def greatest(*names: str) -> int:
        return max(connection.execute(SQL[name]).fetchone()[0] or 0 for name in names)

    return DeskRows(
        agents=rows("all_agents", people.agent),
        agent_identities=rows("all_agent_identities", people.agent_identity),
        queues=rows("all_queues", people.queue),
        memberships=rows("all_memberships", people.membership),
        rooms=rows("all_rooms", people.room),
        templates=rows("all_templates", people.template),
        identities=rows("open_identities", customers.identity),
        conversations=rows("open_conversations", conversations.conversation),
        holds=_by_id(rows("open_holds", conversations.hold)),
        bindings=_by_id(rows("open_bindings", conversations.binding)),
        tickets=rows("open_tickets", customers.ticket),
        held=rows("all_held_replies", conversations.held_reply),
        last_id=greatest(*(name for name in SQL if name.startswith("last_id_"))),
        last_number=greatest("last_number"),
        last_ticket=greatest("last_ticket"),
        last_journal=greatest("last_entry"),
        last_seen=Instant(greatest("last_inbox", "last_message", "last_event", "last_seen")),
    )


def _by_id(values: tuple[N, ...]) -> tuple[N, ...]:
    return tuple(sorted(values, key=attrgetter("id")))


def open_deliveries(connection: sqlite3.Connection) -> list[Delivery]:
    """Deliveries that are pending or sending, by id."""
    return [promises.delivery(row) for row in connection.execute(SQL["open_deliveries"])]
