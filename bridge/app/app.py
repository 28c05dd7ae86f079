"""One desk in one process: started in order, stopped so that nothing under way is lost."""

import asyncio
import time
from collections.abc import Hashable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self, TypeVar

import structlog

from bridge.app.adapters import Outbound, stop_all
from bridge.app.customers.erasing import Erasing
from bridge.app.first_admin import Invited, first_way_in
from bridge.app.lock import DeskLock
from bridge.app.replica import Replica
from bridge.app.storing import Database, leading
from bridge.app.ticking import Ticking
from bridge.app.tidying import Tidying
from bridge.commands.registry import declared
from bridge.delivery.calling import Adapters
from bridge.delivery.dispatcher import Dispatcher
from bridge.domain.delivery import Side
from bridge.domain.ids import SECOND, Language
from bridge.engine.engine import Engine
from bridge.engine.lines.typing import TypingHints
from bridge.engine.reading.reader import Reader
from bridge.engine.sinks import EngineBotSink, EngineChannelSink, EngineWorkspaceSink
from bridge.ports.bot import SpeaksFirst
from bridge.ports.channel import ShowsTyping
from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Held, Role
from bridge.ports.http import HasPage
from bridge.ports.workspace import BeginsLater
from bridge.settings import Settings
from bridge.web.health import Health, Phase
from bridge.web.server import Server

log = structlog.get_logger()

FIRST_AGENT = 'deskbridge agents add ana "Ana" --admin --email ana@example.com --invite'

# The shares of `[server] drain` that each part of a stop may take; a tenth is left for closing.
_ACCEPTED, _TICK, _CALLS, _ADAPTERS, _ENGINE = 0.2, 0.1, 0.35, 0.15, 0.1

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What an app is made of. `serving` is false when only the API is wanted for a moment.

    `replica` is there where several processes may serve one desk.
    """

    settings: Settings
    url: str
    operator: str
    database: Database
    adapters: Adapters
    engine: Engine
    reader: Reader
    dispatcher: Dispatcher
    server: Server
    health: Health
    http: Outbound
    erasing: Erasing
    lock: DeskLock
    serving: bool
    replica: Replica | None


class App:
    """A desk. `start` it once and `stop` it once, or use `async with`; made by `build`."""

    def __init__(self, parts: Parts) -> None:
        """Nothing runs yet."""
        self.parts = parts
        tidying = Tidying(parts.adapters, parts.engine.clock)
        self._ticking = Ticking(parts.engine, parts.database, tidying)
        self._stopped = False
        self._leading = AsyncExitStack()
        self._held: Held | None = None

    @property
    def brand(self) -> str:
        """What customers see."""
        return self.parts.settings.desk.brand

    def hints(self) -> list[str]:
        """What whoever has just started it may want to do next."""
        return [*self._left_out(), *self._unstaffed()]

    def _left_out(self) -> list[str]:
        return [
            f"[{place}] is left out until it lets us in, what is for it waits: {said}"
            for place, said in sorted(self.parts.dispatcher.paused.items())
        ]

    def _unstaffed(self) -> list[str]:
        if not any(agent.active for agent in self.parts.engine.desk.agents):
            return [f"Nobody can answer yet: {FIRST_AGENT}"]
        return []

    async def first_way_in(self) -> str | Invited | None:
        """A one-time link for the first admin, while none can sign in; or who has one."""
        return await first_way_in(self.parts.engine, self.parts.adapters)

    def pages(self, language: Language) -> list[tuple[str, str]]:
        """The pages that people open, the team's first: what each is called, and its address."""
        base = self.parts.settings.server.public_url or self.url
        adapters = self.parts.adapters
        every = (*adapters.workspaces.values(), *adapters.channels.values())
        pages = [each.page(language) for each in every if isinstance(each, HasPage)]
        return [(page.title, base + page.path) for page in pages]

    @property
    def url(self) -> str:
        """Where this process itself can be reached."""
        return self.parts.url

    @property
    def operator(self) -> str:
        """The command line's token."""
        return self.parts.operator

    @property
    def leads(self) -> bool:
        """Whether this process runs the desk."""
        return self._held is not None

    async def start(self) -> None:
        """Serve; returns when this process runs the desk, or will never be asked to.

        One of several takes what customers send long before that.
        A platform that refuses us, or cannot be reached, is left out until it does not; the others
        go on. Raises `InvalidSettings`, `StorageUnavailable`.
        """
        began = time.perf_counter()
        parts, replica = self.parts, self.parts.replica
        await parts.server.listen()
        if replica is not None:
            await replica.begin()
            if replica.role is Role.WEB:
                return
        entering = leading(parts.database, patient=parts.serving)
        held = self._held = await self._leading.enter_async_context(entering)
        if parts.health.phase is Phase.INTAKE:
            parts.health.phase = Phase.CATCHING_UP
        open_deliveries = await parts.engine.start(parts.dispatcher)
        if parts.serving:
            await self._start_adapters()
            parts.dispatcher.resume(open_deliveries)
            self._ticking.start()
        parts.erasing.start()
        parts.lock.announce(self.url, parts.settings.file)
        parts.health.phase = Phase.READY
        if replica is not None:
            await replica.tell(held, parts.engine.arrived)
        log.info("started", url=self.url, ms=round((time.perf_counter() - began) * 1000))

    async def deposed(self) -> None:
        """Wait until another process runs this desk: then there is nothing left to do but stop.

        Who never ran it waits for ever.
        """
        await (asyncio.Event() if self._held is None else self._held.deposed).wait()

    async def _start_adapters(self) -> None:
        """Bots first and channels last: who writes at once finds somebody who answers."""
        adapters, engine, reader = self.parts.adapters, self.parts.engine, self.parts.reader
        typing = TypingHints(engine.desk)
        typing.connect(_typists(adapters.channels), _typists(adapters.workspaces))
        for bot_id, bot in adapters.bots.items():
            _let_speak(bot, EngineBotSink(engine, self.parts.database.reads, bot_id))
            await bot.start()
        for id_, workspace in adapters.workspaces.items():
            sink = EngineWorkspaceSink(engine, reader, typing, id_)
            if isinstance(workspace, BeginsLater):
                workspace.report_to(self.parts.dispatcher.access((Side.WORKSPACE, id_)))
            await workspace.start(sink, declared(engine.desk.options))
        sink_of = partial(EngineChannelSink, engine, typing)
        if self.parts.replica is not None:
            await self.parts.replica.lead(sink_of)
            return
        for channel_id, channel in adapters.channels.items():
            await channel.start(sink_of(channel_id))

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, close; within `[server] drain`."""
        if self._stopped:
            return
        self._stopped = True
        began = time.perf_counter()
        parts = self.parts
        seconds = parts.settings.server.drain / SECOND
        parts.health.phase = Phase.DRAINING
        failpoint("stop.begun")
        await parts.server.stop_accepting()
        await parts.health.quiet(seconds * _ACCEPTED)
        await self._ticking.stop(seconds * _TICK)
        if parts.replica is not None:
            await parts.replica.deaf()
        if parts.serving:
            await parts.dispatcher.stop(seconds * _CALLS)
            await stop_all(parts.adapters, seconds * _ADAPTERS)
        await parts.erasing.stop()
        await self._stop_engine(seconds * _ENGINE)
        await parts.server.close()
        if parts.replica is not None:
            await parts.replica.end()
        await parts.http.close()
        await self._leading.aclose()
        failpoint("stop.drained")
        await parts.database.close()
        parts.lock.release()
        log.info("stopped", ms=round((time.perf_counter() - began) * 1000))

    async def _stop_engine(self, seconds: float) -> None:
        """It writes what it was handed; then nobody needs the database any more."""
        try:
            async with asyncio.timeout(seconds):
                await self.parts.engine.stop()
        except TimeoutError:
            log.warning("engine_hangs", waiting=self.parts.engine.waiting)

    async def __aenter__(self) -> Self:
        """Start; what was begun is undone when that fails."""
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()


def _let_speak(bot: object, sink: EngineBotSink) -> None:
    if isinstance(bot, SpeaksFirst):
        bot.connect(sink)


def _typists(adapters: Mapping[Id, object]) -> dict[Id, ShowsTyping]:
    """The ones that can show that somebody is typing."""
    return {id_: each for id_, each in adapters.items() if isinstance(each, ShowsTyping)}
