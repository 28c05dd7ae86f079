"""Asks for everything the engine keeps in memory."""

from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from bridge.domain.binding import Binding
from bridge.domain.conversation import Hold
from bridge.domain.delivery import Delivery
from bridge.domain.ids import Instant
from bridge.ports.store import DeskRows
from storage.asking import Ask, Asking, every
from storage.mapping import conversations, customers, people, promises
from storage.mapping.erasures import digests
from storage.mapping.row import Read

V = TypeVar("V")
N = TypeVar("N", Hold, Binding)
_SCALARS = frozenset({int, str})


def open_desk() -> Asking[DeskRows]:
    """All rows of the team, and all that belongs to open conversations.

    A driver gives every row numbers and words of its own; the same id or word is kept once, which
    halves what an open conversation needs in memory.
    """
    once: dict[object, object] = {}

    def shared(row: Read) -> Read:
        return tuple(once.setdefault(v, v) if type(v) in _SCALARS else v for v in row)

    def rows(name: str, value: Callable[[Read], V]) -> Asking[tuple[V, ...]]:
        return tuple(value(shared(row)) for row in (yield Ask(name)))

    return DeskRows(
        agents=(yield from rows("all_agents", people.agent)),
        agent_identities=(yield from rows("all_agent_identities", people.agent_identity)),
        queues=(yield from rows("all_queues", people.queue)),
        memberships=(yield from rows("all_memberships", people.membership)),
        rooms=(yield from rows("all_rooms", people.room)),
        templates=(yield from rows("all_templates", people.template)),
        identities=(yield from rows("open_identities", customers.identity)),
        conversations=(yield from rows("open_conversations", conversations.conversation)),
        holds=_by_id((yield from rows("open_holds", conversations.hold))),
        bindings=_by_id((yield from rows("open_bindings", conversations.binding))),
        tickets=(yield from rows("open_tickets", customers.ticket)),
        held=(yield from rows("all_held_replies", conversations.held_reply)),
        last_id=(yield from _greatest("last_ids")),
        last_number=(yield from _greatest("last_number")),
        last_ticket=(yield from _greatest("last_ticket")),
        last_journal=(yield from last_entry()),
        erased=(yield from _erased()),
        last_seen=Instant(
            (yield from _greatest("last_inbox", "last_message", "last_event", "last_seen"))
        ),
    )


def _erased() -> Asking[tuple[bytes, ...]]:
    return tuple(each for row in (yield Ask("erased_names")) for each in digests(row[0]))


def last_entry() -> Asking[int]:
    """The greatest number of a journal's entry; 0 without any."""
    return (yield from _greatest("last_entry"))


def open_deliveries() -> Asking[list[Delivery]]:
    """Deliveries that are pending or sending, by id."""
    return every("open_deliveries", (), promises.delivery)


def _greatest(*names: str) -> Asking[int]:
    found = [0]
    for name in names:
        found += [row[0] or 0 for row in (yield Ask(name))]
    return max(found)


def _by_id(values: tuple[N, ...]) -> tuple[N, ...]:
    return tuple(sorted(values, key=attrgetter("id")))
