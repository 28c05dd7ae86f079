"""A decision can say why: what was compared, and what stands in the way of those who wait."""

from msgspec.structs import replace

from bridge.domain.ids import ConversationId
from bridge.domain.queue import Strategy
from bridge.routing.facts import Refusal
from tests.unit.routing.builders import ANA, BRUNO, CLARA, NOW, SALES, agent, queue, router, waiting


def test_the_chosen_and_the_next_best_are_shown_as_they_were_compared() -> None:
    desk = router(
        agent(ANA, capacity=4, used=2),
        agent(BRUNO, capacity=4, used=1),
        agent(CLARA, capacity=4, used=3),
        waiting(1),
    )

    (match,) = desk.fill(NOW)

    assert match.chosen is not None
    assert match.rival is not None
    assert (match.chosen.agent, match.chosen.used, match.chosen.capacity) == (BRUNO, 1, 4)
    assert (match.rival.agent, match.rival.used, match.rival.capacity) == (ANA, 2, 4)
    assert match.chosen.rank < match.rival.rank


def test_who_was_alone_has_no_rival() -> None:
    desk = router(agent(ANA), agent(BRUNO, capacity=1, used=1), waiting(1))

    (match,) = desk.fill(NOW)

    assert match.chosen is not None
    assert match.chosen.agent == ANA
    assert match.rival is None


def test_asking_for_the_next_best_takes_nobody_out_of_turn() -> None:
    desk = router(
        queue(SALES, strategy=Strategy.ROUND_ROBIN),
        *(agent(number, capacity=9) for number in (ANA, BRUNO, CLARA)),
        *(waiting(number) for number in range(1, 7)),
    )

    matches = desk.fill(NOW)

    assert [each.agent for each in matches] == [ANA, BRUNO, CLARA, ANA, BRUNO, CLARA]
    assert [each.rival.agent for each in matches if each.rival] == [
        BRUNO,
        CLARA,
        ANA,
        BRUNO,
        CLARA,
        ANA,
    ]


def test_the_last_agent_of_a_customer_is_compared_with_nobody() -> None:
    his = replace(waiting(1), sticky_agent=ANA)
    desk = router(agent(ANA, capacity=2, used=1), agent(BRUNO), his)

    (match,) = desk.fill(NOW)

    assert match.sticky
    assert match.agent == ANA
    assert match.chosen is None


def test_whoever_waits_can_be_told_his_place_and_what_speaks_against_each_agent() -> None:
    desk = router(
        agent(ANA, capacity=1, used=1),
        replace(agent(BRUNO), available=False),
        waiting(1),
        waiting(2),
    )
    desk.fill(NOW)

    standing = desk.explain(ConversationId(2), NOW)

    assert standing.place == 2
    assert standing.refusals == {ANA: Refusal.FULL, BRUNO: Refusal.UNAVAILABLE}
