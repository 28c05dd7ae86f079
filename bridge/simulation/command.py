"""The command `deskbridge simulate`: reads a scenario, plays it, and shows what would happen."""

import sys
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bridge.locales import say
from bridge.simulation import report
from bridge.simulation.play import simulate
from bridge.simulation.scenario import InvalidScenario, read_scenario

STDIN = "-"


def run(file: str, *, as_json: bool, language: str) -> None:
    """Play the scenario of a file, or of standard input. Raises `InvalidScenario`."""
    scenario = read_scenario(_text(file))
    with Progress(
        TextColumn(say(language, "simulate.playing")),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        shown = bar.add_task("", total=scenario.replications)
        found = simulate(scenario, lambda: bar.advance(shown))
    if as_json:
        print(msgspec.json.encode(found).decode())  # noqa: T201 - what the command is for
    else:
        report.show(Console(), scenario, found, language)


def _text(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
    except OSError as error:
        raise InvalidScenario(f"{file}: {error.strerror}") from error
