"""A wait that was widened to other queues: their agents may have it, too."""

import pytest

from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.routing.facts import AgentFacts, QueueRule, Refusal, Waiting
from bridge.routing.router import Router, UnknownQueue

HERE, THERE, BEYOND = QueueId(1), QueueId(2), QueueId(3)
ANA, BRUNO = AgentId(1), AgentId(2)
NOW = Instant(100)


def desk(*agents: AgentFacts) -> Router:
    return Router.rebuild([QueueRule(id=one) for one in (HERE, THERE, BEYOND)], agents, [])


def agent(number: AgentId, *queues: QueueId, capacity: int = 1, used: int = 0) -> AgentFacts:
    memberships = dict.fromkeys(queues, 0)
    return AgentFacts(id=number, capacity=capacity, used=used, memberships=memberships)


def waiting(number: int, queue: QueueId = HERE, *also: QueueId, sticky: int = 0) -> Waiting:
    return Waiting(
        conversation=ConversationId(number),
        queue=queue,
        since=Instant(number),
        seq=number,
        also=also,
        sticky_agent=AgentId(sticky) if sticky else None,
    )


def given(router: Router) -> list[tuple[int, int, int]]:
    return [(each.conversation, each.agent, each.queue) for each in router.fill(NOW)]


def test_an_agent_of_the_other_queue_gets_it_from_there() -> None:
    router = desk(agent(BRUNO, THERE))
    router.put_waiting(waiting(1))
    before = given(router)

    router.put_waiting(waiting(1, HERE, THERE))

    assert before == []
    assert given(router) == [(1, BRUNO, THERE)]


def test_on_equal_terms_its_own_queue_comes_first() -> None:
    router = desk(agent(ANA, THERE), agent(BRUNO, HERE))
    router.put_waiting(waiting(1, HERE, THERE))

    assert given(router) == [(1, BRUNO, HERE)]


@pytest.mark.parametrize("order", [(THERE, BEYOND), (BEYOND, THERE)])
def test_the_queues_that_it_was_widened_to_come_in_their_order(order: tuple[QueueId, ...]) -> None:
    router = desk(agent(ANA, *order))
    router.put_waiting(waiting(1, HERE, *order))

    assert given(router) == [(1, ANA, order[0])]


def test_it_keeps_its_place_among_those_who_wait_there() -> None:
    router = desk(agent(BRUNO, THERE, capacity=2))
    for one in (waiting(2, THERE), waiting(1, HERE, THERE), waiting(3, THERE)):
        router.put_waiting(one)

    assert [each.conversation for each in router.waiting_in(THERE)] == [1, 2, 3]
    assert given(router) == [(1, BRUNO, THERE), (2, BRUNO, THERE)]


def test_whoever_gets_it_it_waits_nowhere_any_more() -> None:
    router = desk(agent(ANA, HERE), agent(BRUNO, THERE))
    router.put_waiting(waiting(1, HERE, THERE))

    assert len(given(router)) == 1
    assert router.waiting_in(HERE) == router.waiting_in(THERE) == ()


def test_its_last_agent_comes_before_all_of_the_other_queue() -> None:
    router = desk(agent(ANA, HERE, capacity=2, used=1), agent(BRUNO, THERE))
    router.put_waiting(waiting(1, HERE, THERE, sticky=ANA))

    assert given(router) == [(1, ANA, HERE)]


def test_members_of_either_queue_may_take_it_by_hand() -> None:
    router = desk(agent(ANA, HERE, used=1), agent(BRUNO, THERE))
    router.put_waiting(waiting(1, HERE, THERE))

    assert router.eligible(ConversationId(1), BRUNO, NOW, by_hand=True) is None
    assert router.eligible(ConversationId(1), ANA, NOW, by_hand=True) is Refusal.FULL


def test_a_queue_that_waits_for_somebody_elses_customer_is_not_dropped() -> None:
    router = desk()
    router.put_waiting(waiting(1, HERE, THERE))

    with pytest.raises(ValueError, match="not empty"):
        router.drop_queue(THERE)


def test_an_unknown_queue_is_refused_and_nothing_changes() -> None:
    router = desk(agent(ANA, HERE))
    router.put_waiting(waiting(1))

    with pytest.raises(UnknownQueue):
        router.put_waiting(waiting(1, HERE, QueueId(9)))

    assert given(router) == [(1, ANA, HERE)]
