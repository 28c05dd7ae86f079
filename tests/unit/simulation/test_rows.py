"""Scenarios whose figures queueing theory knows: closed forms, computed outside this code.

Erlang B and C, Cobham's priorities, Erlang A (Palm), constant patience (Baccelli and Hébuterne),
and a design of two classes that all agents serve. The names are those of the rows in the design.
"""

from collections.abc import Sequence

import pytest
from msgspec.structs import asdict

from bridge.simulation.figures import Figures
from bridge.simulation.play import simulate
from tests.unit.simulation.scenarios import Json, arrival, scenario

Row = tuple[Json, Json]
"""What is played, and the known figures: one for each kind of customer, or one for all agents."""

LEAVES = {"law": "exponential", "mean": 1.0}


def team(*capacities: int) -> Json:
    """Agents of one queue."""
    return {"agents": [{"capacity": each, "queues": {"A": 0}} for each in capacities]}


def erlang_c(rate: float, slots: Sequence[int], good: float, **known: float) -> Row:
    """One queue, first come first served."""
    return {"arrivals": [arrival(rate)], "threshold": good, **team(*slots)}, _listed(known)


def _listed(known: dict[str, float]) -> Json:
    return {key: [value] for key, value in known.items()}


ROWS: dict[str, Row] = {
    "A06": erlang_c(1, [3], 0.5, mean_wait=0.0455, delayed=0.0909, within_threshold=0.9666,
                    utilisation=0.3333),
    "A07": erlang_c(2, [3], 0.5, mean_wait=0.4444, delayed=0.4444, within_threshold=0.7304,
                    utilisation=0.6667),
    "A08": erlang_c(8, [10], 0.25, mean_wait=0.2046, delayed=0.4092, within_threshold=0.7518,
                    utilisation=0.8),
    "A09": erlang_c(16, [20], 0.25, mean_wait=0.0640, delayed=0.2561, within_threshold=0.9058,
                    utilisation=0.8),
    "B01": erlang_c(10, [3] * 4, 0.25, mean_wait=0.2247, delayed=0.4494, within_threshold=0.7274,
                    utilisation=0.8333),
    "B03": erlang_c(8, [1, 2, 3, 4], 0.25, mean_wait=0.2046, delayed=0.4092,
                    within_threshold=0.7518, utilisation=0.8),
    "C01": ({"arrivals": [arrival(0.3, priority="high"), arrival(0.5)], "threshold": 1.0,
             **team(1)},
            {"mean_wait": [1.1429, 5.7143], "delayed": [0.8, 0.8],
             "within_threshold": [0.6027, 0.3306], "utilisation": [0.8]}),
    "C03": ({"arrivals": [arrival(1, priority="high"), arrival(0.6)], "threshold": 0.5,
             **team(1, 1)},
            {"mean_wait": [0.7111, 3.5556], "delayed": [0.7111, 0.7111],
             "within_threshold": [0.5687, 0.3973], "utilisation": [0.8]}),
    "E02": ({"arrivals": [arrival(4.5, patience=LEAVES)], **team(*[1] * 5)},
            {"mean_wait": [0.1378], "delayed": [0.4679], "within_threshold": [0.7033],
             "lost": [0.1378], "utilisation": [0.7760]}),
    "F01": ({"arrivals": [arrival(4.5)], "queues": [{"name": "A", "max_wait": 0.5}],
             **team(*[1] * 5)},
            {"mean_wait": [0.1506], "delayed": [0.4898], "within_threshold": [0.7026],
             "lost": [0.1276], "utilisation": [0.7852]}),
    "G01": ({"arrivals": [arrival(8)], "queues": [{"name": "A", "max_waiting": 0}], **team(10)},
            {"lost": [0.1217], "utilisation": [0.7027]}),
    "I05": ({"queues": [{"name": "A"}, {"name": "B"}],
             "arrivals": [arrival(1.3, "A"), arrival(0.9, "B")],
             "agents": [{"count": 3, "queues": {"A": 0, "B": 0}}]},
            {"mean_wait": [0.6777, 0.6777], "delayed": [0.5422, 0.5422], "utilisation": [0.733]}),
}  # fmt: skip

BUSY = frozenset({"B01", "C01", "C03"})
"""Short days say little of a desk that is nearly full, or of those who always come last."""


def agree(name: str, days: int, customers: int) -> None:
    """Every figure is within 5 % of theory, or within 4.5 standard errors."""
    played, known = ROWS[name]

    found = simulate(scenario(**{**played, "replications": days, "conversations": customers}))

    assert found.all.utilisation == pytest.approx(known["utilisation"][0], rel=0.05)
    for key, values in known.items():
        for row, value in zip(found.arrivals, values, strict=False):
            if key != "utilisation":
                assert is_near(row, key, value), (name, key, asdict(row))


def is_near(row: Figures, key: str, value: float) -> bool:
    """The error of a share is no more than that of the wait, of which the share is a part."""
    found = float(asdict(row)[key])
    relative = (row.mean_wait_se or 0.0) / (row.mean_wait or 1.0)
    return abs(found - value) <= max(0.05, 4.5 * relative) * value


@pytest.mark.parametrize("name", sorted(ROWS.keys() - BUSY))
def test_short_days_are_as_theory_says(name: str) -> None:
    agree(name, days=8, customers=5_000)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(ROWS))
def test_long_days_are_as_theory_says(name: str) -> None:
    agree(name, days=8, customers=50_000)
