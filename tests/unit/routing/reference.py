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

    def by_hand(self, waiting: Waiting, agent: AgentId) -> Refusal | None:
        """Why a person's decision cannot give it to him."""
        facts, rule = self.agents.get(agent), self.rules[waiting.queue]
        if facts is None or not facts.active:
            return Refusal.INACTIVE
        if not rule.active:
            return Refusal.QUEUE_INACTIVE
        if rule.id not in facts.memberships:
            return Refusal.NOT_MEMBER
        if not facts.available:
            return Refusal.UNAVAILABLE
        return None if facts.used + 1 <= facts.capacity else Refusal.FULL

    def refusal(self, waiting: Waiting, agent: AgentId, now: Instant) -> Refusal | None:
        """Why distribution cannot give it to him now; `full` only if nothing else."""
        first = self.by_hand(waiting, agent)
        if first not in (None, Refusal.FULL):
            return first
        facts, rule = self.agents[agent], self.rules[waiting.queue]
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

    def takers(self, waiting: Waiting, now: Instant) -> list[AgentId]:
        """Whom distribution may give it to now."""
        rule, last = self.rules[waiting.queue], waiting.sticky_agent
        if rule.strategy is Strategy.MANUAL:
            return []
        if last is not None and self.within(waiting, now):
            refusal = self.refusal(waiting, last, now)
            if refusal is None:
                return [last]
            if refusal is Refusal.FULL and now < waiting.since + rule.sticky_wait:
                return []
        return [agent for agent in self.agents if self.refusal(waiting, agent, now) is None]

    def within(self, waiting: Waiting, now: Instant) -> bool:
        """True while the agent who had the customer last is preferred."""
        return waiting.sticky_until is None or now < waiting.sticky_until

    def key(self, waiting: Waiting) -> tuple[int, ...]:
        """The place of a conversation."""
        rule = self.rules[waiting.queue]
        due = waiting.due
        if due is None:
            due = Instant(waiting.since + rule.targets[waiting.priority])
        if rule.order is Order.TARGET:
            return (1, 2, due, waiting.since, waiting.seq)
        return (waiting.order_class, waiting.priority, due, waiting.since, waiting.seq)

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
        """All who wait in a queue, in order."""
        return sorted((w for w in self.waiting.values() if w.queue == queue), key=self.key)

    def fill(self, now: Instant) -> Iterator[Decision]:
        """The smallest possible pair, as long as there is one; each is applied after it is seen."""
        seq = max((facts.last_seq for facts in self.agents.values()), default=0)
        while possible := list(self._possible(now)):
            _, _, _, waiting, agent = min(possible, key=lambda one: one[:3])
            sticky = agent == waiting.sticky_agent and self.within(waiting, now)
            yield waiting.conversation, agent, waiting.queue, sticky
            seq += 1
            self.take(waiting.conversation, agent, seq)

    def take(self, conversation: ConversationId, agent: AgentId, seq: int) -> None:
        """What a decision does to the facts."""
        queue, facts = self.waiting.pop(conversation).queue, self.agents[agent]
        self.agents[agent] = replace(
            facts,
            used=facts.used + 1,
            last_seq=seq,
            last_seq_in_queue={**facts.last_seq_in_queue, queue: seq},
        )

    def _possible(
        self, now: Instant
    ) -> Iterator[tuple[int, tuple[int, ...], tuple[float, ...], Waiting, AgentId]]:
        for waiting in self.waiting.values():
            for agent in self.takers(waiting, now):
                level = self.agents[agent].memberships[waiting.queue]
                yield level, self.key(waiting), self.rank(agent, waiting.queue), waiting, agent
