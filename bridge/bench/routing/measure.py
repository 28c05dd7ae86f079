"""The measurements, each in a process of its own: a hall leaves nothing behind for the next."""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from bridge.bench.figures import Figure, percentile
from bridge.bench.routing.commits import WAITING, Costs, costs
from bridge.bench.routing.doors import taken_per_s
from bridge.bench.routing.hall import day, passing

Told = Callable[[str], None]

_T = TypeVar("_T")

_CROWD = 100_000
_FEW, _MANY = 1_000, 1_000_000
_DESKS = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounds:
    """How often each hall is played, and how much work is done in it."""

    name: str
    rounds: int
    works: int

    @property
    def steps(self) -> int:
        """How many halls there will be."""
        return 3 * self.rounds + 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where desks may be: a folder, and the address of an empty PostgreSQL database."""

    folder: Path
    url: str | None = None


QUICK = Rounds(name="quick", rounds=3, works=20_000)
FULL = Rounds(name="full", rounds=9, works=50_000)


def figures(
    rounds: Rounds, tell: Told, place: Places, *, crowd: int = _CROWD, many: int = _MANY
) -> Mapping[str, Figure]:
    """Measure everything."""
    return {
        **_router(rounds, tell, crowd, many),
        **_committed(rounds, tell, place, crowd),
        **_kept(rounds, tell, place.url),
    }


def _kept(rounds: Rounds, tell: Told, url: str | None) -> Mapping[str, Figure]:
    """What processes that do not lead keep for the one that does."""
    if url is None:
        return {}
    tell("kept at eight doors, taken by one")
    found = [taken_per_s(url, 2 * rounds.works) for _ in range(rounds.rounds)]
    return {"postgres_taken_per_s": Figure.of(found)}


def _committed(rounds: Rounds, tell: Told, place: Places, crowd: int) -> Mapping[str, Figure]:
    """The same with the engine around it and a database under it, SQLite and what else there is."""
    found: dict[str, Figure] = {}
    for name, where in (("sqlite", place.folder), ("postgres", place.url)):
        if where is None:
            continue
        tell(f"ends and refills on {name}")
        taken = [_on(where, rounds, crowd, number) for number in range(1, _DESKS + 1)]
        p99s = [1e3 * percentile(each.singles, 0.99) for each in taken]
        found[f"{name}_decision_p99_ms"] = Figure.of(p99s)
        found[f"{name}_refills_per_s"] = Figure.of([each.per_second for each in taken])
        found[f"{name}_refill_cpu_us"] = Figure.of([each.cpu_us for each in taken])
    return found


def _on(where: Path | str, rounds: Rounds, crowd: int, number: int) -> Costs:
    if isinstance(where, Path):
        where = where / f"desk-{number}"
        where.mkdir()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(costs, where, rounds.works // 10, min(crowd, WAITING)).result()


def _router(rounds: Rounds, tell: Told, crowd: int, many: int) -> Mapping[str, Figure]:
    crowds, ratios = [], []
    for number in range(1, rounds.rounds + 1):
        tell(f"{crowd:,} wait")
        crowds.append(_apart(day, crowd, rounds, number))
        tell(f"{_FEW:,} wait")
        few = _apart(passing, _FEW, rounds, number)
        tell(f"{many:,} wait")
        ratios.append(_apart(passing, many, rounds, number) / few)
    return {
        "arrivals_per_s": Figure.of([1 / fmean(each.arrivals) for each in crowds]),
        "refill_p99_ms": Figure.of([1e3 * percentile(each.refills, 0.99) for each in crowds]),
        "worst_call_ms": Figure.of(
            [1e3 * max(*each.arrivals, *each.refills) for each in crowds],
        ),
        "cost_ratio": Figure.of(ratios),
        "rebuild_s": Figure.of([each.rebuild for each in crowds]),
        "router_mb": Figure.of([each.megabytes for each in crowds]),
    }


def _apart(work: Callable[[int, int, int], _T], waiting: int, rounds: Rounds, seed: int) -> _T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, waiting, rounds.works, seed).result()
