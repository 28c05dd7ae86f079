"""One desk in one process: started in order, stopped so that nothing under way is lost."""

import asyncio
import time
from collections.abc import Hashable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Self, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bridge.app.adapters import Outbound, stop_all
from bridge.app.first_admin import Invited, first_way_in
from bridge.app.lock import DeskLock
from bridge.app.storing import ENGINE, Database
from bridge.app.tidying import Tidying
from bridge.commands.registry import declared
from bridge.delivery.calling import Adapters
from bridge.delivery.dispatcher import Dispatcher
from bridge.domain.errors import InvalidSettings, Overloaded, StorageUnavailable
from bridge.domain.ids import SECOND, Instant, Language, after
from bridge.engine.engine import Engine
from bridge.engine.lines.typing import TypingHints
from bridge.engine.reading.reader import Reader
from bridge.engine.sinks import EngineBotSink, EngineChannelSink, EngineWorkspaceSink
from bridge.ports.bot import SpeaksFirst
from bridge.ports.channel import ShowsTyping
from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Held
from bridge.ports.http import HasPage
from bridge.settings import Settings
from bridge.web.health import Health, Phase
from bridge.web.server import Server

log = structlog.get_logger()

FIRST_AGENT = 'deskbridge agents add ana "Ana" --admin --email ana@example.com --invite'
_TICK_SECONDS = 1
_SIGN_OF_LIFE = 10 * SECOND
_ASKED_SECONDS = 4.0

# The shares of `[server] drain` that each part of a stop may take; a tenth is left for closing.
_ACCEPTED, _TICK, _CALLS, _ADAPTERS, _ENGINE = 0.2, 0.1, 0.35, 0.15, 0.1

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What an app is made of. `serving` is false when only the API is wanted for a moment."""

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
    lock: DeskLock
    serving: bool


class App:
    """A desk. `start` it once and `stop` it once, or use `async with`; made by `build`."""

    def __init__(self, parts: Parts) -> None:
        """Nothing runs yet."""
        self.parts = parts
        self._ticks = AsyncIOScheduler(timezone="UTC")
        self._ticking = asyncio.Lock()
        self._tidying = Tidying(parts.adapters, parts.engine.clock)
        self._stopped = False
        self._sign_of_life_at = Instant(0)
        self._leading = AsyncExitStack()
        self._held: Held | None = None

    @property
    def brand(self) -> str:
        """What customers see."""
        return self.parts.settings.desk.brand

    def hints(self) -> list[str]:
        """What whoever has just started it may want to do next."""
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

    async def start(self) -> None:
        """Serve. Raises `InvalidSettings`, `CredentialsRejected`, `StorageUnavailable`."""
        began = time.perf_counter()
        parts = self.parts
        await parts.server.listen()
        await self._lead()
        open_deliveries = await parts.engine.start(parts.dispatcher)
        if parts.serving:
            await self._start_adapters()
            parts.dispatcher.resume(open_deliveries)
            self._tick_each_second()
        parts.lock.announce(self.url, parts.settings.file)
        parts.health.phase = Phase.READY
        log.info("started", url=self.url, ms=round((time.perf_counter() - began) * 1000))

    async def _lead(self) -> None:
        """Wait until no other process runs this desk. Until then we are a stand-by."""
        parts = self.parts
        parts.health.phase = Phase.STANDBY
        entering = parts.database.holding.hold(ENGINE)
        try:
            async with asyncio.timeout(None if parts.serving else _ASKED_SECONDS):
                held = await self._leading.enter_async_context(entering)
        except TimeoutError:
            raise InvalidSettings(
                "another process runs this desk: ask where it runs, or stop it first"
            ) from None
        await parts.database.lead(held)
        parts.health.phase = Phase.STARTING
        self._held = held

    async def deposed(self) -> None:
        """Wait until another process runs this desk: then there is nothing left to do but stop."""
        if self._held is not None:
            await self._held.deposed.wait()

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
            await workspace.start(sink, declared(engine.desk.options))
        for channel_id, channel in adapters.channels.items():
            await channel.start(EngineChannelSink(engine, typing, channel_id))

    def _tick_each_second(self) -> None:
        self._ticks.add_job(
            self._tick, "interval", seconds=_TICK_SECONDS, coalesce=True, max_instances=1
        )
        self._ticks.add_job(
            self._tidying.look, "interval", seconds=_TICK_SECONDS, coalesce=True, max_instances=1
        )
        self._ticks.start()

    async def _tick(self) -> None:
        engine = self.parts.engine
        async with self._ticking:
            try:
                await engine.tick()
                if engine.clock.now() >= self._sign_of_life_at:
                    await self._show_life()
            except (StorageUnavailable, Overloaded) as failure:
                log.warning("tick_failed", error=str(failure))  # what is due stays due

    async def _show_life(self) -> None:
        """Note on disk that the desk runs: the next start counts from here how long it did not."""
        now = self.parts.engine.clock.now()
        await self.parts.database.seen(now)
        self._sign_of_life_at = after(now, _SIGN_OF_LIFE)

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
        await self._stop_ticking(seconds * _TICK)
        if parts.serving:
            await parts.dispatcher.stop(seconds * _CALLS)
            await stop_all(parts.adapters, seconds * _ADAPTERS)
        await self._stop_engine(seconds * _ENGINE)
        await parts.server.close()
        await parts.http.close()
        await self._leading.aclose()
        failpoint("stop.drained")
        await parts.database.close()
        parts.lock.release()
        log.info("stopped", ms=round((time.perf_counter() - began) * 1000))

    async def _stop_ticking(self, seconds: float) -> None:
        if not self._ticks.running:
            return
        self._ticks.remove_all_jobs()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._ticking, self._tidying.busy:
                pass  # the last ones are over
        self._ticks.shutdown(wait=False)
        try:
            await self._show_life()
        except StorageUnavailable as failure:
            log.warning("sign_of_life_failed", error=str(failure))

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
