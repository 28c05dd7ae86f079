"""Which of several agents gets a conversation."""

import pytest
from msgspec.structs import replace

from bridge.domain.ids import Instant
from bridge.domain.queue import Strategy
from bridge.routing.facts import AgentFacts, QueueRule
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


def chosen(rule: QueueRule, *agents: AgentFacts, of: int = 1) -> list[int]:
    """Who gets the next conversations, in order."""
    desk = router(rule, queue(HELP), *agents, *(waiting(number) for number in range(1, of + 1)))
    return [match.agent for match in desk.fill(NOW)]


def test_least_loaded_compares_ratios_not_counts() -> None:
    agents = agent(ANA, capacity=2, used=1), agent(BRUNO, capacity=8, used=2)

    assert chosen(queue(), *agents) == [BRUNO]


def test_least_loaded_spreads_over_the_team_one_by_one() -> None:
    agents = agent(ANA, capacity=2), agent(BRUNO, capacity=2), agent(CLARA, capacity=2)

    assert chosen(queue(), *agents, of=6) == [ANA, BRUNO, CLARA, ANA, BRUNO, CLARA]


def test_equally_loaded_who_was_assigned_longest_ago_is_next() -> None:
    agents = agent(ANA, last_seq=9), agent(BRUNO, last_seq=4), agent(CLARA, last_seq=7)

    assert chosen(queue(), *agents, of=3) == [BRUNO, CLARA, ANA]


def test_longest_idle_takes_who_has_had_nothing_to_do_for_longest() -> None:
    agents = (
        replace(agent(ANA, capacity=5), idle_since=Instant(NOW - 10)),
        replace(agent(BRUNO, capacity=5), idle_since=Instant(NOW - 30)),
        replace(agent(CLARA, capacity=5, used=1), idle_since=Instant(NOW - 90)),
    )

    assert chosen(queue(strategy=Strategy.LONGEST_IDLE), *agents, of=3) == [BRUNO, ANA, CLARA]


def test_longest_idle_does_not_fill_one_agent_when_nobody_is_idle() -> None:
    agents = (
        replace(agent(ANA, capacity=9, used=1, last_seq=1), idle_since=Instant(NOW - 30)),
        replace(agent(BRUNO, capacity=9, used=1, last_seq=2), idle_since=Instant(NOW - 10)),
    )

    taken = chosen(queue(strategy=Strategy.LONGEST_IDLE), *agents, of=4)

    assert taken == [ANA, BRUNO, ANA, BRUNO]


def test_round_robin_counts_turns_in_this_queue_only() -> None:
    agents = (
        replace(agent(ANA, last_seq=50), last_seq_in_queue={SALES: 3, HELP: 50}),
        replace(agent(BRUNO, last_seq=9), last_seq_in_queue={SALES: 9}),
    )

    assert chosen(queue(strategy=Strategy.ROUND_ROBIN), *agents) == [ANA]


def test_round_robin_goes_round_whatever_anybody_holds() -> None:
    agents = agent(ANA, capacity=3), agent(BRUNO, capacity=30, used=20)

    taken = chosen(queue(strategy=Strategy.ROUND_ROBIN), *agents, of=4)

    assert taken == [ANA, BRUNO, ANA, BRUNO]


def test_round_robin_counts_what_an_agent_took_himself_as_his_turn() -> None:
    desk = router(queue(strategy=Strategy.ROUND_ROBIN), *map(turn_taker, (ANA, BRUNO)))
    for number in (1, 2):
        desk.put_waiting(waiting(number))
        desk.fill(NOW)

    desk.put_agent(replace(turn_taker(ANA), used=2, last_seq=3, last_seq_in_queue={SALES: 3}))
    for number in (3, 4):
        desk.put_waiting(waiting(number))

    assert pairs(desk.fill(NOW)) == [(3, BRUNO), (4, ANA)]


def turn_taker(number: int) -> AgentFacts:
    """Somebody with room for many."""
    return agent(number, capacity=9)


def test_ordered_fills_the_first_of_the_list_before_the_second() -> None:
    agents = (
        replace(agent(ANA, capacity=2), positions={SALES: 2}),
        replace(agent(BRUNO, capacity=2), positions={SALES: 1}),
    )

    taken = chosen(queue(strategy=Strategy.ORDERED), *agents, of=3)

    assert taken == [BRUNO, BRUNO, ANA]


def test_from_a_manual_queue_nothing_is_given_out() -> None:
    assert chosen(queue(strategy=Strategy.MANUAL), agent(ANA)) == []


@pytest.mark.parametrize("strategy", [one for one in Strategy if one is not Strategy.MANUAL])
def test_a_specialist_goes_before_a_generalist_whatever_the_strategy(strategy: Strategy) -> None:
    generalist = replace(
        agent(ANA, SALES, HELP, capacity=4), positions={SALES: 0}, idle_since=Instant(1)
    )
    specialist = replace(
        agent(BRUNO, SALES, capacity=4, used=3, last_seq=9),
        positions={SALES: 9},
        last_seq_in_queue={SALES: 9},
        idle_since=Instant(NOW),
    )

    assert chosen(queue(strategy=strategy), generalist, specialist, of=2) == [BRUNO, ANA]


def test_only_active_queues_make_a_generalist() -> None:
    desk = router(
        queue(SALES),
        replace(queue(HELP), active=False),
        agent(ANA, SALES, HELP),
        agent(BRUNO, SALES, last_seq=1),
        waiting(1),
    )

    assert pairs(desk.fill(NOW)) == [(1, ANA)]


def test_a_queue_that_opens_makes_a_generalist_of_its_members() -> None:
    desk = router(
        queue(SALES),
        replace(queue(HELP), active=False),
        agent(ANA, SALES, HELP),
        agent(BRUNO, SALES, last_seq=1),
    )
    desk.fill(NOW)

    desk.put_queue(queue(HELP))
    desk.put_waiting(waiting(1))

    assert pairs(desk.fill(NOW)) == [(1, BRUNO)]


def test_a_lower_level_goes_before_a_specialist() -> None:
    generalist = agent(ANA, SALES, HELP)
    specialist = replace(agent(BRUNO), memberships=levels({SALES: 1}))

    assert chosen(queue(), generalist, specialist, of=2) == [ANA, BRUNO]


def test_an_agent_who_frees_up_takes_from_the_queue_of_his_lowest_level() -> None:
    desk = router(
        queue(SALES),
        queue(HELP),
        replace(agent(ANA), memberships=levels({SALES: 1, HELP: 0})),
        waiting(1, SALES, since=NOW - 100),
        waiting(2, HELP, since=NOW),
    )

    assert pairs(desk.fill(NOW)) == [(2, ANA)]


def test_of_several_queues_he_takes_the_one_who_comes_first_among_all() -> None:
    desk = router(
        queue(SALES),
        queue(HELP),
        agent(ANA, SALES, HELP, capacity=3),
        waiting(1, SALES, since=NOW - 5),
        waiting(2, HELP, since=NOW - 9),
        waiting(3, SALES, since=NOW - 7),
    )

    assert pairs(desk.fill(NOW)) == [(2, ANA), (3, ANA), (1, ANA)]


def test_agents_who_are_equal_in_everything_are_chosen_by_number() -> None:
    agents = agent(CLARA), agent(ANA), agent(BRUNO)

    assert chosen(queue(), *agents, of=3) == [ANA, BRUNO, CLARA]


def test_a_later_assignment_has_a_larger_number_than_everything_before() -> None:
    desk = router(agent(ANA, capacity=2, last_seq=40), agent(BRUNO, last_seq=12))
    for number in (1, 2, 3):
        desk.put_waiting(waiting(number))

    numbers = [match.seq for match in desk.fill(NOW)]

    assert numbers == [41, 42, 43]
