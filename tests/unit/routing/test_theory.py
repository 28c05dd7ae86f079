"""The shipping router against the closed forms of queueing theory."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import pytest

from bridge.routing.facts import QueueRule
from tests.unit.routing.desk import SALES, UNIT, Desk, Served, arrivals, handles, team


@dataclass(frozen=True, kw_only=True)
class Row:
    """Customers per mean handle time, the agents' capacities, and a wait that is still good."""

    name: str
    rate: float
    capacities: tuple[int, ...]
    good: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Mean wait in handle times; who waits at all; who waits no longer than is good; load."""

    wait: float
    delayed: float
    in_time: float
    load: float


A06 = Row(name="A06", rate=1, capacities=(3,), good=0.5)
A07 = Row(name="A07", rate=2, capacities=(1, 2), good=0.5)
A08 = Row(name="A08", rate=8, capacities=(2, 2, 2, 2, 2), good=0.25)
A09 = Row(name="A09", rate=16, capacities=(5, 5, 5, 5), good=0.25)
B01 = Row(name="B01", rate=10, capacities=(3, 3, 3, 3), good=0.25)
B03 = Row(name="B03", rate=8, capacities=(1, 2, 3, 4), good=0.25)


def erlang_c(row: Row) -> Figures:
    """M/M/c, first come first served, whoever serves."""
    slots = sum(row.capacities)
    blocked = 1.0
    for number in range(1, slots + 1):
        blocked = row.rate * blocked / (number + row.rate * blocked)
    load = row.rate / slots
    delayed = blocked / (1 - load * (1 - blocked))
    spare = slots - row.rate
    return Figures(
        wait=delayed / spare,
        delayed=delayed,
        in_time=1 - delayed * math.exp(-spare * row.good),
        load=load,
    )


def observed(row: Row, count: int, seed: int) -> Figures:
    """The same figures from one day at the desk, without its first tenth."""
    desk = Desk([QueueRule(id=SALES)], team(*row.capacities), handles(seed + 500))
    served = desk.serve(arrivals(row.rate, count, seed))[count // 10 :]
    return Figures(
        wait=fmean(one.waited for one in served) / UNIT,
        delayed=fmean(one.waited > 0 for one in served),
        in_time=fmean(one.waited <= row.good * UNIT for one in served),
        load=_load(served, sum(row.capacities)),
    )


def _load(served: Sequence[Served], slots: int) -> float:
    worked = sum(one.ended - one.began for one in served)
    return worked / (served[-1].began - served[0].began) / slots


def agree(row: Row, days: int, count: int) -> None:
    """Every figure is within 5 % of theory, or within 4.5 standard errors of the days' mean."""
    expected = erlang_c(row)
    each = [observed(row, count, seed) for seed in range(days)]
    for figure in Figures.__dataclass_fields__:
        values, theory = [getattr(one, figure) for one in each], getattr(expected, figure)
        allowed = max(0.05 * theory, 4.5 * stdev(values) / math.sqrt(days))
        assert abs(fmean(values) - theory) <= allowed, (row.name, figure, fmean(values), theory)


def test_the_closed_form_gives_the_known_figures() -> None:
    known = {"A06": 0.0455, "A07": 0.4444, "A08": 0.2046, "A09": 0.0640, "B01": 0.2247}

    waits = {row.name: round(erlang_c(row).wait, 4) for row in (A06, A07, A08, A09, B01)}

    assert waits == known


@pytest.mark.parametrize("row", [A06, A07, A08], ids=lambda row: row.name)
def test_the_desk_waits_as_theory_says(row: Row) -> None:
    agree(row, days=8, count=3_000)
