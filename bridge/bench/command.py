"""The command `deskbridge bench`: a progress bar while it measures, then the report."""

import sys
import time

import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bridge.bench import report
from bridge.bench.disk import folders, has_memory
from bridge.bench.goals import missed
from bridge.bench.profile import FULL, QUICK
from bridge.bench.run import Figures, Run

_NO_MEMORY = (
    "There is no /dev/shm here: the databases of the first column are on the real disk, and the "
    "millisecond comes on top of its own syncs."
)


def bench(*, full: bool, as_json: bool) -> int:
    """Measure and report; 0 when every goal was met. Raises `BenchFailed`."""
    profile = FULL if full else QUICK
    notes = [] if has_memory() else [_NO_MEMORY]
    start = time.perf_counter()
    with folders() as where, _progress() as bar:
        shown = bar.add_task("", total=profile.steps, completed=-1)

        def tell(what: str) -> None:
            bar.update(shown, advance=1, description=what, refresh=True)

        run = Run(profile=profile, folders=where, tell=tell)
        figures: Figures = uvloop.run(run.figures())
    seconds = time.perf_counter() - start
    if as_json:
        print(report.as_json(figures, profile=profile.name, seconds=seconds, notes=notes))
    else:
        report.show(Console(), figures, seconds=seconds, notes=notes)
    return 1 if missed(figures) else 0


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
