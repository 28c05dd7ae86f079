"""One desk in one process: started in order, stopped so that nothing under way is lost."""

import asyncio
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bridge.app.adapters import Outbound, stop_all
from bridge.app.lock import DeskLock
from bridge.app.storing import Database
from bridge.commands.registry import declared
from bridge.delivery.calling import Adapters
from bridge.delivery.dispatcher import Dispatcher
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.engine.engine import Engine
from bridge.engine.lines.typing import TypingHints
from bridge.engine.reading.reader import Reader
from bridge.engine.sinks import EngineChannelSink, EngineWorkspaceSink
from bridge.ports.channel import ShowsTyping
from bridge.settings import Settings
from bridge.web.health import Health, Phase
from bridge.web.server import Server

log = structlog.get_logger()

_TICK_SECONDS = 1

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
    """A desk. `start` it once and `stop` it once; made by `build`."""

    def __init__(self, parts: Parts) -> None:
        """Nothing runs yet."""
        self.parts = parts
        self._ticks = AsyncIOScheduler(timezone="UTC")
        self._stopped = False

    @property
    def brand(self) -> str:
        """What customers see."""
        return self.parts.settings.desk.brand

    def hints(self) -> list[str]:
        """What whoever has just started it may want to do next."""
        if not any(agent.active for agent in self.parts.engine.desk.agents):
            return ['Nobody can answer yet: deskbridge agents add ana "Ana" --admin --invite']
        return []

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
        open_deliveries = await parts.engine.start(parts.dispatcher)
        if parts.serving:
            await self._start_adapters()
            parts.dispatcher.resume(open_deliveries)
            self._tick_each_second()
        parts.lock.announce(self.url)
        parts.health.phase = Phase.READY
        log.info("started", url=self.url, ms=round((time.perf_counter() - began) * 1000))

    async def _start_adapters(self) -> None:
        """Bots first and channels last: who writes at once finds somebody who answers."""
        adapters, engine, reader = self.parts.adapters, self.parts.engine, self.parts.reader
        typing = TypingHints(engine.desk)
        typing.connect(_typists(adapters.channels), _typists(adapters.workspaces))
        for bot in adapters.bots.values():
            await bot.start()
        for id_, workspace in adapters.workspaces.items():
            sink = EngineWorkspaceSink(engine, reader, typing, id_)
            await workspace.start(sink, declared())
        for channel_id, channel in adapters.channels.items():
            await channel.start(EngineChannelSink(engine, typing, channel_id))

    def _tick_each_second(self) -> None:
        self._ticks.add_job(
            self._tick, "interval", seconds=_TICK_SECONDS, coalesce=True, max_instances=1
        )
        self._ticks.start()

    async def _tick(self) -> None:
        try:
            await self.parts.engine.tick()
        except (StorageUnavailable, Overloaded) as failure:
            log.warning("tick_failed", error=str(failure))  # what is due stays due

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, close; within `[server] drain`."""
        if self._stopped:
            return
        self._stopped = True
        began = time.perf_counter()
        parts = self.parts
        seconds = parts.settings.server.drain / 1000
        parts.health.phase = Phase.DRAINING
        await parts.server.stop_accepting()
        await parts.health.quiet(seconds / 4)
        if self._ticks.running:
            self._ticks.shutdown(wait=False)
        if parts.serving:
            await parts.dispatcher.stop(seconds / 2)
            await stop_all(parts.adapters, seconds / 8)
        await self._close()
        log.info("stopped", ms=round((time.perf_counter() - began) * 1000))

    async def _close(self) -> None:
        """The engine writes what it was handed; then nobody needs the database any more."""
        parts = self.parts
        try:
            async with asyncio.timeout(parts.settings.server.drain / 8000):
                await parts.engine.stop()
        except TimeoutError:
            log.warning("engine_hangs", waiting=parts.engine.waiting)
        await parts.server.close()
        await parts.http.close()
        await parts.database.close()
        parts.lock.release()


def _typists(adapters: Mapping[Id, object]) -> dict[Id, ShowsTyping]:
    """The ones that can show that somebody is typing."""
    return {id_: each for id_, each in adapters.items() if isinstance(each, ShowsTyping)}
