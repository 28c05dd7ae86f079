"""The full profile of queueing theory, by hand: `python -m tests.theory [ROW ...]`.

Each row is played 16 times with 250,000 customers, on one core, and compared with closed forms. A
row that is out is played once more, four times as long and with other customers; then it is wrong.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from operator import mul
from statistics import fmean, stdev

from bridge.simulation.play import play_day
from bridge.simulation.tally import Counts, Played
from tests.unit.simulation.formulas import Known
from tests.unit.simulation.rows import ROWS
from tests.unit.simulation.scenarios import scenario

_NEAR, _SURE = 0.03, 4.0
"""A figure agrees within so large a part of it, or within so many standard errors."""
_AGAIN = 1_000_003


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One figure: what theory says, what was seen, and the standard error of that."""

    name: str
    theory: float
    seen: float
    error: float

    @property
    def part(self) -> float:
        """How far it is off, as a part of it."""
        return abs(self.seen - self.theory) / self.theory

    @property
    def errors(self) -> float:
        """How far it is off, in standard errors."""
        return abs(self.seen - self.theory) / self.error

    @property
    def agrees(self) -> bool:
        """Whether that may be chance."""
        return self.part <= _NEAR or self.errors <= _SURE


def compare(known: Known, days: list[Played], slots: list[int]) -> Iterator[Compared]:
    """Every figure of a row that is not nought by its nature; `slots` are each agent's."""
    for kind in range(len(known.mean_wait)):
        for name in ("mean_wait", "delayed", "within_threshold", "lost"):
            theory = getattr(known, name)[kind]
            seen = [_figure(name, day.kinds[kind]) for day in days]
            if theory:
                yield _compared(f"{name}[{kind}]", theory, seen)
    yield _compared("utilisation", known.utilisation, [_load(day, slots) for day in days])


def _compared(name: str, theory: float, seen: list[float]) -> Compared:
    error = stdev(seen) / math.sqrt(len(seen))
    return Compared(name=name, theory=theory, seen=fmean(seen), error=error)


def _figure(name: str, counts: Counts) -> float:
    part = {
        "mean_wait": counts.mean_wait or 0.0,
        "delayed": counts.delayed / counts.offered,
        "within_threshold": counts.in_time / counts.offered,
        "lost": (counts.turned_away + counts.left) / counts.offered,
    }
    return part[name]


def _load(day: Played, slots: list[int]) -> float:
    """The share of all slots that was at work, from each agent's share of his own."""
    return math.fsum(map(mul, day.worked, slots)) / sum(slots)


def play(name: str, days: int, customers: int, seed: int) -> list[Compared]:
    """Play one row and compare it."""
    played = scenario(
        **{**ROWS[name].played, "seed": seed, "replications": days, "conversations": customers}
    )
    slots = [spec.capacity for spec in played.agents for _ in range(spec.count)]
    return list(compare(ROWS[name].known, [play_day(played, n) for n in range(days)], slots))


def main(names: list[str], days: int, customers: int, seed: int) -> int:
    """Print a table, a line as soon as its row is done; 1 when a row is wrong."""
    began, wrong = time.monotonic(), []
    _say("| row | figures | farthest off | in standard errors | |")
    _say("| --- | --- | --- | --- | --- |")
    for name in names:
        found = play(name, days, customers, seed)
        again = not all(each.agrees for each in found)
        if again:
            found = play(name, days, 4 * customers, seed + _AGAIN)
        agrees = all(each.agrees for each in found)
        wrong += [] if agrees else [name]
        verdict = ("agrees" if agrees else "**wrong**") + (" the second time" if again else "")
        _say(_line(name, found, verdict))
    minutes = (time.monotonic() - began) / 60
    _say(f"\n{days} x {customers:,} customers a row, seed {seed}, {minutes:.0f} minutes.")
    return int(bool(wrong))


def _line(name: str, found: list[Compared], verdict: str) -> str:
    part = max(found, key=lambda each: each.part)
    errors = max(found, key=lambda each: each.errors)
    return (
        f"| {name} | {len(found)} | {part.part:.2%} (`{part.name}`) "
        f"| {errors.errors:.1f} (`{errors.name}`) | {verdict} |"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--days", type=int, default=16)
    parser.add_argument("--customers", type=int, default=250_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(main(asked.rows or list(ROWS), asked.days, asked.customers, asked.seed))
