"""Facts for tests, with as little noise as possible."""

from collections.abc import Iterable, Mapping

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.domain.queue import Strategy
from bridge.routing.facts import AgentFacts, Match, QueueRule, Waiting
from bridge.routing.router import Router

NOW = Instant(1_000_000)
SALES, HELP, BILLING = QueueId(1), QueueId(2), QueueId(3)
ANA, BRUNO, CLARA = AgentId(1), AgentId(2), AgentId(3)


def queue(number: int = SALES, strategy: Strategy = Strategy.LEAST_LOADED) -> QueueRule:
    """A queue with every other rule at its default."""
    return QueueRule(id=QueueId(number), strategy=strategy)


def agent(
    number: int,
    *queues: int,
    capacity: int = 1,
    used: int = 0,
    last_seq: int = 0,
) -> AgentFacts:
    """An available agent who answers these queues (by default SALES) at level 0."""
    return AgentFacts(
        id=AgentId(number),
        capacity=capacity,
        used=used,
        last_seq=last_seq,
        memberships=levels(dict.fromkeys(queues or (SALES,), 0)),
    )


def levels(of: Mapping[int, int]) -> dict[QueueId, int]:
    """Memberships from plain numbers."""
    return {QueueId(number): level for number, level in of.items()}


def waiting(
    number: int,
    place: int = SALES,
    since: int = NOW,
    priority: Priority = Priority.NORMAL,
) -> Waiting:
    """A conversation that waits; its number is also its sequence number."""
    return Waiting(
        conversation=ConversationId(number),
        queue=QueueId(place),
        since=Instant(since),
        seq=number,
        priority=priority,
    )


def router(
    *facts: QueueRule | AgentFacts | Waiting,
) -> Router:
    """A router that knows these facts and, if no queue is among them, SALES."""
    rules = [one for one in facts if isinstance(one, QueueRule)]
    return Router.rebuild(
        rules=rules or [queue()],
        agents=[one for one in facts if isinstance(one, AgentFacts)],
        waiting=[one for one in facts if isinstance(one, Waiting)],
    )


def pairs(matches: Iterable[Match]) -> list[tuple[int, int]]:
    """Who got whom: (conversation, agent), in the order decided."""
    return [(match.conversation, match.agent) for match in matches]
