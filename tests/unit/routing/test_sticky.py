"""A customer comes back to the agent he knows, if that costs nobody much."""

from msgspec.structs import replace

from bridge.domain.ids import AgentId, Instant
from bridge.domain.queue import Strategy
from bridge.routing.facts import Match, Waiting
from bridge.routing.router import Router
from tests.unit.routing.builders import (
    ANA,
    BRUNO,
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

WAIT = 60_000
PATIENT = replace(queue(), sticky_wait=WAIT)


def returning(number: int, last: AgentId, until: Instant | None = None) -> Waiting:
    """A conversation of somebody whom this agent had last."""
    return replace(waiting(number), sticky_agent=last, sticky_until=until)


def fill(desk: Router, at: int) -> list[tuple[int, int, bool]]:
    """Who got whom, and whether because he had the customer last."""

    def told(match: Match) -> tuple[int, int, bool]:
        return match.conversation, match.agent, match.sticky

    return [told(match) for match in desk.fill(Instant(at))]


def test_his_last_agent_gets_him_before_any_strategy() -> None:
    busy = agent(ANA, SALES, HELP, capacity=9, used=8, last_seq=99)
    desk = router(queue(), queue(HELP), busy, agent(BRUNO), returning(1, ANA))

    assert fill(desk, NOW) == [(1, ANA, True)]


def test_his_last_agent_gets_him_before_a_lower_level() -> None:
    second_line = replace(agent(ANA), memberships=levels({SALES: 2}))
    desk = router(second_line, agent(BRUNO), returning(1, ANA))

    assert fill(desk, NOW) == [(1, ANA, True)]


def test_after_the_window_he_is_anybodys() -> None:
    desk = router(agent(ANA, last_seq=5), agent(BRUNO), returning(1, ANA, until=NOW))

    assert fill(desk, NOW) == [(1, BRUNO, False)]


def test_the_same_agent_by_the_ordinary_rules_is_not_called_his_last() -> None:
    desk = router(agent(ANA), returning(1, ANA, until=NOW))

    assert fill(desk, NOW) == [(1, ANA, False)]


def test_he_does_not_wait_for_a_full_agent_unless_the_queue_says_so() -> None:
    desk = router(agent(ANA, used=1), agent(BRUNO), returning(1, ANA))

    assert fill(desk, NOW) == [(1, BRUNO, False)]


def test_he_waits_for_a_full_agent_as_long_as_the_queue_says() -> None:
    desk = router(PATIENT, agent(ANA, used=1), agent(BRUNO), returning(1, ANA))

    assert fill(desk, NOW) == []
    assert desk.next_due(NOW) == NOW + WAIT
    assert fill(desk, NOW + WAIT - 1) == []
    assert fill(desk, NOW + WAIT) == [(1, BRUNO, False)]


def test_the_wait_ends_with_the_window() -> None:
    desk = router(
        PATIENT, agent(ANA, used=1), agent(BRUNO), returning(1, ANA, until=Instant(NOW + 5))
    )

    assert fill(desk, NOW) == []
    assert desk.next_due(NOW) == NOW + 5
    assert fill(desk, NOW + 5) == [(1, BRUNO, False)]


def test_the_wait_ends_well_when_his_agent_frees_up() -> None:
    desk = router(PATIENT, agent(ANA, used=1), agent(BRUNO), returning(1, ANA))
    desk.fill(NOW)

    desk.put_agent(agent(ANA))

    assert fill(desk, NOW + 1) == [(1, ANA, True)]


def test_while_he_waits_others_are_not_held_up() -> None:
    desk = router(PATIENT, agent(ANA, used=1), agent(BRUNO), returning(1, ANA), waiting(2))

    assert fill(desk, NOW) == [(2, BRUNO, False)]


def test_while_he_waits_he_keeps_his_place() -> None:
    desk = router(PATIENT, agent(ANA, used=1), returning(1, ANA), waiting(2))
    desk.fill(NOW)

    assert [desk.position(one.conversation) for one in (waiting(1), waiting(2))] == [1, 2]
    assert [one.conversation for one in desk.waiting_in(SALES)] == [1, 2]


def test_he_does_not_overtake_for_his_agent() -> None:
    desk = router(PATIENT, agent(ANA), waiting(1), returning(2, ANA))

    assert fill(desk, NOW) == [(1, ANA, False)]
    assert desk.position(waiting(2).conversation) == 1


def test_an_agent_filled_in_the_same_moment_lets_the_rest_go_at_once() -> None:
    desk = router(agent(ANA), agent(BRUNO, last_seq=1), returning(1, ANA), returning(2, ANA))

    assert fill(desk, NOW) == [(1, ANA, True), (2, BRUNO, False)]


def test_nobody_waits_for_an_agent_who_is_not_there() -> None:
    away = replace(agent(ANA, used=1), available=False)
    desk = router(PATIENT, away, agent(BRUNO), returning(1, ANA))

    assert fill(desk, NOW) == [(1, BRUNO, False)]


def test_when_the_agent_he_waits_for_leaves_he_is_anybodys_at_once() -> None:
    desk = router(PATIENT, agent(ANA, used=1), agent(BRUNO), returning(1, ANA))
    desk.fill(NOW)

    desk.put_agent(replace(agent(ANA, used=1), available=False))

    assert fill(desk, NOW + 1) == [(1, BRUNO, False)]


def test_when_the_agent_he_waits_for_is_removed_he_is_anybodys_at_once() -> None:
    desk = router(PATIENT, agent(ANA, used=1), agent(BRUNO), returning(1, ANA))
    desk.fill(NOW)

    desk.drop_agent(ANA)

    assert fill(desk, NOW + 1) == [(1, BRUNO, False)]


def test_an_agent_who_is_skipped_is_not_waited_for() -> None:
    skipping = replace(returning(1, ANA), skip={ANA: Instant(NOW + 5)})
    desk = router(PATIENT, agent(ANA), agent(BRUNO, last_seq=1), skipping)

    assert fill(desk, NOW) == [(1, BRUNO, False)]


def test_in_a_manual_queue_he_waits_like_everybody() -> None:
    by_hand = replace(PATIENT, strategy=Strategy.MANUAL)
    desk = router(by_hand, agent(ANA), returning(1, ANA))

    assert fill(desk, NOW) == []
    assert desk.next_due(NOW) is None


def test_from_a_level_that_opens_while_he_waits_his_agent_gets_him() -> None:
    graded = replace(PATIENT, escalate_after=10)
    full = replace(agent(ANA, used=1), memberships=levels({SALES: 1}))
    desk = router(graded, full, agent(BRUNO, used=1), returning(1, ANA))
    desk.fill(NOW)
    assert desk.next_due(NOW) == NOW + 10
    desk.fill(Instant(NOW + 10))

    desk.put_agent(agent(BRUNO))
    assert pairs(desk.fill(Instant(NOW + 11))) == []
    desk.put_agent(replace(full, used=0))

    assert fill(desk, NOW + 12) == [(1, ANA, True)]
