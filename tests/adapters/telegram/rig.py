"""A Telegram channel between a core that remembers and our Telegram, by polling or by webhook."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from bridge.adapters.channels.telegram.adapter import Telegram
from bridge.adapters.channels.telegram.settings import TelegramSettings
from bridge.domain.content import Content
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.channel import Accepted, ChannelEvent
from bridge.ports.clock import Clock, MovableClock, SystemClock
from bridge.ports.files import FileStore
from bridge.ports.plugin import AdapterContext
from bridge.ports.store import JournalEntry
from bridge.simulators.telegram import Bot, Person, TelegramSimulator
from bridge.simulators.telegram.limits import Limits
from bridge.simulators.telegram.mail import Mailbox
from bridge.simulators.telegram.settings import Quirks
from tests.adapters.webchat.fakes import Core, FolderFiles, MemoryStore
from tests.patience import until

SECRET = "a-secret-of-the-webhook_1"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


class CountingCore(Core):
    """A core that knows how often it was asked in vain."""

    refused = 0

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        if self.fault is not None:
            self.refused += 1
        return await super().accept(event, entry)


@dataclass
class Rig:
    """Everything a test may look at, or break."""

    channel: Telegram
    telegram: TelegramSimulator
    bot: Bot
    bia: Person
    core: CountingCore
    store: MemoryStore
    files: FolderFiles
    clock: MovableClock
    http: aiohttp.ClientSession
    url: str = ""
    calls: int = 0

    def call(
        self,
        kind: CallKind = CallKind.POST,
        *,
        content: Content | None = None,
        about: ExternalId | None = None,
        quoted: ExternalId | None = None,
        emoji: str = "",
    ) -> OutboundCall:
        """A call with a key of its own."""
        self.calls += 1
        return OutboundCall(
            key=f"d{self.calls}",
            kind=kind,
            content=content,
            author=Author.AGENT,
            name="Ana",
            external_id=about,
            quoted=quoted,
            emoji=emoji,
        )

    @property
    def customer(self) -> Address:
        """Bia, by her chat."""
        return Address(str(self.bia.id))

    async def say(self, text: str = "", **more: object) -> Sent:
        """An agent writes to Bia. `more` is content."""
        content = Content(text=plain(text), **more)  # type: ignore[arg-type]  # its own fields
        return await self.channel.send(self.customer, self.call(content=content))

    async def change(self, kind: CallKind, sent: Sent, **more: object) -> Sent:
        """An agent changes what he sent. `more` is of the call."""
        call = self.call(kind, about=sent.external_ids[0], **more)  # type: ignore[arg-type]
        return await self.channel.send(self.customer, call)

    async def arrived(self, count: int) -> None:
        """So many events came in, and Telegram may forget what it told."""
        await self.core.until(lambda core: len(core.events) >= count)
        await until(lambda: not self.mail.waiting)

    @property
    def mail(self) -> Mailbox:
        """What Telegram still has for the bot."""
        return self.telegram.world.mail[self.bot.id]


def context_of(
    store: AdapterStore,
    files: FileStore,
    clock: Clock,
    http: aiohttp.ClientSession,
    public_url: str = "",
) -> AdapterContext:
    """What the desk gives to the channel."""
    return AdapterContext(
        id="tg",
        brand="Acme",
        public_url=public_url,
        store=store,
        files=files,
        clock=clock,
        secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
        http=lambda: http,
    )


def settings_for(telegram: TelegramSimulator, bot: Bot, **changes: object) -> TelegramSettings:
    """The settings of a bot of this Telegram, which limits nothing by itself."""
    given = {
        "token": bot.token,
        "api_url": telegram.world.address,
        "chat_seconds": 0,
        "messages_per_second": 1_000,
        **changes,
    }
    return TelegramSettings.model_validate(given)


_HOOKED: dict[str, object] = {"receive": "webhook", "webhook_secret": SECRET}


@asynccontextmanager
async def serve(
    folder: Path,
    *,
    webhook: bool = False,
    limits: Limits | None = None,
    quirks: Quirks | None = None,
    **settings: object,
) -> AsyncIterator[Rig]:
    """A running channel and its Telegram. `settings` are the channel's."""
    clock = MovableClock(SystemClock())
    async with (
        aiohttp.ClientSession() as http,
        TelegramSimulator.running(
            limits=limits, quirks=quirks, now=lambda: clock.now() / 1_000
        ) as telegram,
        _door() as (app_url, door),
    ):
        bot = telegram.bot()
        given = (_HOOKED if webhook else {}) | settings
        memory, files = MemoryStore(), FolderFiles(folder)
        context = context_of(memory, files, clock, http, app_url if webhook else "")
        rig = Rig(
            channel=Telegram(settings_for(telegram, bot, **given), context),
            telegram=telegram,
            bot=bot,
            bia=telegram.person(bot),
            core=CountingCore(memory),
            store=memory,
            files=files,
            clock=clock,
            http=http,
            url=f"{app_url}/telegram/tg/events",
        )
        door.leads_to(rig.channel)
        await started(rig)
        try:
            yield rig
        finally:
            await rig.channel.stop()
        assert telegram.violations == [], "every call is as the Bot API says"


async def started(rig: Rig) -> None:
    """The channel takes updates: it asks for them, or Telegram knows where to bring them."""
    await rig.channel.start(rig.core)
    world, bot = rig.telegram.world, rig.bot.id
    hooked = any(rig.channel.routes())
    await until(lambda: world.hooks[bot].url if hooked else rig.telegram.polls.waits(bot))


class _Doors:
    """The desk's web server, made before the channel it leads to."""

    def __init__(self) -> None:
        self._channel: Telegram | None = None

    def leads_to(self, channel: Telegram) -> None:
        self._channel = channel

    async def answer(self, request: web.Request) -> web.StreamResponse:
        for route in self._channel.routes() if self._channel else ():
            if (route.method, route.path) == (request.method, request.path):
                answer: web.StreamResponse = await route.handler(request)
                return answer
        raise web.HTTPNotFound


@asynccontextmanager
async def _door() -> AsyncIterator[tuple[str, _Doors]]:
    doors = _Doors()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", doors.answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}", doors
    finally:
        await runner.cleanup()
