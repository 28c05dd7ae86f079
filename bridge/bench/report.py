"""The report: a table for people, JSON for machines."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from bridge.bench.figures import Figure
from bridge.bench.goals import DISK, Aims, Baseline, Goal, Verdict

Figures = Mapping[str, Figure]

_MARKS = {Verdict.MET: "[green]met[/]", Verdict.MISSED: "[red]missed[/]", Verdict.SHOWN: ""}


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What a run has measured; `notes` have to be known about it."""

    figures: Figures
    profile: str
    notes: tuple[str, ...] = ()


def as_json(taken: Taken, aims: Aims, *, seconds: float) -> str:
    """One object: every figure by its key, then how the run went."""
    figures, failed = taken.figures, aims.missed(taken.figures)
    return msgspec.json.encode(
        {key: _rounded(figure.value) for key, figure in figures.items()}
        | {
            "spread": {
                key: [_rounded(figure.low), _rounded(figure.high)]
                for key, figure in figures.items()
            },
            "missed": failed,
            "ok": not failed,
            "profile": taken.profile,
            "seconds": round(seconds, 1),
            "notes": taken.notes,
        }
    ).decode()


def show(console: Console, taken: Taken, aims: Aims, *, seconds: float) -> None:
    """A line for every goal and baseline, then whatever has to be known about the run."""
    figures = taken.figures
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("", "goal"):
        table.add_column(heading, no_wrap=True)
    on_disk = any(goal.key + DISK in figures for goal in aims.goals)
    for heading in ("measured", "lowest – highest", *(["real disk"] if on_disk else []), ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for goal in aims.goals:
        figure = figures[goal.key]
        disk = figures.get(goal.key + DISK)
        shown = "" if disk is None else f"{say(disk.value)} {goal.unit}".rstrip()
        table.add_row(
            goal.title,
            _limit(goal, aims.baseline(goal.key)),
            f"{say(figure.value)} {goal.unit}".rstrip(),
            f"{say(figure.low)} – {say(figure.high)}",
            *([shown] if on_disk else []),
            _MARKS[_verdict(goal, aims.baseline(goal.key), figures)],
        )
    console.print(table)
    failed = aims.missed(figures)
    for line in taken.notes:
        console.print(line)
    verdict = f"missed: {', '.join(failed)}" if failed else "every goal was met"
    console.print(f"{seconds:.0f} seconds; {verdict}", highlight=False)


def _verdict(goal: Goal, baseline: Baseline | None, figures: Figures) -> Verdict:
    if baseline is not None and not baseline.sound(figures):
        return Verdict.MISSED
    return goal.judge(figures[goal.key]) if baseline is None else Verdict.MET


def _limit(goal: Goal, baseline: Baseline | None) -> str:
    if baseline is not None:
        high = "" if baseline.high == float("inf") else f"–{baseline.high:g}"
        return f"{baseline.low:g}{high or ' or more'} × bare"
    return "" if goal.side is None else f"{goal.side.value} {goal.limit:g} {goal.unit}".rstrip()


def say(value: float) -> str:
    """A figure with as many digits as it is worth."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _rounded(value: float) -> float:
    """Four digits: more would be noise."""
    return float(f"{value:.4g}")
