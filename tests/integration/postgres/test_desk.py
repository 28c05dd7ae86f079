"""A whole desk on PostgreSQL: a customer asks in the web chat, an agent answers at his pages."""

import asyncio
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bridge.app import App, build
from bridge.domain.errors import InvalidSettings
from bridge.settings import load
from tests.crash.desk import set_up, settings_of
from tests.crash.people import Agent, Customer
from tests.crash.test_kills import browser
from tests.patience import PATIENCE, until


def settings_in(folder: Path, url: str) -> Path:
    """A desk's settings, for its owner alone."""
    path = folder / "deskbridge.toml"
    path.touch(mode=0o600)
    path.write_text(settings_of(url), "utf-8")
    return path


CLI = "from bridge.cli.main import main; main()"


async def desk(folder: Path, url: str, *, serving: bool = True) -> App:
    """A desk on this database."""
    path = settings_in(folder, url)
    return await build(load(path, {}), port=0, demo=True, serving=serving)


async def holder(agents: list[Agent], customer: str) -> tuple[Agent, str]:
    """Who has the customer, and in which thread, as soon as somebody does."""
    while True:
        for agent in agents:
            await agent.sign_in()
            if customer in (held := await agent.threads()):
                return agent, held[customer]


async def test_a_line_reaches_the_agent_and_his_answer_the_customer(
    tmp_path: Path, postgres_url: str
) -> None:
    once = asyncio.Event()
    async with await desk(tmp_path, postgres_url) as app, browser() as shop, browser() as office:
        await set_up(app)
        customer = Customer("c0", shop, f"{app.url}/chat/web")
        agents = [Agent(handle, office, f"{app.url}/desk") for handle in ("ana", "bruno")]
        once.set()

        await customer.write(once)
        listening = asyncio.create_task(customer.listen())
        async with asyncio.timeout(PATIENCE):
            agent, thread = await holder(agents, "c0")
        stop = asyncio.Event()
        replying = asyncio.create_task(agent.reply("c0", thread, stop))
        await until(lambda: customer.heard)
        stop.set()
        await replying
        async with shop.get(f"{app.url}/readyz") as answer:
            ready = answer.status

        await until(lambda: customer.heard == agent.taken["c0"])
        assert ready == 200
        listening.cancel()


async def test_what_a_desk_knew_it_knows_after_a_restart(tmp_path: Path, postgres_url: str) -> None:
    async with await desk(tmp_path, postgres_url) as app, browser() as shop:
        await set_up(app)
        once = asyncio.Event()
        once.set()
        await Customer("c0", shop, f"{app.url}/chat/web").write(once)

    async with await desk(tmp_path, postgres_url) as app:
        talks = list(app.parts.engine.desk.conversations)
        handles = {agent.handle for agent in app.parts.engine.desk.agents}

    assert [talk.channel for talk in talks] == ["web"]
    assert handles == {"ana", "bruno"}


async def test_who_only_asks_is_told_that_another_process_runs_the_desk(
    tmp_path: Path, postgres_url: str
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    async with await desk(here, postgres_url):
        asking = await desk(there, postgres_url, serving=False)

        with pytest.raises(InvalidSettings, match="another process runs this desk"):
            await asking.start()

        await asking.stop()


async def test_the_command_line_looks_at_the_database(tmp_path: Path, postgres_url: str) -> None:
    path = settings_in(tmp_path, postgres_url)
    without_programs = {**os.environ, "PATH": str(tmp_path)}
    said = {}
    for command in ("check", "backup"):
        words = [sys.executable, "-c", CLI, "-c", str(path), "db", command]
        if command == "backup":
            words.append(str(tmp_path / "copy"))
        done = await asyncio.to_thread(
            partial(
                subprocess.run,
                words,
                capture_output=True,
                text=True,
                check=False,
                env=without_programs,
            )
        )
        said[command] = (done.returncode, done.stdout + done.stderr)

    assert said["check"] == (0, "sound\n")
    assert said["backup"][0] == 2
    assert "pg_dump" in said["backup"][1]
    assert not (tmp_path / "copy").exists()
