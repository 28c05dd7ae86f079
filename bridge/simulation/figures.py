"""The figures of a scenario over all its days."""

import math
from collections.abc import Sequence
from functools import reduce
from operator import add
from statistics import fmean, stdev

from msgspec.structs import asdict

from bridge.domain.value import Value
from bridge.simulation.scenario import Scenario
from bridge.simulation.tally import Counts, Played


class Figures(Value):
    """Waits in the scenario's unit; `delayed`, `within_threshold` and `lost` are shares of
    `offered`.

    `mean_wait` is over everybody admitted (served, left or overflowed), `mean_wait_served` over
    those served; `mean_wait_se` is the standard error of the first. None: there was nobody, or
    only one day.
    """

    mean_wait: float | None
    mean_wait_se: float | None
    mean_wait_served: float | None
    delayed: float | None
    within_threshold: float | None
    lost: float | None
    served: int
    offered: int


class ArrivalFigures(Figures):
    """Of one kind of customers."""

    queue: str
    priority: str


class AllFigures(Figures):
    """Of everybody; `utilisation` is the share of all slots that was at work."""

    utilisation: float | None


class AgentFigures(Value):
    """Of one agent; `index` counts them from 0, as the scenario lists them."""

    index: int
    utilisation: float


class Outcome(Value):
    """What would happen."""

    arrivals: tuple[ArrivalFigures, ...]
    agents: tuple[AgentFigures, ...]
    all: AllFigures


def outcome(scenario: Scenario, days: Sequence[Played]) -> Outcome:
    """The days of a scenario as figures."""
    capacities = [spec.capacity for spec in scenario.agents for _ in range(spec.count)]
    worked = [fmean(day.worked[at] for day in days) for at in range(len(capacities))]
    slots = sum(capacities)
    load = sum(share * capacity for share, capacity in zip(worked, capacities, strict=True))
    return Outcome(
        arrivals=tuple(
            ArrivalFigures(
                queue=kind.queue,
                priority=kind.priority,
                **asdict(_figures([day.kinds[at] for day in days])),
            )
            for at, kind in enumerate(scenario.arrivals)
        ),
        agents=tuple(
            AgentFigures(index=index, utilisation=share) for index, share in enumerate(worked)
        ),
        all=AllFigures(
            utilisation=load / slots if slots else None,
            **asdict(_figures([reduce(add, day.kinds) for day in days])),
        ),
    )


def _figures(days: Sequence[Counts]) -> Figures:
    total = reduce(add, days)
    means = [mean for day in days if (mean := day.mean_wait) is not None]
    return Figures(
        mean_wait=total.mean_wait,
        mean_wait_se=stdev(means) / math.sqrt(len(means)) if len(means) > 1 else None,
        mean_wait_served=_share(total.waited_served, total.served),
        delayed=_share(total.delayed, total.offered),
        within_threshold=_share(total.in_time, total.offered),
        lost=_share(total.turned_away + total.left, total.offered),
        served=total.served,
        offered=total.offered,
    )


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
