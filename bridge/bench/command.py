"""The command `deskbridge bench`: a progress bar while it measures, then the report."""

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bridge.bench import report
from bridge.bench.disk import Disk, folders, has_memory
from bridge.bench.goals import DISCORD, SLACK, Aims, desk, history, routing, soak
from bridge.bench.profile import FULL, QUICK
from bridge.bench.report import Taken
from bridge.bench.run import Run
from bridge.bench.span import Span

_NO_MEMORY = (
    "There is no /dev/shm here: the databases of the first column are on the real disk, and the "
    "millisecond comes on top of its own syncs."
)


_Measure = Callable[[Mapping[Disk, Path], Progress, bool], Taken]


def bench(
    *, full: bool, as_json: bool, part: str, database_url: str | None, span: Span | None = None
) -> int:
    """Measure and report; 0 when every goal was met. Raises `BenchFailed`.

    With a `span` it is the past that is measured, as long as that says and where it says.
    """
    measure, aims = _part(part, database_url) if span is None else _past(span, database_url)
    start = time.perf_counter()
    with folders(None if span is None else span.folder) as where, _progress() as bar:
        taken = measure(where, bar, full)
    seconds = time.perf_counter() - start
    if as_json:
        print(report.as_json(taken, aims, seconds=seconds))
    else:
        report.show(Console(), taken, aims, seconds=seconds)
    return 1 if aims.missed(taken.figures) else 0


def _desk(where: Mapping[Disk, Path], bar: Progress, full: bool, url: str | None) -> Taken:
    profile = FULL if full else QUICK
    run = Run(
        profile=profile, folders=where, tell=_teller(bar, profile.steps), database_url=url or ""
    )
    notes = () if has_memory() else (_NO_MEMORY,)
    return Taken(figures=uvloop.run(run.figures()), profile=profile.name, notes=notes)


def _slack(where: Mapping[Disk, Path], bar: Progress, full: bool) -> Taken:
    from bridge.bench.slack import measure

    lengths = measure.FULL if full else measure.QUICK
    run = measure.Measured(
        lengths=lengths, folder=where[Disk.REAL], tell=_teller(bar, measure.STEPS)
    )
    return Taken(figures=uvloop.run(run.figures()), profile=lengths.name)


def _discord(where: Mapping[Disk, Path], bar: Progress, full: bool) -> Taken:
    from bridge.bench.discord import measure

    lengths = measure.FULL if full else measure.QUICK
    run = measure.Measured(
        lengths=lengths, folder=where[Disk.REAL], tell=_teller(bar, measure.STEPS)
    )
    return Taken(figures=uvloop.run(run.figures()), profile=lengths.name)


def _routing(where: Mapping[Disk, Path], bar: Progress, full: bool, url: str | None) -> Taken:
    from bridge.bench.routing import measure

    rounds = measure.FULL if full else measure.QUICK
    places = measure.Places(folder=where[Disk.EVEN], url=url)
    found = measure.figures(rounds, _teller(bar, rounds.steps), places)
    return Taken(figures=found, profile=rounds.name)


def _soak(where: Mapping[Disk, Path], bar: Progress, full: bool, url: str | None) -> Taken:
    from bridge.bench.soak import FULL, QUICK, Soak

    lengths = FULL if full else QUICK
    tell = _teller(bar, lengths.steps + 2 * (url is not None))
    run = Soak(lengths=lengths, folder=where[Disk.REAL], tell=tell, database_url=url or "")
    return Taken(figures=uvloop.run(run.figures()), profile=lengths.name)


def _past(span: Span, url: str | None) -> tuple[_Measure, Aims]:
    from bridge.bench.history import measure
    from bridge.bench.history.room import announce

    def take(where: Mapping[Disk, Path], bar: Progress, full: bool) -> Taken:
        bar.console.print(announce(span, where[Disk.REAL]), highlight=False)
        rounds = measure.FULL if full else measure.QUICK
        run = measure.Histories(
            span=span, rounds=rounds, folder=where[Disk.REAL], database_url=url or ""
        )
        figures = uvloop.run(run.figures(_teller(bar, run.steps)))
        return Taken(figures=figures, profile=rounds.name)

    return take, history(postgres=url is not None)


def _part(name: str, database_url: str | None) -> tuple[_Measure, Aims]:
    if name == "routing":
        return partial(_routing, url=database_url), routing(postgres=database_url is not None)
    if name == "soak":
        return partial(_soak, url=database_url), soak(postgres=database_url is not None)
    if not name:
        return partial(_desk, url=database_url), desk(postgres=database_url is not None)
    return _PARTS[name]


_PARTS: Mapping[str, tuple[_Measure, Aims]] = {
    "slack": (_slack, SLACK),
    "discord": (_discord, DISCORD),
}


def _teller(bar: Progress, steps: int) -> Callable[[str], None]:
    shown = bar.add_task("", total=steps, completed=-1)

    def tell(what: str) -> None:
        bar.update(shown, advance=1, description=what, refresh=True)

    return tell


def _progress() -> Progress:
    """Drawn only between steps: a bar that moves by itself would disturb what is measured."""
    console = Console(file=sys.stderr)
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(
        *columns,
        console=console,
        auto_refresh=False,
        transient=True,
        disable=not console.is_terminal,
    )
