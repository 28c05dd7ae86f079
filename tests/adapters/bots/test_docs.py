"""The bots of docs/bots.md are bots: they run as they stand there and pass the examination."""

import asyncio
import os
import re
import shutil
import socket
import sys
from pathlib import Path

import aiohttp
import playwright

from bridge.adapters.bots.python.talk import Talk
from bridge.adapters.bots.webhook.examining import Examination
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.domain.content import text_content
from bridge.ports.bot_answer import BotAnswer
from tests.adapters.bots.rig import SECRET
from tests.contract.bot_contract import event
from tests.patience import PATIENCE

PAGE = (Path(__file__).parents[3] / "docs" / "bots.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def node() -> str:
    """The Node of this machine, or the one that drives the browser tests."""
    driver = Path(playwright.__file__).parent / "driver" / "node"
    return shutil.which("node") or str(driver)


async def examined(command: list[str]) -> list[str]:
    """Run a bot, and give everything that it falls short of."""
    process, url = await _running(command)
    try:
        settings = WebhookSettings.model_validate({"url": url, "secret": SECRET})
        async with aiohttp.ClientSession() as http:
            examination = Examination(settings, "en", http)
            found = [check async for check in examination.checks()]
        return [f"{check.name}: {check.detail}" for check in found if check.warning or not check.ok]
    finally:
        process.terminate()
        await process.wait()


async def _running(command: list[str]) -> tuple[asyncio.subprocess.Process, str]:
    """The bot on a port that was free; somebody may be quicker, then on another one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            given = {**os.environ, "BOT_SECRET": SECRET, "PORT": str(port)}
            process = await asyncio.create_subprocess_exec(
                *command, env=given, stdout=asyncio.subprocess.DEVNULL
            )
            if await _listens(process, port):
                return process, f"http://127.0.0.1:{port}/hook"


async def _listens(process: asyncio.subprocess.Process, port: int) -> bool:
    """Wait until it does; false when it has ended instead."""
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return True
    return False


async def test_the_bot_in_python_passes(tmp_path: Path) -> None:
    file = tmp_path / "bot.py"
    file.write_text(blocks("python")[0], encoding="utf-8")

    assert await examined([sys.executable, str(file)]) == []


async def test_the_bot_in_node_passes(tmp_path: Path) -> None:
    file = tmp_path / "bot.mjs"
    file.write_text(blocks("javascript")[0], encoding="utf-8")

    assert await examined([node(), str(file)]) == []


async def test_the_function_in_python_answers() -> None:
    names: dict[str, object] = {}
    exec(blocks("python")[1], names)  # noqa: S102 - our own documentation
    talk = Talk(event(text_content("shoes")))
    answer = names["answer"]
    assert callable(answer)

    await answer(talk)

    assert talk.answer().messages[0].markdown == "Hello **Bia**, what about shoes?"


def test_the_answer_that_is_shown_is_an_answer() -> None:
    _, answer = blocks("json")

    assert BotAnswer.model_validate_json(answer).handoff is not None
