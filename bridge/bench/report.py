"""The report: a table for people, JSON for machines."""

from collections.abc import Mapping

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from bridge.bench.figures import Figure
from bridge.bench.goals import BASELINES, DISK, GOALS, Baseline, Goal, Verdict, missed

Figures = Mapping[str, Figure]

_MARKS = {Verdict.MET: "[green]met[/]", Verdict.MISSED: "[red]missed[/]", Verdict.SHOWN: ""}


def as_json(figures: Figures, *, profile: str, seconds: float, notes: list[str]) -> str:
    """One object: every figure by its key, then how the run went."""
    failed = missed(figures)
    return msgspec.json.encode(
        {key: _rounded(figure.value) for key, figure in figures.items()}
        | {
            "spread": {
                key: [_rounded(figure.low), _rounded(figure.high)]
                for key, figure in figures.items()
            },
            "missed": failed,
            "ok": not failed,
            "profile": profile,
            "seconds": round(seconds, 1),
            "notes": notes,
        }
    ).decode()


def show(console: Console, figures: Figures, *, seconds: float, notes: list[str]) -> None:
    """A line for every goal and baseline, then whatever has to be known about the run."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "goal"):
        table.add_column(heading, no_wrap=True)
    for heading in ("measured", "lowest – highest", "real disk", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for goal in GOALS:
        figure = figures[goal.key]
        disk = figures.get(goal.key + DISK)
        table.add_row(
            goal.title,
            _limit(goal),
            f"{say(figure.value)} {goal.unit}".rstrip(),
            f"{say(figure.low)} – {say(figure.high)}",
            "" if disk is None else f"{say(disk.value)} {goal.unit}".rstrip(),
            _MARKS[_verdict(goal, figures)],
        )
    console.print(table)
    failed = missed(figures)
    for line in notes:
        console.print(line)
    verdict = f"missed: {', '.join(failed)}" if failed else "every goal was met"
    console.print(f"{seconds:.0f} seconds; {verdict}", highlight=False)


def _verdict(goal: Goal, figures: Figures) -> Verdict:
    baseline = _baseline(goal.key)
    if baseline is not None and not baseline.sound(figures):
        return Verdict.MISSED
    return goal.judge(figures[goal.key]) if baseline is None else Verdict.MET


def _limit(goal: Goal) -> str:
    baseline = _baseline(goal.key)
    if baseline is not None:
        high = "" if baseline.high == float("inf") else f"–{baseline.high:g}"
        return f"{baseline.low:g}{high or ' or more'} × bare"
    return "" if goal.side is None else f"{goal.side.value} {goal.limit:g} {goal.unit}".rstrip()


def _baseline(key: str) -> Baseline | None:
    return next((each for each in BASELINES if each.key == key), None)


def say(value: float) -> str:
    """A figure with as many digits as it is worth."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _rounded(value: float) -> float:
    """Four digits: more would be noise."""
    return float(f"{value:.4g}")
