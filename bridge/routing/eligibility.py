"""May this agent be given this conversation, and if not, why not."""

from bridge.domain.ids import Instant
from bridge.routing.facts import Refusal, Waiting
from bridge.routing.lane import Lane
from bridge.routing.records import Seat


def free(seat: Seat | None) -> Refusal | None:
    """May he get one more, from wherever it comes."""
    if seat is None or not seat.facts.active:
        return Refusal.INACTIVE
    if not seat.facts.available:
        return Refusal.UNAVAILABLE
    return Refusal.FULL if seat.used >= seat.capacity else None


def by_hand(lane: Lane, seat: Seat | None) -> Refusal | None:
    """May he take, or be handed, a conversation of this queue by somebody's decision."""
    if seat is None or not seat.facts.active:
        return Refusal.INACTIVE
    if not lane.rule.active:
        return Refusal.QUEUE_INACTIVE
    if lane.rule.id not in seat.facts.memberships:
        return Refusal.NOT_MEMBER
    return free(seat)


def by_push(waiting: Waiting, lane: Lane, seat: Seat | None, now: Instant) -> Refusal | None:
    """May he be given it by distribution: as by hand, and nothing speaks against this moment."""
    refusal = by_hand(lane, seat)
    if seat is None or refusal not in (None, Refusal.FULL):
        return refusal
    return _not_now(waiting, lane, seat, now) or refusal


def _not_now(waiting: Waiting, lane: Lane, seat: Seat, now: Instant) -> Refusal | None:
    facts = seat.facts
    if lane.rule.require_connected and not facts.connected:
        return Refusal.NOT_CONNECTED
    opens = lane.opens(facts.memberships[lane.rule.id], waiting)
    if opens is not None and now < opens:
        return Refusal.LOCKED
    if now < waiting.skip.get(facts.id, now):
        return Refusal.SKIPPED
    if facts.cool_until is not None and now < facts.cool_until:
        return Refusal.COOLING
    return None


def kept_until(waiting: Waiting, lane: Lane, seat: Seat | None, now: Instant) -> Instant | None:
    """Until when it is for nobody but its last agent; None: it is for all.

    `now`, if he can take it: he does so at its turn. Later, if he cannot only for want of a slot
    and the queue waits for him.
    """
    window = waiting.sticky_until
    if not lane.pushes or (window is not None and now >= window):
        return None
    refusal = by_push(waiting, lane, seat, now)
    if refusal is None:
        return now
    wait = Instant(waiting.since + lane.rule.sticky_wait)
    end = wait if window is None else min(wait, window)
    return end if refusal is Refusal.FULL and now < end else None
