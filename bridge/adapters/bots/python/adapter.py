"""A Python function as the desk sees it."""

import importlib
import inspect
from collections.abc import Awaitable, Callable

from bridge.adapters.bots.python.settings import PythonSettings
from bridge.adapters.bots.python.talk import Talk
from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, InvalidSettings, TemporaryFailure
from bridge.domain.ids import BotId
from bridge.ports.bot import HEARD, BotCall, BotReply
from bridge.ports.bot_answer import BotAnswer, read_answer
from bridge.ports.plugin import AdapterContext

Handler = Callable[[Talk], Awaitable[None]]


class PythonBot:
    """Calls the function for every event. What it raises hands the customer over to people."""

    def __init__(self, settings: PythonSettings, context: AdapterContext) -> None:
        """The function is imported at the start."""
        self.bot_id = BotId(context.id)
        self.hears = HEARD | settings.events
        self.observes = settings.observe
        self._name = settings.handler
        self._handler: Handler | None = None

    async def start(self) -> None:
        """Import the function. Raises `InvalidSettings`."""
        where = f"bots.{self.bot_id}.handler"
        module, _, name = self._name.partition(":")
        try:
            found = getattr(importlib.import_module(module), name, None)
        except ImportError as error:
            raise InvalidSettings(f"{where}: cannot import {module}: {error}") from error
        if not inspect.iscoroutinefunction(found):
            raise InvalidSettings(f"{where}: {self._name} is no `async def {name}(talk)`")
        self._handler = found

    async def stop(self) -> None:
        """The function ends by itself."""

    async def ask(self, call: BotCall) -> BotReply:
        """Call the function; what it says is sent when it returns."""
        if self._handler is None:
            raise TemporaryFailure(f"the bot {self.bot_id} has not started yet")
        talk = Talk(call)
        await self._handler(talk)
        return await self.read(talk.answer(), call.memory)

    async def read(self, answer: BotAnswer, memory: str) -> BotReply:
        """What the bot says by itself, as the desk takes it. See `ReadsAnswers.read`."""
        return await read_answer(answer, memory, _no_files)


async def _no_files(url: str, name: str) -> File:
    raise DeliveryRejected("a bot in Python fetches no addresses", "not_supported")
