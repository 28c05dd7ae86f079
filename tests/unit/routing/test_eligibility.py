"""Why an agent is not given a conversation."""

import pytest
from msgspec.structs import replace

from bridge.domain.ids import ConversationId, Instant
from bridge.domain.queue import Strategy
from bridge.routing.facts import AgentFacts, QueueRule, Refusal, Waiting
from bridge.routing.router import NotWaiting, UnknownQueue
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

LATER = Instant(NOW + 1)
FITS = agent(ANA)
WAITS = waiting(1)

REASONS = [
    (Refusal.INACTIVE, queue(), replace(FITS, active=False), WAITS),
    (Refusal.QUEUE_INACTIVE, replace(queue(), active=False), FITS, WAITS),
    (Refusal.NOT_MEMBER, queue(), agent(ANA, HELP), WAITS),
    (Refusal.UNAVAILABLE, queue(), replace(FITS, available=False), WAITS),
    (
        Refusal.NOT_CONNECTED,
        replace(queue(), require_connected=True),
        replace(FITS, connected=False),
        WAITS,
    ),
    (
        Refusal.LOCKED,
        replace(queue(), escalate_after=1),
        replace(FITS, memberships=levels({SALES: 1})),
        WAITS,
    ),
    (Refusal.SKIPPED, queue(), FITS, replace(WAITS, skip={ANA: LATER})),
    (Refusal.COOLING, queue(), replace(FITS, cool_until=LATER), WAITS),
    (Refusal.FULL, queue(), replace(FITS, used=1), WAITS),
    (None, queue(), FITS, WAITS),
]
BY_HAND = {
    Refusal.INACTIVE,
    Refusal.QUEUE_INACTIVE,
    Refusal.NOT_MEMBER,
    Refusal.UNAVAILABLE,
    Refusal.FULL,
}


@pytest.mark.parametrize(("reason", "rule", "facts", "one"), REASONS)
def test_each_reason_is_told_and_stops_the_push(
    reason: Refusal | None, rule: QueueRule, facts: AgentFacts, one: Waiting
) -> None:
    desk = router(rule, queue(HELP), facts, one)

    assert desk.eligible(one.conversation, ANA, NOW) == reason
    assert pairs(desk.fill(NOW)) == ([] if reason else [(1, ANA)])


@pytest.mark.parametrize(("reason", "rule", "facts", "one"), REASONS)
def test_by_hand_only_what_a_person_cannot_overrule_counts(
    reason: Refusal | None, rule: QueueRule, facts: AgentFacts, one: Waiting
) -> None:
    desk = router(rule, queue(HELP), facts, one)

    told = desk.eligible(one.conversation, ANA, NOW, by_hand=True)

    assert told == (reason if reason in BY_HAND else None)


def test_full_is_told_only_if_nothing_else_is_in_the_way() -> None:
    desk = router(replace(FITS, used=1, cool_until=LATER), WAITS)

    assert desk.eligible(WAITS.conversation, ANA, NOW) is Refusal.COOLING
    assert desk.eligible(WAITS.conversation, ANA, LATER) is Refusal.FULL


def test_a_conversation_that_does_not_wait_here_can_be_asked_about_too() -> None:
    desk = router(agent(ANA), agent(BRUNO, used=1))

    assert desk.eligible(waiting(77), ANA, NOW) is None
    assert desk.eligible(waiting(77), BRUNO, NOW) is Refusal.FULL


def test_an_agent_nobody_knows_is_inactive() -> None:
    desk = router(WAITS)

    assert desk.eligible(WAITS.conversation, ANA, NOW) is Refusal.INACTIVE
    assert desk.free(ANA) is Refusal.INACTIVE


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (FITS, None),
        (agent(ANA, HELP), None),
        (replace(FITS, cool_until=LATER), None),
        (replace(FITS, active=False), Refusal.INACTIVE),
        (replace(FITS, available=False, used=1), Refusal.UNAVAILABLE),
        (replace(FITS, used=1), Refusal.FULL),
        (replace(FITS, capacity=0), Refusal.FULL),
    ],
)
def test_whether_he_can_take_anything_at_all_does_not_depend_on_a_queue(
    facts: AgentFacts, reason: Refusal | None
) -> None:
    assert router(facts).free(ANA) == reason


def test_a_manual_queue_refuses_nobody() -> None:
    desk = router(queue(strategy=Strategy.MANUAL), FITS, WAITS)

    assert desk.eligible(WAITS.conversation, ANA, NOW, by_hand=True) is None


def test_who_does_not_wait_has_no_place() -> None:
    desk = router(agent(ANA), WAITS)
    desk.fill(NOW)

    with pytest.raises(NotWaiting, match="conversation 1 does not wait"):
        desk.position(ConversationId(1))
    with pytest.raises(NotWaiting):
        desk.eligible(ConversationId(1), ANA, NOW)


def test_nobody_waits_in_a_queue_that_does_not_exist() -> None:
    desk = router(queue(SALES))

    with pytest.raises(UnknownQueue, match="no rule for queue 2"):
        desk.put_waiting(waiting(1, HELP))
    with pytest.raises(UnknownQueue):
        desk.waiting_in(HELP)


def test_a_queue_is_not_dropped_while_somebody_waits_in_it() -> None:
    desk = router(queue(SALES), WAITS)

    with pytest.raises(ValueError, match="queue 1 is not empty: 1 waiting"):
        desk.drop_queue(SALES)

    desk.drop_waiting(WAITS.conversation)
    desk.drop_queue(SALES)
    assert desk.fill(NOW) == []
    with pytest.raises(UnknownQueue):
        desk.waiting_in(SALES)


def test_members_of_a_dropped_queue_go_on_in_their_others() -> None:
    desk = router(queue(SALES), queue(HELP), agent(ANA, SALES, HELP), agent(BRUNO, last_seq=1))
    desk.fill(NOW)

    desk.drop_queue(HELP)
    desk.put_waiting(WAITS)

    assert pairs(desk.fill(NOW)) == [(1, ANA)]


def test_where_connection_is_required_it_counts_from_the_moment_it_changes() -> None:
    away = replace(FITS, connected=False)
    desk = router(replace(queue(), require_connected=True), away, WAITS)
    assert desk.fill(NOW) == []

    desk.put_agent(FITS)
    desk.put_agent(away)
    assert desk.fill(NOW) == []
    desk.put_agent(FITS)

    assert pairs(desk.fill(NOW)) == [(1, ANA)]


def test_dropping_what_is_not_there_changes_nothing() -> None:
    desk = router(FITS, WAITS)

    desk.drop_queue(HELP)
    desk.drop_agent(BRUNO)
    desk.drop_waiting(ConversationId(9))

    assert pairs(desk.fill(NOW)) == [(1, ANA)]
