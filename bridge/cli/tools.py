"""Commands that show what Deskbridge can do: the demo, the bench and the simulation."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bridge.domain.errors import InvalidSettings


class Played(StrEnum):
    """Workspaces that the demo can be played over."""

    LOCAL = "local"
    SLACK = "slack-sim"
    DISCORD = "discord-sim"


class Mode(StrEnum):
    """How Slack reaches a desk."""

    SOCKET = "socket"
    HTTP = "http"


class Measured(StrEnum):
    """Workspaces whose limits can be measured."""

    SLACK = "slack"
    DISCORD = "discord"


def add_to(app: typer.Typer) -> None:
    """Add them to the root command."""
    app.command()(demo)
    app.command()(bench)
    app.command()(simulate)


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, envvar="PORT")] = 8080,
    host: Annotated[str, typer.Option(help="This machine only")] = "127.0.0.1",
    tour: Annotated[bool, typer.Option("--tour", help="Play every feature, without a browser")] = (
        False
    ),
    as_json: Annotated[bool, typer.Option("--json", help="The tour's result for machines")] = False,
    data: Annotated[Path | None, typer.Option(help="Keep everything in this folder")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page")] = False,
    workspace: Annotated[
        Played, typer.Option(help="Where the team answers; -sim is a simulated one")
    ] = Played.LOCAL,
    mode: Annotated[
        Mode, typer.Option(help="How the simulated Slack reaches the desk")
    ] = Mode.SOCKET,
) -> None:
    """A customer and an agent on one page, with nothing to configure."""
    if as_json and not tour:
        raise InvalidSettings("--json is for the tour: deskbridge demo --tour --json")
    from bridge.demo import main

    code = main(
        port=port,
        host=host,
        tour=tour,
        as_json=as_json,
        data=data,
        open_browser=open_browser,
        workspace=workspace,
        mode=mode,
    )
    raise typer.Exit(code)


def bench(
    full: Annotated[bool, typer.Option("--full", help="The long measurements too")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines")] = False,
    workspace: Annotated[
        Measured | None, typer.Option(help="How well a platform's limits are used")
    ] = None,
    routing: Annotated[
        bool, typer.Option("--routing", help="How fast conversations are given out")
    ] = False,
    soak: Annotated[
        bool, typer.Option("--soak", help="A quarter of an hour's trickle: does it grow?")
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Does a long past make it slower? Takes much disk")
    ] = False,
    lines: Annotated[int, typer.Option(min=1, help="The long past, for --history")] = 10_000_000,
    against: Annotated[int, typer.Option(min=1, help="The short one beside it")] = 1_000_000,
    folder: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, writable=True, help="Where pasts are written"),
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="An empty PostgreSQL database: measure on it, too")
    ] = None,
) -> None:
    """Measure speed and memory, as ratios within one run."""
    from bridge.bench import main
    from bridge.bench.span import Span
    from bridge.logs import set_up_logs

    set_up_logs(level="error", format="text")
    part = "routing" if routing else "soak" if soak else workspace or ""
    if database_url is not None and workspace:
        raise InvalidSettings("--database-url: a platform's limits do not depend on the database")
    if folder is not None and not history:
        raise InvalidSettings("--folder is where the pasts of --history are written")
    span = Span(lines=lines, against=against, folder=folder) if history else None
    code = main(full=full, as_json=as_json, part=part, database_url=database_url, span=span)
    raise typer.Exit(code)


def simulate(
    scenario: Annotated[str, typer.Argument(help="A JSON file; - reads standard input")],
    as_json: Annotated[bool, typer.Option("--json", help="For machines")] = False,
) -> None:
    """Play customers at random against the distribution: waits, losses, load per agent."""
    from bridge.cli.terminal import terminal_language
    from bridge.simulation.command import run

    run(scenario, as_json=as_json, language=terminal_language())
