"""Who comes first: the static keys of waiting conversations and of agents."""

from collections.abc import Callable, Mapping

from bridge.domain.conversation import Priority
from bridge.domain.ids import QueueId
from bridge.domain.queue import Order, Strategy
from bridge.routing.facts import ORDINARY, QueueRule, Waiting
from bridge.routing.line import Key
from bridge.routing.records import Seat

Rank = tuple[float, int, int]
"""Among equally broad agents of one level, the smallest is chosen."""


def line_key(waiting: Waiting, rule: QueueRule) -> Key:
    """The place of a conversation, fixed from one change of its facts to the next.

    Keys of different queues are compared when an agent serves both. There a conversation of a
    `target` queue counts as one of normal priority: with instants in the place of priorities,
    either kind of queue would always go before the other. In its own queue a conversation is
    before itself elsewhere, and there in the order in which its wait was widened.
    """
    due = waiting.since + rule.targets[waiting.priority] if waiting.due is None else waiting.due
    if rule.order is Order.TARGET:
        group, priority = ORDINARY, Priority.NORMAL
    else:
        group, priority = waiting.order_class, waiting.priority
    away = 0 if rule.id == waiting.queue else 1 + waiting.also.index(rule.id)
    return group, int(priority), due, waiting.since, waiting.seq, waiting.conversation, away


def _least_loaded(seat: Seat, queue: QueueId) -> Rank:
    """The emptiest by ratio; among equals, who was assigned longest ago."""
    return seat.used / seat.capacity, seat.last_seq, 0


def _longest_idle(seat: Seat, queue: QueueId) -> Rank:
    """Who has had nothing to do for longest; nobody idle: who was assigned longest ago."""
    if seat.used:
        return 1, seat.last_seq, 0
    return 0, seat.facts.idle_since or 0, seat.last_seq


def _round_robin(seat: Seat, queue: QueueId) -> Rank:
    """Whose last turn in this queue is longest ago."""
    return seat.last_turn(queue), seat.last_seq, 0


def _ordered(seat: Seat, queue: QueueId) -> Rank:
    """Always the first of the list who can."""
    return seat.facts.positions.get(queue, 0), 0, 0


# Taking a conversation never improves a rank: the candidates' heaps rely on it.
RANKS: Mapping[Strategy, Callable[[Seat, QueueId], Rank]] = {
    Strategy.LEAST_LOADED: _least_loaded,
    Strategy.LONGEST_IDLE: _longest_idle,
    Strategy.ROUND_ROBIN: _round_robin,
    Strategy.ORDERED: _ordered,
}
"""Manual queues are missing: nothing is pushed from them."""
