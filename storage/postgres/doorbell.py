"""The doorbell of a desk on PostgreSQL: one process rings, another hears it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import SECOND, Instant
from bridge.ports.doorbell import Answer
from storage.bells import answered, pause
from storage.crontab import Crontab
from storage.postgres.bells import CRON, LASTS, RING, RING_AT, Bell, Bells, Connect, bells, moment
from storage.postgres.connect import TROUBLE, end, unavailable

_LOOKED_AT = 1.0
"""Seconds until who hears nothing looks all the same."""
_PATIENCE = 1.0
"""Seconds between two attempts to reach the database, at most."""
_MARGIN = 0.02

log = structlog.get_logger()


class PostgresDoorbell:
    """See `bridge.ports.doorbell.Doorbell`. To ring in a transaction of one's own: `RING`."""

    def __init__(self, connect: Connect, *, lasts: float = LASTS) -> None:
        """Connected when first rung. Who is silent for `lasts` seconds answers no more."""
        self._connect = connect
        self._lasts = lasts
        self._connection: asyncpg.Connection | None = None
        self._using = asyncio.Lock()
        self._closed = False

    async def ring(self, name: str) -> None:
        """Have whoever answers this name look."""
        await self._write(RING, name)

    async def ring_at(self, name: str, at: Instant) -> None:
        """The same, not before this moment of the database's clock."""
        await self._write(RING_AT, name, moment(at))

    async def cron(self, name: str, expression: str) -> None:
        """Ring it again and again, as long as anybody answers it."""
        first = Crontab(expression).after(Instant(time.time_ns() // (SECOND * SECOND)))
        await self._write(CRON, name, expression, moment(first))

    async def run(self, answers: Mapping[str, Answer]) -> None:
        """Answer these names until cancelled."""
        answering = _Answering(answers)
        failures = 0
        try:
            while True:
                try:
                    async with bells(self._connect, self._lasts) as rung, answering.over(rung):
                        while True:
                            await answering.turn(rung)
                            failures = 0
                except TROUBLE as error:
                    if not failures:  # once, however long the database is away
                        said = str(error) or type(error).__name__
                        log.warning("doorbell_trouble", error=said)
                await asyncio.sleep(min(pause(failures), _PATIENCE))
                failures += 1
        finally:
            await answering.end()

    async def drain(self, answers: Mapping[str, Answer]) -> int:
        """Answer everything that is due now, here, and say how many bells that were."""
        names = list(answers)
        count = 0
        with unavailable():
            async with bells(self._connect, self._lasts) as rung:
                await rung.look_around(names)
                while picked := await rung.pick(names):
                    for bell in picked:
                        done = await answered(bell.name, answers[bell.name])
                        await rung.settle(bell, answered=done)
                        count += bell.rung if done else 0
        return count

    async def close(self) -> None:
        """Let go of the connection."""
        self._closed = True
        if self._connection is not None:
            await end(self._connection)

    async def _write(self, statement: str, *values: object) -> None:
        if self._closed:
            raise StorageUnavailable("the database is closed")
        with unavailable():
            async with self._using:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await self._connect()
                try:
                    await self._connection.execute(statement, *values)
                except asyncpg.PostgresError:
                    raise
                except BaseException:
                    self._connection.terminate()
                    raise


class _Answering:
    """One `run`: an answer that is under way outlasts the connection over which it was rung."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        """Nobody has rung."""
        self._answers = answers
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._heard = asyncio.Event()

    @asynccontextmanager
    async def over(self, rung: Bells) -> AsyncIterator[None]:
        """Hear what is rung over this connection; who stops gives back what is his before it."""
        await rung.listen(self._heard.set)
        await rung.ring(self._answers)
        try:
            yield
        except asyncio.CancelledError:
            await self.end()
            raise

    async def turn(self, rung: Bells) -> None:
        """Have answered what is rung, or wait for it. Raises what breaks the connection."""
        self._heard.clear()
        await rung.look_around(list(self._answers))
        free = [name for name in self._answers if name not in self._busy]
        picked = await rung.pick(free)
        for bell in picked:
            self._busy[bell.name] = asyncio.create_task(
                self._answer(rung, bell), name=f"doorbell {bell.name}"
            )
        if not picked:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKED_AT):
                    await self._heard.wait()

    async def _answer(self, rung: Bells, bell: Bell) -> None:
        try:
            done = await answered(bell.name, self._answers[bell.name])
            with suppress(*TROUBLE):  # then it is free again with its connection
                await rung.settle(bell, answered=done)
            if not done:
                loop = asyncio.get_running_loop()
                loop.call_later(pause(bell.failures) + _MARGIN, self._heard.set)
        finally:
            del self._busy[bell.name]
            self._heard.set()

    async def end(self) -> None:
        """Break off what is under way."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
