"""What time alone makes possible: skips, cool-downs and levels that end."""

import pytest
from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import Instant
from bridge.routing.facts import AgentFacts, QueueRule, Waiting
from tests.unit.routing.builders import (
    ANA,
    BRUNO,
    CLARA,
    HELP,
    NOW,
    SALES,
    agent,
    levels,
    pairs,
    queue,
    router,
    waiting,
)

SOON = Instant(NOW + 30_000)
GRADED = replace(queue(), escalate_after=30_000)


def at_level(number: int, level: int) -> AgentFacts:
    """Somebody who helps out in SALES."""
    return replace(agent(number), memberships=levels({SALES: level}))


@pytest.mark.parametrize(
    "facts",
    [
        [queue(), agent(ANA), replace(waiting(1), skip={ANA: SOON})],
        [queue(), replace(agent(ANA), cool_until=SOON), waiting(1)],
        [GRADED, at_level(ANA, 1), waiting(1)],
    ],
    ids=["skip", "cool-down", "level"],
)
def test_what_stands_in_the_way_for_a_while_ends_by_itself(
    facts: list[QueueRule | AgentFacts | Waiting],
) -> None:
    desk = router(*facts)

    assert desk.next_due(NOW) == NOW
    assert desk.fill(NOW) == []
    assert desk.next_due(NOW) == SOON
    assert desk.fill(Instant(SOON - 1)) == []
    assert pairs(desk.fill(SOON)) == [(1, ANA)]
    assert desk.next_due(SOON) is None


def test_a_router_that_is_asked_late_says_at_once() -> None:
    desk = router(agent(ANA), replace(waiting(1), skip={ANA: SOON}))
    desk.fill(NOW)

    assert desk.next_due(Instant(SOON + 500)) == SOON + 500


def test_with_nothing_to_wait_for_nobody_need_be_called() -> None:
    desk = router(agent(ANA, used=1), waiting(1))
    desk.fill(NOW)

    assert desk.next_due(NOW) is None


def test_who_skips_an_agent_is_passed_over_and_keeps_his_place() -> None:
    desk = router(agent(ANA), replace(waiting(1), skip={ANA: SOON}), waiting(2), waiting(3))

    matches = desk.fill(NOW)

    assert pairs(matches) == [(2, ANA)]
    assert desk.position(waiting(1).conversation) == 1


def test_who_skips_one_agent_gets_the_next_best() -> None:
    desk = router(
        agent(ANA),
        agent(BRUNO, last_seq=1),
        agent(CLARA, last_seq=2),
        replace(waiting(1), skip={ANA: SOON, BRUNO: SOON}),
        waiting(2),
    )

    assert pairs(desk.fill(NOW)) == [(1, CLARA), (2, ANA)]


def test_a_skip_of_one_who_waits_no_more_is_forgotten() -> None:
    desk = router(agent(ANA), replace(waiting(1), skip={ANA: SOON}))
    desk.fill(NOW)

    desk.drop_waiting(waiting(1).conversation)

    assert desk.next_due(NOW) is None


def test_a_cool_down_of_an_agent_who_left_is_forgotten() -> None:
    desk = router(replace(agent(ANA), cool_until=SOON))
    desk.fill(NOW)

    desk.drop_agent(ANA)

    assert desk.next_due(NOW) is None


def test_each_level_opens_after_its_own_wait() -> None:
    desk = router(GRADED, at_level(ANA, 2), at_level(BRUNO, 1), waiting(1), waiting(2))

    assert desk.fill(NOW) == []
    assert pairs(desk.fill(SOON)) == [(1, BRUNO)]
    assert desk.next_due(SOON) == SOON + 30_000
    assert pairs(desk.fill(Instant(SOON + 30_000))) == [(2, ANA)]


def test_a_level_opens_by_the_wait_of_each_not_by_his_place() -> None:
    desk = router(
        GRADED,
        at_level(ANA, 1),
        waiting(1, since=NOW, priority=Priority.URGENT),
        waiting(2, since=NOW - 30_000, priority=Priority.LOW),
    )

    assert pairs(desk.fill(NOW)) == [(2, ANA)]


def test_a_helper_who_joins_later_sees_who_has_waited_long_enough() -> None:
    desk = router(GRADED, agent(ANA, used=1), waiting(1, since=NOW - 30_000), waiting(2))
    desk.fill(NOW)

    desk.put_agent(replace(at_level(BRUNO, 1), capacity=2))

    assert pairs(desk.fill(NOW)) == [(1, BRUNO)]
    assert pairs(desk.fill(SOON)) == [(2, BRUNO)]


def test_without_a_wait_between_them_all_levels_are_open_the_lower_ones_first() -> None:
    desk = router(at_level(ANA, 1), at_level(BRUNO, 0), waiting(1), waiting(2))

    assert pairs(desk.fill(NOW)) == [(1, BRUNO), (2, ANA)]


def test_one_who_leaves_while_levels_are_open_leaves_them_all() -> None:
    desk = router(GRADED, at_level(ANA, 1), agent(BRUNO, used=1), waiting(1), waiting(2))
    desk.fill(NOW)
    desk.drop_waiting(waiting(1).conversation)

    assert pairs(desk.fill(SOON)) == [(2, ANA)]


def test_a_change_of_queue_counts_from_the_same_since() -> None:
    desk = router(
        replace(GRADED, id=HELP), queue(SALES), replace(at_level(ANA, 0), memberships={HELP: 1})
    )
    desk.put_waiting(waiting(1, SALES))
    desk.fill(NOW)

    desk.put_waiting(waiting(1, HELP))

    assert desk.fill(Instant(SOON - 1)) == []
    assert pairs(desk.fill(SOON)) == [(1, ANA)]
