"""Whatever happens at a desk, in whatever order: the promises of distribution hold."""

from collections.abc import Callable
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from bridge.domain.conversation import Priority
from bridge.domain.hours import read_hours
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, QueueId
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import ClosedPolicy, Order, OverflowEnd, Strategy
from tests.unit.engine.anything import AGENTS, CUSTOMERS, QUEUES, Anything

HOURS = [read_hours(words) for words in ("mon-fri 9-17, UTC", "daily closed, UTC", "sun 0-24, UTC")]
TIMES = (0, SECOND, MINUTE, 3 * MINUTE, HOUR)
LENGTHS = (SECOND, SECOND, 20 * SECOND, 3 * MINUTE, 3 * MINUTE, HOUR, 25 * HOUR, 40 * DAY)

chances = st.integers(0, 2**32 - 1).map(Random)
"""What one act is about is drawn evenly, not by what shrinks best."""


def some_rule(chance: Random) -> ChangeQueue:
    """One rule of a queue is another now."""
    time = chance.choice(TIMES)
    return chance.choice(
        (
            ChangeQueue(queue=QueueId(0), strategy=chance.choice(list(Strategy))),
            ChangeQueue(queue=QueueId(0), active=chance.random() < 0.8),
            ChangeQueue(queue=QueueId(0), order=chance.choice(list(Order))),
            ChangeQueue(queue=QueueId(0), specialist_first=chance.random() < 0.5),
            ChangeQueue(queue=QueueId(0), first_reply_timeout=time),
            ChangeQueue(queue=QueueId(0), inactivity_timeout=time),
            ChangeQueue(queue=QueueId(0), starvation=time),
            ChangeQueue(queue=QueueId(0), sticky_wait=time),
            ChangeQueue(queue=QueueId(0), escalate_after=time),
            ChangeQueue(queue=QueueId(0), max_waiting=chance.randint(0, 3)),
            ChangeQueue(queue=QueueId(0), offer_timeout=time),
            ChangeQueue(queue=QueueId(0), max_wait=time),
            ChangeQueue(queue=QueueId(0), overflow_end=chance.choice(list(OverflowEnd))),
            ChangeQueue(queue=QueueId(0), closed_policy=chance.choice(list(ClosedPolicy))),
            ChangeQueue(queue=QueueId(0), hours=chance.choice(HOURS)),
            ChangeQueue(queue=QueueId(0), always_open=True),
            ChangeQueue(queue=QueueId(0), wait_target=time, reply_target=time),
            ChangeQueue(queue=QueueId(0), tell_waiting=time),
        )
    )


class Desk(RuleBasedStateMachine):
    """One act after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Anything()

    def teardown(self) -> None:
        self.desk.close()

    @initialize(chance=chances, changes=st.integers(0, 6))
    def the_desk_has_rules(self, chance: Random, changes: int) -> None:
        for _ in range(changes):
            self.desk.run(self.desk.changes_queue(chance.choice(QUEUES), some_rule(chance)))

    @rule(chance=chances)
    def a_customer_is_handed_over(self, chance: Random) -> None:
        queue, priority = chance.choice(QUEUES), chance.choice(list(Priority))
        self.desk.run(self.desk.arrives(chance.choice(CUSTOMERS), queue, priority))

    @rule(chance=chances)
    def a_customer_writes(self, chance: Random) -> None:
        self.desk.run(self.desk.arrives(chance.choice(CUSTOMERS), None, Priority.NORMAL))

    @rule(chance=chances)
    def a_customer_leaves(self, chance: Random) -> None:
        self.desk.run(self.desk.leaves(chance.choice(CUSTOMERS), blocked=chance.random() < 0.3))

    @rule(chance=chances)
    def somebody_replies(self, chance: Random) -> None:
        about = self.desk.something(chance)
        self.desk.run(self.desk.replies(self.desk.somebody(chance, about), about))

    @rule(chance=chances)
    def somebody_comes_or_goes(self, chance: Random) -> None:
        word = chance.choice(("on", "on", "on", "off", "handover"))
        self.desk.run(self.desk.commands(self.desk.somebody(chance), "available", word))

    @rule(chance=chances)
    def somebody_takes(self, chance: Random) -> None:
        self._on_something(chance, "take")

    @rule(chance=chances)
    def somebody_declines(self, chance: Random) -> None:
        self._on_something(chance, "decline")

    @rule(chance=chances)
    def somebody_transfers(self, chance: Random) -> None:
        to = chance.choice((*QUEUES, *(f"@{agent}" for agent in AGENTS)))
        self._on_something(chance, "transfer", to)

    @rule(chance=chances)
    def somebody_changes_the_priority(self, chance: Random) -> None:
        self._on_something(chance, "priority", chance.choice(list(Priority)).word)

    @rule(chance=chances)
    def somebody_returns_it(self, chance: Random) -> None:
        self._on_something(chance, "return-to-bot")

    def _on_something(self, chance: Random, command: str, words: str = "") -> None:
        about = self.desk.something(chance)
        who = self.desk.somebody(chance, about)
        self.desk.run(self.desk.commands(who, command, f"#{about} {words}".strip()))

    @precondition(lambda self: self.desk.last is not None)
    @rule()
    def the_platform_delivers_a_command_again(self) -> None:
        before = self.desk.snapshot()
        self.desk.run(self.desk.repeats())
        assert self.desk.snapshot() == before

    @rule(chance=chances)
    def an_agent_gets_other_slots(self, chance: Random) -> None:
        self.desk.run(self.desk.changes_agent(chance.choice(AGENTS), chance.randint(0, 3)))

    @rule(chance=chances)
    def an_agent_changes_queues(self, chance: Random) -> None:
        level = chance.choice((0, 0, 0, 1, 2, None))
        agent, queue = chance.choice(AGENTS), chance.choice(QUEUES)
        self.desk.run(self.desk.moves_agent(agent, queue, level))

    @rule(chance=chances)
    def a_queue_gets_another_rule(self, chance: Random) -> None:
        self.desk.run(self.desk.changes_queue(chance.choice(QUEUES), some_rule(chance)))

    @rule(chance=chances)
    def a_queue_overflows_into_others(self, chance: Random) -> None:
        others = chance.sample(QUEUES, chance.randint(0, 3))
        self.desk.run(self.desk.overflows(chance.choice(QUEUES), others))

    @rule(chance=chances)
    def time_passes(self, chance: Random) -> None:
        self.desk.run(self.desk.office.later(chance.choice(LENGTHS)))

    @rule()
    def the_process_restarts(self) -> None:
        self.desk.run(self.desk.restarts())

    @invariant()
    def the_promises_hold(self) -> None:
        self.desk.check()


BUSY_DAY: dict[Callable[[Desk, Random], None], int] = {
    Desk.a_customer_is_handed_over: 30,
    Desk.a_customer_writes: 5,
    Desk.a_customer_leaves: 3,
    Desk.somebody_replies: 15,
    Desk.somebody_comes_or_goes: 10,
    Desk.somebody_takes: 8,
    Desk.somebody_declines: 5,
    Desk.somebody_transfers: 8,
    Desk.somebody_changes_the_priority: 4,
    Desk.somebody_returns_it: 20,
    Desk.an_agent_gets_other_slots: 2,
    Desk.an_agent_changes_queues: 2,
    Desk.a_queue_gets_another_rule: 4,
    Desk.a_queue_overflows_into_others: 2,
    Desk.time_passes: 15,
    lambda desk, _: desk.the_process_restarts(): 1,
}
"""What happens how often on a day when the desk is never empty."""


def a_busy_day(seed: int, steps: int) -> None:
    """What the machine above seldom builds up to: long, and always something under way."""
    chance, desk = Random(seed), Desk()
    acts, weights = list(BUSY_DAY), list(BUSY_DAY.values())
    try:
        for _ in range(6):
            desk.a_queue_gets_another_rule(Random(chance.random()))
        for _ in range(steps):
            (act,) = chance.choices(acts, weights)
            act(desk, Random(chance.random()))
            desk.desk.check()
    finally:
        desk.teardown()


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


def test_the_promises_hold_over_ten_thousand_steps_in_any_order() -> None:
    anything_happens(240)


@pytest.mark.parametrize("seed", range(25))
def test_the_promises_hold_over_a_busy_day(seed: int) -> None:
    a_busy_day(seed, 400)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_the_promises_hold_over_a_hundred_thousand_steps_in_any_order() -> None:
    anything_happens(2_400)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_the_promises_hold_over_a_long_day(seed: int) -> None:
    a_busy_day(seed, 1_000)
