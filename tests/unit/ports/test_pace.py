"""A budget is never overdrawn, and whoever is most urgent goes first."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.ids import MINUTE, SECOND, Instant
from bridge.ports.clock import SystemClock
from bridge.ports.pace import Pace, Place, Rate, Urgency, Way, place, place_at_once


class Wheel:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1_000_000

    def now(self) -> Instant:
        return Instant(self.at)


@given(
    limit=st.integers(20, 400),
    spare=st.sampled_from([0.05, 0.2]),
    pauses=st.lists(st.integers(0, 5 * SECOND), min_size=1, max_size=400),
)
def test_no_stretch_of_time_has_more_calls_than_the_limit(
    limit: int, spare: float, pauses: list[int]
) -> None:
    clock = Wheel()
    pace = Pace(Rate(limit=limit, per=MINUTE, spare=spare), clock)
    made: list[int] = []

    for pause in pauses:
        clock.at += pause
        if pace.due() <= clock.now():
            pace.take(clock.now())
            made.append(clock.at)

    assert all(sum(1 for at in made if begin <= at <= begin + MINUTE) <= limit for begin in made)


def test_a_budget_that_is_always_asked_gives_nearly_its_whole_limit() -> None:
    clock = Wheel()
    pace = Pace(Rate(limit=300, per=MINUTE), clock)
    made = 0

    for _ in range(3 * MINUTE // 10):
        clock.at += 10
        if pace.due() <= clock.now():
            pace.take(clock.now())
            made += 1

    assert 3 * 300 * 0.95 <= made <= 3 * 300


delays = st.integers(0, 600)


def known(way: Way, clock: Wheel, length: int) -> None:
    """A hundred answers on this way, one after the other."""
    for _ in range(100):
        way.learn(clock.at, clock.at + length)
        clock.at += SECOND


def test_a_crowd_at_the_beginning_teaches_nothing_about_the_way() -> None:
    clock, way = Wheel(), Way()

    for waited in range(100):
        way.learn(clock.at, clock.at + 70 + waited)

    assert way.least(clock.at + 170) == 0


@given(st.booleans(), st.lists(st.tuples(delays, delays, delays), min_size=2, max_size=50))
def test_calls_of_a_budget_without_bursts_keep_their_distance_however_late_they_are(
    knows_the_way: bool, calls: list[tuple[int, int, int]]
) -> None:
    clock, way, shortest = Wheel(), Way(), 10
    if knows_the_way:
        known(way, clock, 2 * shortest)
    else:
        way.learn(clock.at, clock.at + 2 * shortest)  # as quick as any: nobody foresees a quicker
    pace = Pace(Rate(limit=1, per=SECOND, spare=0), clock, way)
    arrived = []

    for late, there, back in calls:
        clock.at = max(clock.at, int(pace.due()) + 1) + late
        began = clock.at
        pace.take(began)
        arrived.append(began + shortest + there)
        clock.at = arrived[-1] + shortest + back
        pace.answered(began)

    assert all(later - earlier >= SECOND for earlier, later in pairwise(arrived))


def test_a_long_way_costs_nothing_once_it_is_known() -> None:
    clock, way = Wheel(), Way()
    known(way, clock, 150)
    pace = Pace(Rate(limit=1, per=SECOND, spare=0), clock, way)
    began = clock.at

    for _ in range(100):
        clock.at = max(clock.at, int(pace.due()) + 1)
        at = clock.at
        pace.take(at)
        clock.at += 150
        pace.answered(at)

    assert 100 * SECOND / (clock.at - began) >= 0.97


async def test_the_most_urgent_goes_first_and_equals_go_in_order() -> None:
    clock = SystemClock()
    paces = (Pace(Rate(limit=50, per=SECOND, spare=0), clock),)
    order: list[str] = []

    async def go(name: str, urgency: Urgency) -> None:
        room = await place(paces, clock, urgency)
        await room.begin()
        order.append(name)
        room.answered()

    first = asyncio.create_task(go("first", Urgency.CARD))
    await asyncio.sleep(0)
    later = [
        asyncio.create_task(go(name, urgency))
        for name, urgency in (
            ("card", Urgency.CARD),
            ("notice", Urgency.NOTICE),
            ("line 1", Urgency.LINE),
            ("line 2", Urgency.LINE),
        )
    ]
    await asyncio.gather(first, *later)

    assert order == ["first", "line 1", "line 2", "notice", "card"]


async def test_whoever_waits_for_a_slow_budget_stands_in_nobodys_way() -> None:
    clock = SystemClock()
    shared = Pace(Rate(limit=60_000, per=MINUTE), clock)
    slow = Pace(Rate(limit=1, per=SECOND, spare=0), clock)
    quick = Pace(Rate(limit=1_000, per=SECOND, spare=0), clock)
    slow.sleep(60)
    stuck = asyncio.create_task(place((slow, shared), clock, Urgency.LINE))
    await asyncio.sleep(0)

    room = await asyncio.wait_for(place((quick, shared), clock, Urgency.LINE), 10)

    assert isinstance(room, Place)
    assert not stuck.done()
    stuck.cancel()


async def test_one_who_goes_away_while_he_waits_leaves_his_turn_to_the_next() -> None:
    clock = SystemClock()
    paces = (Pace(Rate(limit=50, per=SECOND, spare=0), clock),)
    held = await place(paces, clock, Urgency.LINE)
    waiting = [asyncio.create_task(place(paces, clock, Urgency.LINE)) for _ in range(3)]
    await asyncio.sleep(0)

    waiting[0].cancel()
    waiting[1].cancel()
    held.answered()
    last = await asyncio.wait_for(waiting[2], 10)

    assert isinstance(last, Place)
    assert not paces[0].crowded


async def test_a_place_that_is_not_needed_goes_to_the_next_at_once() -> None:
    clock = Wheel()
    paces = (Pace(Rate(limit=1, per=SECOND, spare=0), clock),)
    unused = await place(paces, clock, Urgency.LINE)

    unused.drop()

    assert isinstance(place_at_once(paces, clock), Place)


async def test_a_place_that_is_kept_for_too_long_is_lost() -> None:
    clock = Wheel()
    paces = (Pace(Rate(limit=1, per=SECOND, spare=0), clock),)
    kept = await place(paces, clock, Urgency.LINE)

    clock.at += 6 * SECOND

    assert kept.lost
    assert isinstance(place_at_once(paces, clock), Place)


def test_a_pause_that_the_platform_asks_for_holds_the_whole_budget() -> None:
    clock = Wheel()
    pace = Pace(Rate(limit=300, per=MINUTE), clock)

    pace.sleep(30)

    assert place_at_once((pace,), clock) == pytest.approx(30)


def test_what_can_be_left_out_leaves_part_of_the_burst_to_others() -> None:
    clock = Wheel()
    pace = Pace(Rate(limit=50, per=MINUTE, spare=0.2), clock)
    given = 0

    while isinstance(place_at_once((pace,), clock, spare=4), Place):
        given += 1

    assert given == 5
    assert pace.due() <= clock.now()
