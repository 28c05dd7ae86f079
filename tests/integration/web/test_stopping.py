"""A stop that meets adapters which do not let go: it ends in time, and nothing is lost."""

import asyncio
import logging
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import App, build
from bridge.settings import load
from tests.integration.web.conftest import Visitor
from tests.patience import PATIENCE, until

KIND = """
import asyncio
from pydantic import BaseModel, ConfigDict
from bridge.domain.content import text_content
from bridge.ports.bot import BotReply
from bridge.ports.plugin import Plugin

asked = []

class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    hangs: bool = False

class Bot:
    def __init__(self, settings, context):
        self.bot_id = context.id
        self._hangs = settings.hangs

    async def start(self): ...

    async def stop(self):
        if self._hangs:
            await asyncio.sleep(3600)

    async def ask(self, call):
        asked.append(call.key)
        if self._hangs:
            await asyncio.sleep(3600)
        return BotReply(messages=(text_content("here I am"),))

plugin = Plugin(kind="stubborn", settings=Settings, build=Bot)
"""
SETTINGS = """
[server]
drain = "2s"
[channels.webchat]
kind = "webchat"
bot = "stubborn"
[bots.stubborn]
kind = "stubborn"
hangs = {hangs}
"""


@pytest.fixture(autouse=True)
def stubborn_bots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package with a bot that may hang."""
    about = tmp_path / "site" / "stubborn-1.dist-info"
    about.mkdir(parents=True)
    (tmp_path / "site" / "stubborn_bots.py").write_text(KIND, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stubborn\nVersion: 1\n", "utf-8")
    (about / "entry_points.txt").write_text(
        "[deskbridge.bots]\nstubborn = stubborn_bots:plugin\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield
    sys.modules.pop("stubborn_bots", None)


async def desk(folder: Path, *, hangs: bool) -> App:
    file = folder / "deskbridge.toml"
    file.write_text(SETTINGS.format(hangs=str(hangs).lower()), encoding="utf-8")
    return await build(load(file, {}), port=0)


def keys_asked() -> list[str]:
    asked: list[str] = sys.modules["stubborn_bots"].asked
    return asked


async def until_asked(times: int) -> None:
    await until(lambda: len(keys_asked()) >= times)


async def test_it_ends_in_time_whatever_an_adapter_does(tmp_path: Path) -> None:
    app = await desk(tmp_path, hangs=True)
    await app.start()
    async with ClientSession(app.url) as http:
        await Visitor(http, "webchat").write("hello?")
    await until_asked(1)

    async with asyncio.timeout(PATIENCE):
        await app.stop()


async def test_a_call_that_was_cut_off_is_made_again_with_the_same_key(tmp_path: Path) -> None:
    async with await desk(tmp_path, hangs=True) as app, ClientSession(app.url) as http:
        visitor = Visitor(http, "webchat")
        await visitor.write("hello?")
        await until_asked(1)

    async with await desk(tmp_path, hangs=False):
        await until_asked(2)

    first, again = keys_asked()
    assert first == again


@pytest.mark.parametrize("seconds", [0.1, 0.6], ids=["in time", "too late, and it is cut off"])
async def test_a_stop_lets_the_last_look_at_the_clock_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seconds: float
) -> None:
    app = await desk(tmp_path, hangs=False)
    await app.start()
    with sqlite3.connect(tmp_path / "data" / "desk.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(1.2)  # it looks once a second, and has something to write
        stopping = asyncio.create_task(app.stop())
        await asyncio.sleep(seconds)
        other.execute("ROLLBACK")
    other.close()

    await stopping

    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_a_start_that_fails_is_undone(tmp_path: Path) -> None:
    app = await desk(tmp_path, hangs=False)
    file = tmp_path / "data" / "desk.lock"

    with pytest.raises(RuntimeError, match="no more"):
        async with app:
            raise RuntimeError("no more")

    assert file.read_bytes() == b""
    async with await desk(tmp_path, hangs=False) as again:
        assert again.url
