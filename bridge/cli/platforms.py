"""Commands that connect a platform: its first set-up, and the document that declares an app."""

from pathlib import Path
from typing import Annotated

import typer

FILE = "app_manifest.yml"
Prefix = Annotated[str, typer.Option(help="Put before every command name")]


def add_to(app: typer.Typer) -> None:
    """Add them to the root command."""
    app.command()(connect)
    app.command()(manifest)


def connect(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(help="slack, discord, whatsapp or telegram")],
    name: Annotated[str, typer.Option("--id", help="Its name in the settings")] = "",
    url: Annotated[str, typer.Option("--http", help="Bring events to this address")] = "",
    prefix: Prefix = "",
    api_url: Annotated[str, typer.Option(help="Another address of the platform")] = "",
) -> None:
    """Create an app, check its tokens, prove both directions, and write the settings."""
    import asyncio

    from bridge.cli.connecting import connect_platform, wish_of
    from bridge.cli.terminal import terminal_language
    from bridge.cli.typist import Typist
    from bridge.logs import set_up_logs

    set_up_logs(level="error", format="text")
    id_ = name or platform
    wish = wish_of(platform, id_, url, prefix, api_url, terminal_language())
    target = Path(context.obj) if context.obj else Path("deskbridge.toml")
    asyncio.run(connect_platform(Typist(), target, platform, id_, wish))


def manifest(
    platform: Annotated[str, typer.Argument(help="slack: the others need none")],
    check: Annotated[
        bool, typer.Option("--check", help=f"Only look whether {FILE} here is up to date")
    ] = False,
    url: Annotated[str, typer.Option("--http", help="Bring events to this address")] = "",
    prefix: Prefix = "",
    name: Annotated[str, typer.Option("--id", help="Its name in the settings")] = "",
) -> None:
    """Print what declares the app on its platform, made from the commands there are."""
    from bridge.cli.connecting import declaration, wish_of

    wish = wish_of(platform, name or platform, url, prefix, "", "en")
    text = declaration(platform, wish)
    if not check:
        print(text, end="")
        return
    there = Path(FILE)
    if not there.is_file() or there.read_text(encoding="utf-8") != text:
        print(f"{FILE} is out of date: deskbridge manifest {platform} > {FILE}")
        raise typer.Exit(1)
    print(f"{FILE} is up to date")
