"""One replication: customers come, wait, are served or lost; the shipping router decides."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import count
from random import Random

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.routing.facts import AgentFacts, Match, QueueRule, Waiting
from bridge.routing.router import Router
from bridge.simulation.laws import Draw, drawing
from bridge.simulation.scenario import ArrivalSpec, QueueSpec, Scenario
from bridge.simulation.tally import Played, Tally

_FINEST = 2**20
"""Ticks of the router in the shortest mean time of a scenario: rounding does not show."""

_ENDS, _ARRIVES, _LEAVES = range(3)
"""What happens, in the order in which it happens at the same moment."""

_LONGER = 0.1
"""So many more come after the last one who counts, so that he waits among others, too."""

_TARGETS = {Priority.URGENT: 0, Priority.HIGH: 2, Priority.NORMAL: 10, Priority.LOW: 30}
"""The promised waits of a queue in target order, in the scenario's unit."""

_PRIORITIES = {priority.word: priority for priority in Priority}


class Server:
    """An agent at work: what is committed about him."""

    __slots__ = ("capacity", "id", "idle_since", "last_seq", "queues", "turns", "used")

    def __init__(self, id: int, capacity: int, queues: dict[QueueId, int]) -> None:
        """Free, since the beginning."""
        self.id = AgentId(id)
        self.capacity = capacity
        self.queues = queues
        self.used = self.last_seq = 0
        self.turns: dict[QueueId, int] = {}
        self.idle_since = Instant(0)

    def facts(self) -> AgentFacts:
        """As the router is to know him."""
        return AgentFacts(
            id=self.id,
            capacity=self.capacity,
            memberships=self.queues,
            used=self.used,
            last_seq=self.last_seq,
            last_seq_in_queue=self.turns,
            idle_since=self.idle_since,
        )


class Customer:
    """Somebody who came and was not served yet."""

    __slots__ = ("at", "counts", "kind", "number", "queue")

    def __init__(self, number: int, at: float, kind: int, queue: QueueId, counts: bool) -> None:
        """`kind` is the place of his kind among the arrivals; who comes early does not count."""
        self.number = number
        self.at = at
        self.kind = kind
        self.queue = queue
        self.counts = counts


class Day:
    """A day at the desk, in virtual time.

    Handle times are drawn when somebody is served, in the order of service: so waits do not depend
    on who serves, nor on how the slots are split over agents.
    """

    def __init__(self, scenario: Scenario, number: int) -> None:
        """The same scenario and number give the same day."""
        self._scenario = scenario
        self._queues = {spec.name: QueueId(at) for at, spec in enumerate(scenario.queues, 1)}
        self._specs = {self._queues[spec.name]: spec for spec in scenario.queues}
        self._scale = _FINEST / min(_times(scenario))
        self._servers = list(self._team())
        rules = [self._rule(spec) for spec in scenario.queues]
        self._router = Router.rebuild(rules, [each.facts() for each in self._servers], ())
        self._waiting: dict[int, Customer] = {}
        self._in_queue = dict.fromkeys(self._specs, 0)
        self._events: list[tuple[float, int, int, int]] = []
        self._numbers = count(1)
        random = Random(f"{scenario.seed}/{number}/service")  # noqa: S311 - no secret: a draw
        self._handles = [drawing(kind.handle, random) for kind in scenario.arrivals]
        streams = [Random(f"{scenario.seed}/{number}/{at}") for at in range(len(self._handles))]  # noqa: S311
        self._gaps = [stream.expovariate for stream in streams]
        self._patience = [_patience(*each) for each in zip(scenario.arrivals, streams, strict=True)]
        self._first = int(scenario.conversations * scenario.warmup)
        self._tally = Tally(len(scenario.arrivals), len(self._servers), scenario.threshold)

    def play(self) -> Played:
        """Play it to the end of the last customer who counts."""
        for kind, arrival in enumerate(self._scenario.arrivals):
            self._events.append((self._gaps[kind](arrival.rate), _ARRIVES, kind, 0))
        heapify(self._events)
        came, last = 0, self._scenario.conversations
        end = last + int(last * _LONGER)
        while self._events and (came < last or self._tally.unfinished):
            now, what, which, _ = heappop(self._events)
            if what == _ENDS:
                self._end(now, which)
            elif what == _LEAVES:
                self._leave(now, which)
            elif came < end:
                came += 1
                if came == self._first + 1:
                    self._tally.begin(now)
                self._arrive(now, which, counts=self._first < came <= last)
                if came == last:
                    self._tally.end(now)
                gap = self._gaps[which](self._scenario.arrivals[which].rate)
                heappush(self._events, (now + gap, _ARRIVES, which, 0))
        return self._tally.played([each.capacity for each in self._servers])

    # --- what happens -----------------------------------------------------------------------

    def _arrive(self, now: float, kind: int, *, counts: bool) -> None:
        arrival = self._scenario.arrivals[kind]
        queue = self._queues[arrival.queue]
        customer = Customer(next(self._numbers), now, kind, queue, counts)
        patience = self._patience[kind]
        leaves = now + patience() if patience else None
        self._tally.came(customer.kind, counts)
        waits = self._in_queue[queue]
        self._stand(customer, _PRIORITIES[arrival.priority])
        self._fill(now)
        if customer.number not in self._waiting:
            return
        spec = self._specs[queue]
        if spec.max_waiting is not None and waits >= spec.max_waiting:
            self._drop(customer)
            self._tally.turned_away(kind, counts)
            return
        if spec.max_wait is not None:
            leaves = now + spec.max_wait if leaves is None else min(leaves, now + spec.max_wait)
        if leaves is not None:
            heappush(self._events, (leaves, _LEAVES, customer.number, 0))

    def _stand(self, customer: Customer, priority: Priority) -> None:
        self._waiting[customer.number] = customer
        self._in_queue[customer.queue] += 1
        self._router.put_waiting(
            Waiting(
                conversation=ConversationId(customer.number),
                queue=customer.queue,
                since=self._tick(customer.at),
                seq=customer.number,
                priority=priority,
            )
        )

    def _leave(self, now: float, number: int) -> None:
        customer = self._waiting.get(number)
        if customer is not None:
            self._drop(customer)
            self._tally.left(customer.kind, now - customer.at, customer.counts)

    def _drop(self, customer: Customer) -> None:
        del self._waiting[customer.number]
        self._in_queue[customer.queue] -= 1
        self._router.drop_waiting(ConversationId(customer.number))

    def _end(self, now: float, at: int) -> None:
        server = self._servers[at]
        server.used -= 1
        if not server.used:
            server.idle_since = self._tick(now)
        self._tally.freed(at, now)
        self._router.put_agent(server.facts())
        self._fill(now)

    def _fill(self, now: float) -> None:
        for match in self._router.fill(self._tick(now)):
            self._begin(match, now)

    def _begin(self, match: Match, now: float) -> None:
        customer = self._waiting.pop(match.conversation)
        self._in_queue[customer.queue] -= 1
        at = match.agent - 1
        server = self._servers[at]
        server.used += 1
        server.last_seq = match.seq
        server.turns = {**server.turns, match.queue: match.seq}
        self._tally.taken(at, now)
        self._tally.served(customer.kind, now - customer.at, customer.counts)
        ends = now + self._handles[customer.kind]()
        heappush(self._events, (ends, _ENDS, at, customer.number))

    # --- putting it together ----------------------------------------------------------------

    def _tick(self, time: float) -> Instant:
        return Instant(round(time * self._scale))

    def _rule(self, spec: QueueSpec) -> QueueRule:
        return QueueRule(
            id=self._queues[spec.name],
            strategy=spec.strategy,
            order=spec.order,
            targets={each: self._tick(_TARGETS[each]) for each in Priority},
            specialist_first=spec.specialist_first,
        )

    def _team(self) -> Iterator[Server]:
        numbers = count(1)
        for spec in self._scenario.agents:
            queues = {self._queues[name]: level for name, level in spec.queues.items()}
            for _ in range(spec.count):
                yield Server(next(numbers), spec.capacity, queues)


def _times(scenario: Scenario) -> Iterator[float]:
    for arrival in scenario.arrivals:
        yield arrival.handle.mean
        yield 1 / arrival.rate


def _patience(arrival: ArrivalSpec, random: Random) -> Draw | None:
    return None if arrival.patience is None else drawing(arrival.patience, random)
