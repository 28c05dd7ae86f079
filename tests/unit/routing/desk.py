"""A desk in virtual time: customers come and are served, and the shipping router decides."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.routing.facts import AgentFacts, Match, QueueRule, Waiting
from bridge.routing.router import Router

SALES = QueueId(1)
UNIT = 1_000_000
"""Ticks in one mean handle time: fine enough that rounding does not show."""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who comes at an instant; `handle` None: drawn when he is served."""

    number: int
    at: int
    handle: int | None = None
    queue: QueueId = SALES
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, kw_only=True)
class Served:
    """One who was served: by whom, and from when to when."""

    customer: Customer
    agent: AgentId
    began: int
    ended: int

    @property
    def waited(self) -> int:
        """How long nobody had him."""
        return self.began - self.customer.at


class Desk:
    """Rules, agents, and the handle times of those who bring none, in the order of service.

    It commits as an engine does: after every decision the agent's facts carry it. `forgetful`: at
    every event the router is thrown away and rebuilt from these facts.
    """

    def __init__(
        self,
        rules: Sequence[QueueRule],
        agents: Iterable[AgentFacts],
        handles: Iterable[int] = (),
        *,
        forgetful: bool = False,
    ) -> None:
        """Open it."""
        self._rules = rules
        self._agents = {facts.id: facts for facts in agents}
        self._handles = iter(handles)
        self._forgetful = forgetful
        self._waiting: dict[ConversationId, Waiting] = {}
        self._customers: dict[int, Customer] = {}
        self._ends: list[tuple[int, int, AgentId]] = []
        self._router = Router.rebuild(rules, self._agents.values(), ())

    def serve(self, customers: Iterable[Customer]) -> list[Served]:
        """Serve them all; the result is in the order of service."""
        served: list[Served] = []
        for customer in customers:
            while self._ends and self._ends[0][0] <= customer.at:
                served += self._end()
            served += self._arrive(customer)
        while self._ends:
            served += self._end()
        return served

    def _arrive(self, customer: Customer) -> Iterator[Served]:
        waiting = Waiting(
            conversation=ConversationId(customer.number),
            queue=customer.queue,
            since=Instant(customer.at),
            seq=customer.number,
            priority=customer.priority,
        )
        self._customers[customer.number] = customer
        self._waiting[waiting.conversation] = waiting
        self._router.put_waiting(waiting)
        return self._fill(customer.at)

    def _end(self) -> Iterator[Served]:
        now, _, agent = heappop(self._ends)
        old = self._agents[agent]
        self._agents[agent] = replace(old, used=old.used - 1, idle_since=Instant(now))
        self._router.put_agent(self._agents[agent])
        return self._fill(now)

    def _fill(self, now: int) -> Iterator[Served]:
        if self._forgetful:
            agents, waiting = self._agents.values(), self._waiting.values()
            self._router = Router.rebuild(self._rules, agents, waiting)
        return map(self._begin, self._router.fill(Instant(now)), [now] * len(self._waiting))

    def _begin(self, match: Match, now: int) -> Served:
        customer = self._customers.pop(match.conversation)
        del self._waiting[match.conversation]
        old = self._agents[match.agent]
        self._agents[match.agent] = replace(
            old,
            used=old.used + 1,
            last_seq=match.seq,
            last_seq_in_queue={**old.last_seq_in_queue, match.queue: match.seq},
        )
        handle = next(self._handles) if customer.handle is None else customer.handle
        heappush(self._ends, (now + handle, customer.number, match.agent))
        return Served(customer=customer, agent=match.agent, began=now, ended=now + handle)


def team(*capacities: int) -> list[AgentFacts]:
    """Available agents with these capacities, all in SALES and nowhere else."""
    return [
        AgentFacts(id=AgentId(number), capacity=capacity, memberships={SALES: 0})
        for number, capacity in enumerate(capacities, start=1)
    ]


def handles(seed: int) -> Iterator[int]:
    """Exponential handle times with a mean of one UNIT."""
    draw = random.Random(seed)
    while True:
        yield round(draw.expovariate(1) * UNIT)


def arrivals(rate: float, count: int, seed: int) -> Iterator[Customer]:
    """Customers at random, so many per UNIT on average, who bring no handle time."""
    draw = random.Random(seed)
    at = 0.0
    for number in range(1, count + 1):
        at += draw.expovariate(rate) * UNIT
        yield Customer(number=number, at=round(at))
