"""A customer's data from the command line: found, given to him, erased, or why not."""

import asyncio
import json
import stat
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.app import App, build
from bridge.domain.content import text_content
from bridge.domain.ids import Address, ChannelId, ExternalId
from bridge.ports.channel import MessageReceived
from bridge.settings import load
from tests.integration.cli.conftest import Ran, Run

_OTHER = '\n[channels.other]\nkind = "webchat"\n'


class Desk:
    """A desk that runs, and its command line, which works in a thread beside it."""

    def __init__(self, app: App, run: Run) -> None:
        self._app = app
        self._run = run

    async def wrote(self, address: str, name: str, channel: str = "webchat") -> None:
        event = MessageReceived(
            channel=ChannelId(channel),
            address=Address(address),
            external_id=ExternalId(f"{channel}{address}"),
            content=text_content("my secret"),
            name=name,
        )
        await self._app.parts.engine.accept(event)

    async def __call__(self, *words: str) -> Ran:
        return await asyncio.to_thread(self._run, "contacts", *words)


@pytest.fixture
async def desk(deskbridge: Run, folder: Path) -> AsyncIterator[Desk]:
    """It has two web chats."""
    deskbridge("init")
    settings = folder / "deskbridge.toml"
    settings.write_text(settings.read_text("utf-8") + _OTHER, encoding="utf-8")
    async with await build(load(settings, {}), port=0) as app:
        yield Desk(app, deskbridge)


async def test_a_customer_is_found_by_name_number_address_and_id(desk: Desk) -> None:
    await desk.wrote("visitor:one", "Maria Silva")
    row = (await desk("find", "silva")).out.splitlines()[1]

    for who in ("#1", "visitor:one", "webchat/visitor:one", row.split()[0]):
        assert (await desk("find", who)).out.splitlines()[1] == row


async def test_nobody_is_said_and_so_is_whoever_may_be_meant(desk: Desk) -> None:
    await desk.wrote("visitor:one", "Maria")
    await desk.wrote("visitor:one", "Mario", "other")

    nobody = await desk("erase", "#77", "--yes")
    several = await desk("erase", "visitor:one", "--yes", "--end")

    assert (nobody.code, nobody.out) == (1, "")
    assert several.code == 2
    assert "Maria" in several.out
    assert "Mario" in several.out


async def test_an_export_is_one_file_that_is_his_alone(desk: Desk, folder: Path) -> None:
    await desk.wrote("visitor:one", "Maria")

    first = await desk("export", "#1", "his.zip")
    second = await desk("export", "#1", "his.zip")

    assert (first.code, second.code) == (0, 2)
    assert stat.S_IMODE((folder / "his.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(folder / "his.zip") as written:
        said = json.loads(written.read("contact.json"))
    assert (said["format"], said["version"]) == ("deskbridge-contact", 1)
    assert said["tables"]["identity"][0]["name"] == "Maria"
    assert "my secret" in json.dumps(said["tables"]["message"])


async def test_what_is_open_is_not_erased_unless_it_may_be_ended(desk: Desk) -> None:
    await desk.wrote("visitor:one", "Maria")

    refused = await desk("erase", "#1", "--yes")
    done = await desk("erase", "#1", "--yes", "--end")
    listed = await desk("erased")

    assert (refused.code, refused.err) == (1, "#1 is not ended: end it first, or say --end\n")
    assert done.code == 0, done.err
    assert "what this desk cannot erase:" in done.out
    assert "#1" in listed.out.splitlines()[1]
    assert "operator" in listed.out.splitlines()[1]
