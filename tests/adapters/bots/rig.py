"""Puts the webhook bot in front of a simulated one."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import aiohttp

from bridge.adapters.bots.webhook import plugin
from bridge.adapters.bots.webhook.adapter import WebhookBot
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.ports.bot import BotReply
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext
from tests.fakes.adapter_memory import FolderFiles, MemoryStore

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
OTHER_SECRET = "whsec_" + "YW5vdGhlciBzZWNyZXQgb2YgYSB0ZXN0LCBsb25nLi4="


class Desk:
    """What the bot under test is given: a session, files, and a sink that writes down."""

    def __init__(self, folder: Path, http: Callable[[], aiohttp.ClientSession]) -> None:
        self.files = FolderFiles(folder)
        self._http = http
        self.spoken: list[tuple[int, BotReply, int | None]] = []
        self.refuses = False

    async def speak(self, number: int, reply: BotReply, epoch: int | None) -> bool:
        self.spoken.append((number, reply, epoch))
        return not self.refuses

    def bot(self, url: str, **settings: object) -> WebhookBot:
        """A bot of these settings; it is not started."""
        context = AdapterContext(
            id="shop",
            brand="Loja",
            public_url="http://desk.test",
            store=MemoryStore(),
            files=self.files,
            clock=SystemClock(),
            secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
            http=self._http,
        )
        bot = plugin.build(WebhookSettings.model_validate({"url": url, **settings}), context)
        bot.connect(self)
        return bot
