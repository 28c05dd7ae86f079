"""A bot in Python keeps what every bot promises, and says what is wrong with its settings."""

from pathlib import Path

import aiohttp
import pytest

from bridge.adapters.bots.python import plugin
from bridge.adapters.bots.python.adapter import PythonBot
from bridge.adapters.bots.python.settings import PythonSettings
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Priority
from bridge.domain.errors import InvalidSettings
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext
from tests.contract.bot_contract import BotContract, BotRig, event
from tests.fakes.adapter_memory import FolderFiles, MemoryStore


def no_network() -> aiohttp.ClientSession:
    raise AssertionError("a bot in Python calls nobody for us")


def python_bot(folder: Path, handler: str) -> PythonBot:
    context = AdapterContext(
        id="shop",
        brand="Loja",
        public_url="",
        store=MemoryStore(),
        files=FolderFiles(folder),
        clock=SystemClock(),
        secret=lambda purpose: purpose.encode(),
        http=no_network,
    )
    return plugin.build(PythonSettings.model_validate({"handler": handler}), context)


class TestPythonBot(BotContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> BotRig:
        """A function; and one that is not there."""
        return BotRig(
            new=lambda: python_bot(tmp_path, "tests.adapters.bots.functions:clerk"),
            misconfigured=lambda: python_bot(tmp_path, "tests.adapters.bots.functions:nobody"),
        )


async def test_a_function_says_remembers_and_calls_a_person(tmp_path: Path) -> None:
    bot = python_bot(tmp_path, "tests.adapters.bots.functions:clerk")
    await bot.start()

    first = await bot.ask(event(text_content("shoes")))
    choice = first.messages[0].choices[0]
    pressed = Content(text=text_content(choice.label).text, chosen=choice.id)
    second = await bot.ask(event(pressed, memory=first.memory or ""))

    assert first.messages[0].words() == "Hello Bia"
    assert second.handoff is not None
    assert (second.handoff.queue, second.handoff.summary) == ("support", "saw: shoes")
    assert second.handoff.priority is Priority.HIGH


@pytest.mark.parametrize(
    ("handler", "named"),
    [
        ("no.such.module:answer", "cannot import"),
        ("tests.adapters.bots.functions:no_coroutine", "async def"),
        ("tests.adapters.bots.functions:nobody", "async def"),
    ],
)
async def test_a_handler_that_is_none_stops_the_start_and_says_why(
    tmp_path: Path, handler: str, named: str
) -> None:
    with pytest.raises(InvalidSettings, match=named):
        await python_bot(tmp_path, handler).start()


async def test_a_mistake_in_the_function_is_not_hidden(tmp_path: Path) -> None:
    bot = python_bot(tmp_path, "tests.adapters.bots.functions:broken")
    await bot.start()

    with pytest.raises(RuntimeError):
        await bot.ask(event(text_content("Hello")))
