"""What `deskbridge demo` does: a desk to play with, or the tour through it."""

import asyncio
import errno
import os
import signal
import socket
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from rich.console import Console
from rich.progress import track

from bridge.demo.house import House
from bridge.demo.performance import Watch, open_demo
from bridge.demo.touring import DISCORD, LOCAL, SLACK
from bridge.demo.touring import tour as play_every_row
from bridge.domain.errors import InvalidSettings
from bridge.locales import best_language, say
from bridge.logs import set_up_logs
from bridge.settings.sections import is_loopback

_CHATS = {SLACK: "Slack", DISCORD: "Discord"}
"""Simulated workspaces, and what people call them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What was asked for on the command line; without `data` nothing is kept."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path | None = None
    open_browser: bool = False
    workspace: str = LOCAL
    mode: str = "socket"


def main(
    *,
    port: int = 8080,
    host: str = "127.0.0.1",
    tour: bool = False,
    as_json: bool = False,
    data: Path | None = None,
    open_browser: bool = False,
    workspace: str = LOCAL,
    mode: str = "socket",
) -> int:
    """Play; gives the exit code. Raises `InvalidSettings` with the way out."""
    set_up_logs(level="error" if tour else "warning", format="text")
    if tour:
        return asyncio.run(play_every_row(workspace, mode, as_json))
    wish = Wish(
        host=host,
        port=port,
        data=data,
        open_browser=open_browser,
        workspace=workspace,
        mode=mode,
    )
    refuse(wish)
    return asyncio.run(_until_stopped(wish))


# --- the page -----------------------------------------------------------------------------------


def refuse(wish: Wish) -> None:
    """Raises `InvalidSettings` for a place where the demo must not be or cannot."""
    if not is_loopback(wish.host):
        raise InvalidSettings(
            f"the demo lets everybody in without a password, so it is for this machine only, not "
            f"for {wish.host}; a desk for others: deskbridge init, then deskbridge run"
        )
    if wish.workspace in _CHATS and wish.data is not None:
        raise InvalidSettings(
            f"the simulated {_CHATS[wish.workspace]} forgets everything when it stops, so nothing "
            "can be kept: leave --data out"
        )
    family = socket.AF_INET6 if ":" in wish.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((wish.host, wish.port))
            probe.listen()
        except OSError as failure:
            if failure.errno == errno.EADDRINUSE:
                raise InvalidSettings(_port_taken(wish.port)) from failure


def _port_taken(port: int) -> str:
    other = port + 1 if port < 65_535 else 8080
    return (
        f"port {port} is taken by another program; take another: "
        f"make run PORT={other}, or deskbridge demo --port {other}"
    )


async def _until_stopped(wish: Wish) -> int:
    """Ctrl-C and SIGTERM end it in good order, whatever it is doing."""
    playing = asyncio.create_task(_play(wish))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, playing.cancel)
    with suppress(asyncio.CancelledError):  # that is how it is stopped
        await playing
    return 0


async def _play(wish: Wish) -> None:
    language = _language()
    console = Console(stderr=True)
    watch = partial(
        track,
        description=say(language, "demo.start.preparing"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with _folder(wish.data) as folder:
        async with _opened(folder, language, wish, watch) as (house, team):
            address = f"{house.url}/demo"
            _greet(address, team, language, wish)
            if wish.open_browser:
                await asyncio.to_thread(webbrowser.open, address)
            await asyncio.Event().wait()


@asynccontextmanager
async def _opened(
    folder: Path, language: str, wish: Wish, watch: Watch
) -> AsyncIterator[tuple[House, str]]:
    """The demo over the workspace that was asked for; and where it is shown, if it is a chat."""
    # each imported only now: most demos have nothing to do with the others
    if wish.workspace == SLACK:
        from bridge.demo.slack.performance import address_of, open_slack_demo

        mode: Literal["http", "socket"] = "http" if wish.mode == "http" else "socket"
        async with open_slack_demo(
            folder, language=language, mode=mode, host=wish.host, port=wish.port, watch=watch
        ) as (house, team):
            yield house, address_of(team)
    elif wish.workspace == DISCORD:
        from bridge.demo.discord import performance

        async with performance.open_discord_demo(
            folder, language=language, host=wish.host, port=wish.port, watch=watch
        ) as (house, server):
            yield house, performance.address_of(server)
    else:
        async with open_demo(
            folder, language=language, host=wish.host, port=wish.port, watch=watch
        ) as house:
            yield house, ""


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """The folder that was named, or one that is gone afterwards."""
    if data is not None:
        yield data
        return
    with TemporaryDirectory(prefix="deskbridge-demo-") as folder:
        yield Path(folder)


def _language() -> str:
    """What this terminal speaks."""
    spoken = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return best_language(next(filter(None, spoken), ""))


def _greet(address: str, team: str, language: str, wish: Wish) -> None:
    console = Console(highlight=False)
    console.print(f"\n  {say(language, 'demo.start.at')} [bold link={address}]{address}[/]\n")
    platform = _CHATS.get(wish.workspace, "")
    key = "demo.start.chat_steps" if platform else "demo.start.steps"
    for line in say(language, key, platform=platform).splitlines():
        console.print(f"  {line}")
    if team:
        shown = f"[link={team}]{team}[/]"
        where = say(language, "demo.start.chat_at", platform=platform)
        console.print(f"\n  {where} {shown}", soft_wrap=True)
    kept = "gone" if wish.data is None else "kept"
    console.print(f"\n  {say(language, f'demo.start.{kept}', folder=wish.data)}", soft_wrap=True)
    console.print(f"  {say(language, 'demo.start.stop')}\n")
