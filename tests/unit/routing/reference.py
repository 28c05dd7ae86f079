"""Distribution by sorting and filtering everything at every decision; shares no code with ours."""

from collections.abc import Iterator

from msgspec.structs import replace

from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.domain.queue import Order, Strategy
from bridge.routing.facts import AgentFacts, QueueRule, Refusal, Waiting

Decision = tuple[ConversationId, AgentId, QueueId, bool]


class Reference:
    """The committed facts, and the rules of distribution read literally over them."""

    def __init__(self) -> None:
        """Nothing known."""
        self.rules: dict[QueueId, QueueRule] = {}
        self.agents: dict[AgentId, AgentFacts] = {}
        self.waiting: dict[ConversationId, Waiting] = {}

    # ------------------------------------------------------------ the rules

    def by_hand(self, queue: QueueId, agent: AgentId) -> Refusal | None:
        """Why a person's decision cannot give him something of this queue."""
        facts, rule = self.agents.get(agent), self.rules[queue]
        if facts is None or not facts.active:
            return Refusal.INACTIVE
        if not rule.active:
            return Refusal.QUEUE_INACTIVE
        if rule.id not in facts.memberships:
            return Refusal.NOT_MEMBER
        if not facts.available:
            return Refusal.UNAVAILABLE
        return None if facts.used + 1 <= facts.capacity else Refusal.FULL

    def refusal(
        self, waiting: Waiting, queue: QueueId, agent: AgentId, now: Instant
    ) -> Refusal | None:
        """Why distribution cannot give it to him from here now; `full` only if nothing else."""
        first = self.by_hand(queue, agent)
        if first not in (None, Refusal.FULL):
            return first
        facts, rule = self.agents[agent], self.rules[queue]
        level = facts.memberships[rule.id]
        if rule.require_connected and not facts.connected:
            return Refusal.NOT_CONNECTED
        if level and rule.escalate_after and now < waiting.since + rule.escalate_after * level:
            return Refusal.LOCKED
        if agent in waiting.skip and now < waiting.skip[agent]:
            return Refusal.SKIPPED
        if facts.cool_until is not None and now < facts.cool_until:
            return Refusal.COOLING
        return first

    def queues(self, waiting: Waiting) -> list[QueueId]:
        """Its own, and those to which its wait was widened."""
        return list(dict.fromkeys([waiting.queue, *waiting.also]))

    def takers(self, waiting: Waiting, now: Instant) -> list[tuple[AgentId, QueueId]]:
        """Whom distribution may give it to now, and from which queue."""
        rule, last = self.rules[waiting.queue], waiting.sticky_agent
        pushed = rule.strategy is not Strategy.MANUAL
        if pushed and last is not None and self.within(waiting, now):
            refusal = self.refusal(waiting, waiting.queue, last, now)
            if refusal is None:
                return [(last, waiting.queue)]
            if refusal is Refusal.FULL and now < waiting.since + rule.sticky_wait:
                return []
        return [
            (agent, queue)
            for queue in self.queues(waiting)
            for agent in self.agents
            if self.rules[queue].strategy is not Strategy.MANUAL
            and self.refusal(waiting, queue, agent, now) is None
        ]

    def within(self, waiting: Waiting, now: Instant) -> bool:
        """True while the agent who had the customer last is preferred."""
        return waiting.sticky_until is None or now < waiting.sticky_until

    def key(self, waiting: Waiting, queue: QueueId) -> tuple[int, ...]:
        """The place of a conversation in one of its queues."""
        rule, away = self.rules[queue], self.queues(waiting).index(queue)
        due = waiting.due
        if due is None:
            due = Instant(waiting.since + rule.targets[waiting.priority])
        if rule.order is Order.TARGET:
            return (1, 2, due, waiting.since, waiting.seq, away)
        return (waiting.order_class, waiting.priority, due, waiting.since, waiting.seq, away)

    def rank(self, agent: AgentId, queue: QueueId) -> tuple[float, ...]:
        """Among agents of one level the smallest is chosen."""
        facts = self.agents[agent]
        known = [self.rules[one] for one in facts.memberships if one in self.rules]
        breadth = sum(1 for rule in known if rule.active)
        match self.rules[queue].strategy:
            case Strategy.LEAST_LOADED:
                own: tuple[float, ...] = (facts.used / facts.capacity, facts.last_seq)
            case Strategy.LONGEST_IDLE if facts.used:
                own = (1, facts.last_seq)
            case Strategy.LONGEST_IDLE:
                own = (0, facts.idle_since or 0, facts.last_seq)
            case Strategy.ROUND_ROBIN:
                own = (facts.last_seq_in_queue.get(queue, 0), facts.last_seq)
            case _:
                own = (facts.positions.get(queue, 0),)
        return (breadth, *own, agent)

    # ------------------------------------------------------------ decisions

    def line(self, queue: QueueId) -> list[Waiting]:
        """All who wait in a queue, in order, those of other queues included."""
        here = [one for one in self.waiting.values() if queue in self.queues(one)]
        return sorted(here, key=lambda one: self.key(one, queue))

    def fill(self, now: Instant) -> Iterator[Decision]:
        """The smallest possible pair, as long as there is one; each is applied after it is seen."""
        seq = max((facts.last_seq for facts in self.agents.values()), default=0)
        while possible := list(self._possible(now)):
            _, _, _, waiting, agent, queue = min(possible, key=lambda one: one[:3])
            his = agent == waiting.sticky_agent and self.within(waiting, now)
            yield waiting.conversation, agent, queue, his and queue == waiting.queue
            seq += 1
            self.take(waiting.conversation, agent, queue, seq)

    def take(self, conversation: ConversationId, agent: AgentId, queue: QueueId, seq: int) -> None:
        """What a decision does to the facts."""
        del self.waiting[conversation]
        facts = self.agents[agent]
        self.agents[agent] = replace(
            facts,
            used=facts.used + 1,
            last_seq=seq,
            last_seq_in_queue={**facts.last_seq_in_queue, queue: seq},
        )

    def _possible(
        self, now: Instant
    ) -> Iterator[tuple[int, tuple[int, ...], tuple[float, ...], Waiting, AgentId, QueueId]]:
        for waiting in self.waiting.values():
            for agent, queue in self.takers(waiting, now):
                level = self.agents[agent].memberships[queue]
                key, rank = self.key(waiting, queue), self.rank(agent, queue)
                yield level, key, rank, waiting, agent, queue
