"""A budget of a window is never overdrawn, wherever the platform lets its windows begin."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.ids import SECOND, Instant
from bridge.ports.pace import Rate, Way
from bridge.ports.slots import Slots

FIVE = Rate(limit=5, per=5 * SECOND)


class Wheel:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1_000_000

    def now(self) -> Instant:
        return Instant(self.at)


class Platform:
    """Counts from the first call on, as Discord does."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.refused = 0
        self._ends = 0
        self._used = 0

    def take(self, at: int) -> None:
        if at >= self._ends:
            self._ends, self._used = at + self.rate.per, 0
        self._used += 1
        self.refused += self._used > self.rate.limit


SHORTEST = 10
"""Milliseconds there, and as many back, at least."""
ways = st.tuples(st.integers(SHORTEST, 800), st.integers(SHORTEST, 800))


@given(pauses=st.lists(st.tuples(st.integers(0, 3 * SECOND), ways), min_size=1, max_size=200))
def test_the_platform_never_refuses_a_call(
    pauses: list[tuple[int, tuple[int, int]]],
) -> None:
    clock, platform, way = Wheel(), Platform(FIVE), Way()
    way.learn(clock.at, clock.at + 2 * SHORTEST)  # no later answer is quicker: nobody foresees that
    slots = Slots(FIVE, clock, way)

    for pause, (there, back) in pauses:
        clock.at = max(clock.at + pause, int(slots.due()) + 1)
        began = clock.at
        slots.take(began)
        platform.take(began + there)
        clock.at += there + back
        slots.answered(began)

    assert platform.refused == 0


def test_a_whole_window_goes_out_at_once() -> None:
    clock = Wheel()
    slots = Slots(FIVE, clock)

    for _ in range(5):
        assert slots.due() <= clock.now()
        slots.take(clock.now())

    assert slots.due() > clock.now() + FIVE.per


def test_nearly_the_whole_limit_is_used() -> None:
    clock, made = Wheel(), 0
    slots = Slots(FIVE, clock)

    begin = clock.at
    while clock.at < begin + 500 * SECOND:
        clock.at = max(clock.at, int(slots.due()) + 1)
        began = clock.at
        slots.take(began)
        clock.at += 80
        slots.answered(began)
        made += 1

    assert made >= 0.97 * 500


def test_a_call_that_was_not_made_leaves_its_place_to_the_next() -> None:
    clock = Wheel()
    slots = Slots(Rate(limit=1, per=SECOND), clock)
    slots.take(clock.now())

    slots.dropped()

    assert slots.due() <= clock.now()


def test_what_was_never_answered_is_not_lost_for_ever() -> None:
    clock = Wheel()
    slots = Slots(Rate(limit=1, per=SECOND), clock)
    slots.take(clock.now())

    clock.at += 10 * SECOND

    assert slots.due() <= clock.now()


def test_a_call_that_was_lost_costs_its_own_place_alone_and_not_for_ever() -> None:
    clock, made = Wheel(), 0
    slots = Slots(FIVE, clock)
    slots.take(clock.now())  # and nobody ever hears of it

    begin = clock.at
    while clock.at < begin + 500 * SECOND:
        clock.at = max(clock.at, int(slots.due()) + 1)
        began = clock.at
        slots.take(began)
        slots.answered(began)
        made += 1

    assert made >= 0.97 * 500


def test_a_platform_that_says_another_limit_is_believed() -> None:
    clock = Wheel()
    slots = Slots(FIVE, clock)
    slots.take(clock.now())

    slots.learn(2, SECOND)
    slots.take(clock.now())

    assert slots.rate == Rate(limit=2, per=SECOND, spare=0)
    assert slots.due() > clock.now()


def test_idle_is_who_has_nothing_to_remember() -> None:
    clock = Wheel()
    slots = Slots(FIVE, clock)
    before = slots.idle
    slots.take(clock.now())
    during = slots.idle
    slots.answered(clock.now())
    clock.at += 6 * SECOND

    assert (before, during, slots.idle) == (True, False, True)
