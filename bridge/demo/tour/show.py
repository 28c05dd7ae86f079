"""Shows a tour: a bar and lines on a terminal, lines elsewhere, one document for machines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bridge.demo.tour.play import Tour
from bridge.demo.tour.row import Result


class Show:
    """Tells of one row after another."""

    def __init__(self, total: int, *, as_json: bool) -> None:
        """`as_json` keeps everything but the document away from standard output."""
        self._as_json = as_json
        self._console = Console(stderr=as_json, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(
            *columns,
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("tour", total=total)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The bar is there as long as the block runs."""
        with self._progress:
            yield

    def told(self, result: Result) -> None:
        """One row is over."""
        self._progress.advance(self._task)
        if self._as_json:
            return
        mark, colour = ("✓", "green") if result.ok else ("✗", "red")
        title = Text.assemble((f"{mark} {result.row:2} ", f"bold {colour}"), (result.title, "bold"))
        said = Text(result.observed, style="" if result.ok else colour)
        if self._console.is_terminal:
            self._console.print(title)
            self._console.print(Padding(said, (0, 0, 0, 5)))
        else:
            self._console.print(title + ": " + said, soft_wrap=True)

    def over(self, tour: Tour) -> None:
        """All rows are."""
        if self._as_json:
            sys.stdout.write(msgspec.json.encode(tour).decode() + "\n")
            return
        held = sum(row.ok for row in tour.rows)
        colour = "green" if tour.held else "red"
        self._console.print(
            Text(f"{held} of {len(tour.rows)} rows held, in {tour.seconds} s", style=colour)
        )
