"""The desk's clock: it never goes back, and follows the machine's only slowly."""

from dataclasses import dataclass, field

import pytest

from bridge.ports.clock import SystemClock

SECOND = 1_000_000_000
BEGAN = 1_800_000_000 * SECOND


@dataclass
class Machine:
    """A machine whose wall clock can be set."""

    up: int = 7 * SECOND
    wall_at_boot: int = BEGAN
    alarms: list[int] = field(default_factory=list)

    def clock(self) -> SystemClock:
        return SystemClock(self.alarms.append, wall=self.wall, steady=lambda: self.up)

    def wall(self) -> int:
        return self.wall_at_boot + self.up

    def passes(self, seconds: float) -> None:
        self.up += int(seconds * SECOND)

    def is_set(self, seconds: float) -> None:
        self.wall_at_boot += int(seconds * SECOND)


def gone(clock: SystemClock, machine: Machine, seconds: int) -> int:
    """What the clock makes of so many seconds, looked at every tenth of one, in milliseconds."""
    before = clock.now()
    for _ in range(seconds * 10):
        machine.passes(0.1)
        clock.now()
    return clock.now() - before


def test_it_begins_with_the_machines_time() -> None:
    machine = Machine()

    assert machine.clock().now() == machine.wall() // 1_000_000


@pytest.mark.parametrize(("step", "made"), [(3_600, 10_500), (-3_600, 9_500)])
def test_a_step_is_followed_by_a_twentieth_at_most(step: int, made: int) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.is_set(step)

    assert gone(clock, machine, 10) == pytest.approx(made, abs=60)


def test_a_small_step_is_made_up_for_and_no_more() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.is_set(0.2)

    gone(clock, machine, 30)

    assert clock.now() == machine.wall() // 1_000_000
    assert machine.alarms == []


def test_it_never_goes_back() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.is_set(-1_000)
    told = []

    for _ in range(10_000):
        machine.passes(0.003)
        told.append(clock.now())

    assert told == sorted(told)


def test_more_than_a_minute_is_told_once_for_each_step() -> None:
    machine = Machine()
    clock = machine.clock()
    for step in (59, 3_600):
        machine.is_set(step)
        gone(clock, machine, 5)

    (told,) = machine.alarms
    assert told == pytest.approx(3_659_000, abs=1_000)

    machine.is_set(-3_650)
    gone(clock, machine, 5)
    machine.is_set(-100)
    gone(clock, machine, 5)

    assert len(machine.alarms) == 2
