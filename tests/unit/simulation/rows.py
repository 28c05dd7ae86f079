"""The rows of the design whose figures queueing theory knows: what is played, and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.unit.simulation import formulas
from tests.unit.simulation.formulas import Known
from tests.unit.simulation.scenarios import Json, arrival


@dataclass(frozen=True, kw_only=True)
class Row:
    """A scenario, and what is known of it: one figure for each kind of customer."""

    played: Json
    known: Known


def _team(*capacities: int) -> Json:
    """Agents of one queue."""
    return {"agents": [{"capacity": each, "queues": {"A": 0}} for each in capacities]}


def _patient(rate: float, capacities: Sequence[int], good: float) -> Row:
    """One queue, first come first served."""
    return Row(
        played={"arrivals": [arrival(rate)], "threshold": good, **_team(*capacities)},
        known=formulas.patient(rate, sum(capacities), good),
    )


def _priorities(first: float, second: float, slots: int, good: float) -> Row:
    """The first before the second."""
    kinds = [arrival(first, priority="high"), arrival(second)]
    return Row(
        played={"arrivals": kinds, "threshold": good, **_team(*[1] * slots)},
        known=formulas.two_priorities(first, second, slots, good),
    )


_LEAVES = {"law": "exponential", "mean": 1.0}

ROWS: dict[str, Row] = {
    "A06": _patient(1, [3], 0.5),
    "A07": _patient(2, [3], 0.5),
    "A08": _patient(8, [10], 0.25),
    "A09": _patient(16, [20], 0.25),
    "B01": _patient(10, [3] * 4, 0.25),
    "B02": _patient(36, [4] * 10, 0.1),
    "B03": _patient(8, [1, 2, 3, 4], 0.25),
    "C01": _priorities(0.3, 0.5, 1, 1.0),
    "C03": _priorities(1, 0.6, 2, 0.5),
    "E02": Row(
        played={"arrivals": [arrival(4.5, patience=_LEAVES)], **_team(*[1] * 5)},
        known=formulas.leaving_at_random(4.5, 5, 0.25),
    ),
    "F01": Row(
        played={
            "arrivals": [arrival(4.5)],
            "queues": [{"name": "A", "max_wait": 0.5}],
            **_team(*[1] * 5),
        },
        known=formulas.leaving_at(4.5, 5, 0.25, limit=0.5),
    ),
    "G01": Row(
        played={
            "arrivals": [arrival(8)],
            "queues": [{"name": "A", "max_waiting": 0}],
            **_team(10),
        },
        known=formulas.no_room(8, 10),
    ),
    "I05": Row(
        played={
            "queues": [{"name": "A"}, {"name": "B"}],
            "arrivals": [arrival(1.3, "A"), arrival(0.9, "B")],
            "agents": [{"count": 3, "queues": {"A": 0, "B": 0}}],
        },
        known=formulas.patient(2.2, 3, 0.25, kinds=2),
    ),
}
"""By the names of the design; handle times are 1 on average, and exponential."""

BUSY = frozenset({"B01", "B02", "C01", "C03"})
"""Short days say little of a desk that is nearly full, or of those who always come last."""
