"""The command `deskbridge`: what it can do, and how it says what went wrong."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli import (
    agents,
    bots,
    contacts,
    database,
    deliveries,
    desk,
    platforms,
    queues,
    templates,
    tokens,
    tools,
)
from bridge.domain.errors import DeskbridgeError

app = typer.Typer(
    name="deskbridge",
    help="Answer customers from Slack, Discord or the browser: bot first, then a person.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
desk.add_to(app)
platforms.add_to(app)
tools.add_to(app)
app.add_typer(queues.app, name="queues")
app.add_typer(agents.app, name="agents")
app.add_typer(templates.app, name="templates")
app.add_typer(bots.app, name="bot")
app.add_typer(tokens.app, name="tokens")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(contacts.app, name="contacts")
app.add_typer(database.app, name="db")

USAGE = 2
_FAULT = 70


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"deskbridge {version('deskbridge')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="The settings file [default: deskbridge.toml]"),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error arose")] = False,
    version: Annotated[  # its callback answers
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which version it is"),
    ] = False,
) -> None:
    """Remember what every command needs."""
    context.obj = config
    if debug:
        os.environ[_DEBUG] = "1"


_DEBUG = "DESKBRIDGE_DEBUG"


def main() -> None:
    """Run it; an error is one friendly line and exit code 2, a traceback only with `--debug`."""
    try:
        app()
    except DeskbridgeError as error:
        _end(error, str(error), USAGE)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last one who can still say something
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        _end(error, f"this is our mistake: {said} (--debug shows where)", _FAULT)


def _end(error: Exception, said: str, code: int) -> None:
    if os.environ.get(_DEBUG):
        raise error
    for line in said.splitlines():
        print(f"deskbridge: {line}", file=sys.stderr)
    sys.exit(code)
