"""Whatever happens at a desk, in whatever order: the promises of distribution hold."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from bridge.domain.conversation import Priority
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, QueueId
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import Order, Strategy
from tests.unit.engine.anything import AGENTS, CUSTOMERS, EVERYBODY, QUEUES, Anything

queues = st.sampled_from(QUEUES)
agents = st.sampled_from(AGENTS)
people = st.sampled_from(EVERYBODY)
numbers = st.integers(1, 8)
times = st.sampled_from([0, SECOND, MINUTE, 3 * MINUTE, HOUR])

changes = st.one_of(
    *(
        st.builds(ChangeQueue, queue=st.just(QueueId(0)), **{name: values})
        for name, values in {
            "strategy": st.sampled_from(Strategy),
            "active": st.sampled_from([True, True, False]),
            "order": st.sampled_from(Order),
            "specialist_first": st.booleans(),
            "first_reply_timeout": times,
            "inactivity_timeout": times,
            "starvation": times,
            "sticky_wait": times,
            "escalate_after": times,
            "max_waiting": st.integers(0, 3),
        }.items()
    )
)


class Desk(RuleBasedStateMachine):
    """One act after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Anything()

    def teardown(self) -> None:
        self.desk.close()

    @rule(
        name=st.sampled_from(CUSTOMERS),
        queue=st.one_of(st.none(), queues, queues, queues),
        priority=st.sampled_from(Priority),
    )
    def customer_writes(self, name: str, queue: str | None, priority: Priority) -> None:
        self.desk.run(self.desk.arrives(name, queue, priority))

    @rule(handle=people, number=numbers)
    def somebody_replies(self, handle: str, number: int) -> None:
        self.desk.run(self.desk.replies(handle, number))

    @rule(handle=people, word=st.sampled_from(["on", "on", "off", "handover"]))
    def somebody_comes_or_goes(self, handle: str, word: str) -> None:
        self.desk.run(self.desk.commands(handle, "available", word))

    @rule(handle=people, number=numbers)
    def somebody_takes(self, handle: str, number: int) -> None:
        self.desk.run(self.desk.commands(handle, "take", f"#{number}"))

    @rule(handle=people, number=numbers, to=st.sampled_from([*QUEUES, *(f"@{a}" for a in AGENTS)]))
    def somebody_transfers(self, handle: str, number: int, to: str) -> None:
        self.desk.run(self.desk.commands(handle, "transfer", f"#{number} {to}"))

    @rule(handle=people, number=numbers, word=st.sampled_from([p.word for p in Priority]))
    def somebody_changes_the_priority(self, handle: str, number: int, word: str) -> None:
        self.desk.run(self.desk.commands(handle, "priority", f"#{number} {word}"))

    @rule(handle=people, number=numbers)
    def somebody_returns_it(self, handle: str, number: int) -> None:
        self.desk.run(self.desk.commands(handle, "return-to-bot", f"#{number}"))

    @precondition(lambda self: self.desk.last is not None)
    @rule()
    def the_platform_delivers_a_command_again(self) -> None:
        before = self.desk.snapshot()
        self.desk.run(self.desk.repeats())
        assert self.desk.snapshot() == before

    @rule(handle=agents, capacity=st.integers(0, 3))
    def an_agent_gets_other_slots(self, handle: str, capacity: int) -> None:
        self.desk.run(self.desk.changes_agent(handle, capacity))

    @rule(handle=agents, queue=queues, level=st.sampled_from([0, 0, 1, 2, None]))
    def an_agent_changes_queues(self, handle: str, queue: str, level: int | None) -> None:
        self.desk.run(self.desk.moves_agent(handle, queue, level))

    @rule(queue=queues, change=changes)
    def a_queue_gets_other_rules(self, queue: str, change: ChangeQueue) -> None:
        self.desk.run(self.desk.changes_queue(queue, change))

    @rule(length=st.sampled_from([SECOND, 20 * SECOND, 3 * MINUTE, HOUR, 25 * HOUR, 40 * DAY]))
    def time_passes(self, length: int) -> None:
        self.desk.run(self.desk.office.later(length))

    @rule()
    def the_process_restarts(self) -> None:
        self.desk.run(self.desk.restarts())

    @invariant()
    def the_promises_hold(self) -> None:
        self.desk.check()


def anything_happens(examples: int) -> None:
    calm = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    walk(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=calm,
        ),
    )


def test_the_promises_hold_over_twenty_thousand_steps() -> None:
    anything_happens(400)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_the_promises_hold_over_two_hundred_thousand_steps() -> None:
    anything_happens(4_000)
