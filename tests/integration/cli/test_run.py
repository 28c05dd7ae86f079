"""`deskbridge run` as a service manager sees it."""

import asyncio
import json
import os
import signal
import socket
from pathlib import Path
from typing import TextIO

import pytest
from aiohttp import ClientSession

from bridge.app.lock import running
from bridge.settings import FILE_NAME
from bridge.simulators.slack import SlackSimulator
from tests.integration.cli.conftest import Run, start
from tests.patience import PATIENCE

_SLACK = """
[workspaces.slack]
kind = "slack"
bot_token = "{app.bot_token}"
app_token = "{app.app_token}"
signing_secret = "{app.signing_secret}"
api_url = "{slack.api_url}"
"""


@pytest.fixture
def desk(deskbridge: Run, folder: Path) -> Path:
    deskbridge("init")
    return folder


async def until_it_runs(folder: Path) -> str:
    """Its address, as soon as it says so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = running(folder / "data")
            if found is not None and found.url:
                return found.url
            await asyncio.sleep(0.02)


async def test_sigterm_ends_it_in_good_order_and_its_log_is_json(desk: Path) -> None:
    process = await start(desk, "run", "--port", "0")
    url = await until_it_runs(desk)
    async with ClientSession() as http, http.get(f"{url}/readyz") as answer:
        ready = answer.status

    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()

    events = [json.loads(line)["event"] for line in err.decode().splitlines()]
    assert (ready, process.returncode) == (200, 0)
    assert (events[0], events[-1]) == ("started", "stopped")
    assert out == b""
    assert running(desk / "data") is None


@pytest.mark.parametrize(
    ("terminal", "lang", "running_at"),
    [("stdout", "C", "is running at"), ("stderr", "pt_BR.UTF-8", "está no ar em")],
)
async def test_at_a_terminal_it_names_the_pages_to_open(
    desk: Path, terminal: str, lang: str, running_at: str
) -> None:
    ours, theirs = os.openpty()
    process = await start(desk, "run", "--port", "0", LANG=lang, terminal=theirs, at=terminal)
    os.close(theirs)
    url = await until_it_runs(desk)
    with open(ours, encoding="utf-8") as screen:  # noqa: PTH123, ASYNC230 - no path; it is short
        lines = await asyncio.to_thread(_until, screen, f"{url}/desk/join/")
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()

    shown = "".join(lines)
    assert f"Deskbridge {running_at} {url}" in shown
    assert f"{url}/desk\n" in shown.replace("\r", "")
    assert f"{url}/chat/webchat/try" in shown
    assert not out


async def test_at_a_terminal_it_respects_the_link_of_an_admin_who_was_invited(
    deskbridge: Run, desk: Path
) -> None:
    invited = ("--admin", "--email", "ana@example.com", "--invite")
    added = await asyncio.to_thread(deskbridge, "agents", "add", "ana", "Ana", *invited)
    ours, theirs = os.openpty()
    process = await start(desk, "run", "--port", "0", LANG="C", terminal=theirs, at="stdout")
    os.close(theirs)
    url = await until_it_runs(desk)
    with open(ours, encoding="utf-8") as screen:  # noqa: PTH123, ASYNC230 - no path; it is short
        lines = await asyncio.to_thread(_until, screen, "deskbridge agents invite ana")
    link = added.out.splitlines()[-1].partition("/desk/join/")[2]
    async with ClientSession() as http, http.get(f"{url}/desk/join/{link}") as page:
        found = page.status
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        await process.communicate()

    assert "@ana was invited" in lines[-1]
    assert found == 200


async def test_at_a_terminal_it_says_what_it_runs_without(desk: Path) -> None:
    async with SlackSimulator.running() as slack:
        app = slack.install("Deskbridge")
        slack.revoke(app)
        with (desk / FILE_NAME).open("a", encoding="utf-8") as settings:
            settings.write(_SLACK.format(app=app, slack=slack))
        (desk / FILE_NAME).chmod(0o600)
        ours, theirs = os.openpty()
        process = await start(desk, "run", "--port", "0", LANG="C", terminal=theirs, at="stdout")
        os.close(theirs)
        with open(ours, encoding="utf-8") as screen:  # noqa: PTH123, ASYNC230 - as above
            lines = await asyncio.to_thread(_until, screen, "[workspaces.slack]")
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                await process.communicate()

    assert "is left out" in lines[-1]
    assert "`deskbridge connect slack`" in lines[-1]
    assert process.returncode == 0


def _until(screen: TextIO, words: str) -> list[str]:
    lines: list[str] = []
    while not lines or words not in lines[-1]:
        lines.append(screen.readline())
    return lines


@pytest.mark.parametrize("after", [0.0, 0.3, 0.6, 0.9])
async def test_sigterm_while_it_starts_ends_it_too(desk: Path, after: float) -> None:
    process = await start(desk, "run", "--port", "0")
    await asyncio.sleep(after)

    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate()

    assert process.returncode in (0, -signal.SIGTERM)  # the latter: before it could listen to it
    assert b"Traceback" not in err
    assert running(desk / "data") is None


async def test_a_port_that_is_taken_is_told_in_one_line(desk: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        process = await start(desk, "run", "--port", str(port))
        async with asyncio.timeout(PATIENCE):
            _, err = await process.communicate()

    assert process.returncode == 2
    assert err.decode() == (
        f"deskbridge: [server] port: {port} is taken by another program; "
        f"stop it, or choose another: --port {port + 1}\n"
    )


async def test_a_mistake_in_the_bots_file_is_told_and_nothing_runs(desk: Path) -> None:
    (desk / "menu.toml").write_text("start = 1", encoding="utf-8")

    process = await start(desk, "run", "--port", "0")
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate()

    assert process.returncode == 2
    assert b"Traceback" not in err
    assert b"menu.toml" in err
    assert running(desk / "data") is None


async def test_what_it_is_killed_in_the_middle_of_keeps_nobody_out(desk: Path) -> None:
    process = await start(desk, "run", "--port", "0")
    await until_it_runs(desk)
    process.kill()
    await process.wait()

    again = await start(desk, "run", "--port", "0")
    url = await until_it_runs(desk)
    again.send_signal(signal.SIGTERM)
    await again.communicate()

    assert url.startswith("http://127.0.0.1:")
    assert again.returncode == 0


def test_one_process_alone_is_told_what_a_role_is_for(deskbridge: Run, desk: Path) -> None:
    refused = deskbridge("run", "--port", "0", "--role", "web")
    unknown = deskbridge("run", "--role", "boss")

    assert (refused.code, unknown.code) == (2, 2)
    assert "--role web: for several processes; they need [desk] database_url" in refused.err
    assert "worker" in unknown.err
