"""What a desk does every second: what is due, its sign of life, and tidying up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bridge.app.storing import Database
from bridge.app.tidying import Tidying
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import SECOND, Instant, after
from bridge.engine.engine import Engine

log = structlog.get_logger()

_SECONDS = 1
_SIGN_OF_LIFE = 10 * SECOND


class Ticking:
    """Ticks from `start` to `stop`."""

    def __init__(self, engine: Engine, database: Database, tidying: Tidying) -> None:
        """It does not tick yet."""
        self._engine = engine
        self._database = database
        self._tidying = tidying
        self._ticks = AsyncIOScheduler(timezone="UTC")
        self._busy = asyncio.Lock()
        self._sign_of_life_at = Instant(0)
        self._stopping = False

    def start(self) -> None:
        """Tick from now on."""
        for work in (self._tick, self._tidying.look):
            self._ticks.add_job(
                partial(self._to_its_end, work),
                "interval",
                seconds=_SECONDS,
                coalesce=True,
                max_instances=1,
            )
        self._ticks.start()

    async def stop(self, seconds: float) -> None:
        """Tick no more; the last ones are waited for so long."""
        if not self._ticks.running:
            return
        self._stopping = True
        self._ticks.remove_all_jobs()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._busy, self._tidying.busy:
                pass  # the last ones are over
        self._ticks.shutdown(wait=False)
        try:
            await self._show_life()
        except StorageUnavailable as failure:
            log.warning("sign_of_life_failed", error=str(failure))

    async def _to_its_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """A stop that has waited long enough cuts it off: what is due stays due."""
        try:
            await work()
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            log.warning("tick_cut_off")

    async def _tick(self) -> None:
        async with self._busy:
            try:
                await self._engine.tick()
                if self._engine.clock.now() >= self._sign_of_life_at:
                    await self._show_life()
            except (StorageUnavailable, Overloaded) as failure:
                log.warning("tick_failed", error=str(failure))  # what is due stays due

    async def _show_life(self) -> None:
        """Note on disk that the desk runs: the next start counts from here how long it did not."""
        now = self._engine.clock.now()
        await self._database.seen(now)
        self._sign_of_life_at = after(now, _SIGN_OF_LIFE)
