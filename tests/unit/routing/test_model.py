"""Whatever happens, the router decides as the rules read literally, and its promises hold."""

import random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.domain.queue import Order, Strategy
from bridge.routing.facts import ORDINARY, STARVING, AgentFacts, QueueRule, Waiting
from tests.unit.routing.model import AGENTS, QUEUES, Model

PUSHING = [one for one in Strategy if one is not Strategy.MANUAL]

spans = st.integers(0, 6).map(Instant)
usually = st.sampled_from([True] * 7 + [False])
rules = st.builds(
    QueueRule,
    id=st.sampled_from(QUEUES),
    active=usually,
    strategy=st.sampled_from([*PUSHING, *PUSHING, Strategy.MANUAL]),
    order=st.sampled_from(Order),
    targets=st.fixed_dictionaries(dict.fromkeys(Priority, spans)),
    sticky_wait=st.sampled_from([0, 3, 8]),
    require_connected=st.booleans(),
    escalate_after=st.sampled_from([0, 0, 2, 4]),
)
agents = st.builds(
    AgentFacts,
    id=st.sampled_from(AGENTS),
    active=usually,
    available=usually,
    connected=usually,
    capacity=st.sampled_from([0, 1, 2, 2, 3, 3]),
    memberships=st.dictionaries(st.sampled_from(QUEUES), st.integers(0, 2), min_size=1),
    positions=st.dictionaries(st.sampled_from(QUEUES), st.integers(0, 2)),
    idle_since=spans,
    cool_until=st.one_of(st.none(), st.none(), spans),
)
newcomers = st.builds(
    Waiting,
    conversation=st.just(ConversationId(0)),
    seq=st.just(0),
    queue=st.sampled_from(QUEUES),
    since=spans,
    priority=st.sampled_from(Priority),
    due=st.one_of(st.none(), spans),
    order_class=st.sampled_from([ORDINARY, ORDINARY, STARVING]),
    skip=st.dictionaries(st.sampled_from(AGENTS), st.integers(-1, 6), max_size=2),
    also=st.one_of(st.just(()), st.lists(st.sampled_from(QUEUES), max_size=2).map(tuple)),
    sticky_agent=st.one_of(st.none(), st.sampled_from(AGENTS)),
    sticky_until=st.one_of(st.none(), spans),
)


class Distribution(RuleBasedStateMachine):
    """One change after the other, and now and then a `fill`."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    @initialize(desk=st.lists(agents, min_size=2, max_size=4, unique_by=lambda one: one.id))
    def open_the_desk(self, desk: list[AgentFacts]) -> None:
        for one in desk:
            self.model.put_agent(replace(one, active=True, available=True))

    @rule(new=rules)
    def put_queue(self, new: QueueRule) -> None:
        self.model.put_queue(new)

    @rule(new=agents)
    def put_agent(self, new: AgentFacts) -> None:
        self.model.put_agent(new)

    @rule(agent=st.sampled_from(AGENTS))
    def drop_agent(self, agent: AgentId) -> None:
        self.model.drop_agent(agent)

    @rule(several=st.lists(newcomers, min_size=1, max_size=5))
    def arrive(self, several: list[Waiting]) -> None:
        for one in several:
            self.model.arrive(one)

    @precondition(lambda self: self.model.facts.waiting)
    @rule(data=st.data(), priority=st.sampled_from(Priority), queue=st.sampled_from(QUEUES))
    def change(self, data: st.DataObject, priority: Priority, queue: QueueId) -> None:
        one = data.draw(st.sampled_from(list(self.model.facts.waiting.values())))
        self.model.put_waiting(replace(one, priority=priority, queue=queue))

    @precondition(lambda self: self.model.facts.waiting)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        self.model.leave(data.draw(st.sampled_from(sorted(self.model.facts.waiting))))

    @precondition(lambda self: self.model.held)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        self.model.end(data.draw(st.integers(0, len(self.model.held) - 1)))

    @precondition(lambda self: self.model.facts.waiting and self.model.facts.agents)
    @rule(data=st.data())
    def pull(self, data: st.DataObject) -> None:
        conversation = data.draw(st.sampled_from(sorted(self.model.facts.waiting)))
        self.model.pull(conversation, data.draw(st.sampled_from(sorted(self.model.facts.agents))))

    @rule(length=st.integers(1, 8))
    def pass_time(self, length: int) -> None:
        self.model.pass_time(length)

    @rule()
    def fill(self) -> None:
        self.model.fill()

    @invariant()
    def the_promises_hold(self) -> None:
        self.model.check()


TestDistribution = Distribution.TestCase
TestDistribution.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class Day:
    """A long busy day, drawn from a seed: what the machine above seldom builds up to."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.model = Model()
        for number in QUEUES:
            self.rule(number)
        for agent in AGENTS:
            self.model.put_agent(self.agent(agent))

    def step(self) -> None:
        """One thing that happens at a desk, the usual ones most often."""
        chance = self.random.random()
        if chance < 0.40:
            self.model.arrive(self.newcomer())
        elif chance < 0.70 and self.model.held:
            self.model.end(self.random.randrange(len(self.model.held)))
        elif chance < 0.90:
            self.model.pass_time(self.random.randint(1, 4))
        elif chance < 0.95 and self.model.facts.waiting:
            waiting = self.random.choice(list(self.model.facts.waiting.values()))
            self.model.pull(waiting.conversation, self.random.choice(AGENTS))
        elif chance < 0.98:
            self.model.put_agent(self.agent(self.random.choice(AGENTS)))
        else:
            self.rule(self.random.choice(QUEUES))

    def rule(self, number: QueueId) -> None:
        self.model.put_queue(
            QueueRule(
                id=number,
                strategy=self.random.choice([*PUSHING, *PUSHING, Strategy.MANUAL]),
                order=self.random.choice(list(Order)),
                targets={priority: self.random.randint(0, 9) for priority in Priority},
                sticky_wait=self.random.choice([0, 5]),
                escalate_after=self.random.choice([0, 3]),
            )
        )

    def agent(self, number: AgentId) -> AgentFacts:
        return AgentFacts(
            id=number,
            capacity=self.random.randint(1, 3),
            memberships={
                queue: self.random.choice([0, 0, 1, 2])
                for queue in self.random.sample(QUEUES, self.random.randint(1, 3))
            },
            positions={queue: self.random.randint(0, 2) for queue in QUEUES},
            cool_until=self.random.choice([None, None, Instant(3)]),
        )

    def newcomer(self) -> Waiting:
        """Often somebody's, seldom refused, sometimes late."""
        skip = {self.random.choice(AGENTS): Instant(self.random.randint(1, 5))}
        return Waiting(
            conversation=ConversationId(0),
            seq=0,
            queue=self.random.choice(QUEUES),
            since=Instant(self.random.randint(0, 2)),
            priority=self.random.choice(list(Priority)),
            order_class=self.random.choice([ORDINARY] * 9 + [STARVING]),
            skip=self.random.choice([{}, {}, {}, skip]),
            also=self.random.choice([(), (), (), tuple(self.random.sample(QUEUES, 2))]),
            sticky_agent=self.random.choice([None, None, *AGENTS]),
            sticky_until=self.random.choice([None, Instant(4)]),
        )


@pytest.mark.parametrize("seed", range(16))
def test_a_long_busy_day_goes_as_the_rules_say(seed: int) -> None:
    day = Day(seed)

    for _ in range(300):
        day.step()
        if day.random.random() < 0.5:
            day.model.fill()
        day.model.check()

    assert day.model.made > 50
