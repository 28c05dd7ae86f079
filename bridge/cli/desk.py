"""Commands about the whole desk: write its settings, run it, look whether it is well."""

from pathlib import Path
from typing import Annotated

import typer

from bridge.ports.holding import Role

_NEXT = """
Next:
  deskbridge queues create support
  deskbridge agents add ana "Ana" --admin --email ana@example.com --queue support
  deskbridge run

The last line names the pages to open, and prints a link with which Ana chooses her password.
Without a terminal (a service): deskbridge agents invite ana

Does your team answer from Slack or Discord? deskbridge connect slack (or discord) comes first
then: it makes the first admin, too."""


def add_to(app: typer.Typer) -> None:
    """Add them to the root command."""
    app.command()(init)
    app.command()(run)
    app.command()(doctor)


def init(
    context: typer.Context,
    brand: Annotated[str, typer.Option(help="What customers see")] = "Deskbridge",
    language: Annotated[str, typer.Option(help="en or pt_BR")] = "en",
) -> None:
    """Write the first settings, with comments, into this folder."""
    from bridge.cli.starter import write_starter

    target = Path(context.obj) if context.obj else Path("deskbridge.toml")
    for path in write_starter(target, brand=brand, language=language):
        print(f"wrote {path}")
    print(_NEXT)


def run(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Where to listen")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one")] = None,
    role: Annotated[
        Role, typer.Option(help="Of several processes: web never leads, worker takes nothing")
    ] = Role.ALL,
) -> None:
    """Run the desk until it is told to stop."""
    from bridge.cli.config import read_settings
    from bridge.cli.service import serve

    serve(read_settings(context), host, port, role)


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="For machines")] = False,
) -> None:
    """Check everything; for each slip, the exact way out."""
    from bridge.cli.config import settings_file
    from bridge.cli.doctor import examine, show

    checks = examine(settings_file(context))
    show(checks, as_json)
    if any(not check.ok and not check.warning for check in checks):
        raise typer.Exit(1)
