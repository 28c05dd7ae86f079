"""Names that one process at a time holds, for as long as it says so in time.

A row says who holds a name and until when, on the database's clock. The row outlives whoever is
killed or frozen by a few seconds; whoever takes the name then raises its epoch, and what an
earlier holder still wants to write under the old one is refused by the database itself.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Held
from storage.mapping.row import Cell
from storage.postgres.compiled import NAMED, SQL
from storage.postgres.connect import TROUBLE, end
from storage.postgres.holder import is_gone, signature

Connect = Callable[[], Awaitable[asyncpg.Connection]]

LASTS = 3.0
"""Seconds that a name is held after its holder last said so."""
RENEWED = 1.0
_LOOKED_AT = 0.5

log = structlog.get_logger()


class Lost(asyncio.Event):
    """Set when it is, and by itself once its time is over: also for who slept through that."""

    def __init__(self) -> None:
        """The first time has not begun; see `good_until`."""
        super().__init__()
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def good_until(self, moment: float) -> None:
        """Not lost before this moment of the monotonic clock; once lost, lost for good."""
        was_lost = self.is_set()
        self._until = moment
        if was_lost:
            return
        if self._timer is not None:
            self._timer.cancel()
        seconds = max(moment - time.monotonic(), 0)
        self._timer = asyncio.get_running_loop().call_later(seconds, self.set)

    def is_set(self) -> bool:
        """Whoever wakes up late is told before any timer runs."""
        if not super().is_set() and self._until and time.monotonic() >= self._until:
            self.set()
        return super().is_set()

    def sure(self) -> bool:
        """Whether that moment has not come: also after it was lost, and nobody else had it."""
        return time.monotonic() < self._until

    def end(self) -> None:
        """Nobody asks any more."""
        if self._timer is not None:
            self._timer.cancel()


class Leases:
    """See `bridge.ports.holding.Holding`. One connection for all names of this process."""

    def __init__(self, connect: Connect, *, lasts: float = LASTS, renewed: float = RENEWED) -> None:
        """Connected when the first name is wanted. Both are seconds."""
        self._connect = connect
        self._lasts = lasts
        self._renewed = renewed
        self._connection: asyncpg.Connection | None = None
        self._using = asyncio.Lock()
        self._holder = signature()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[Held]:
        """Hold it from entering to leaving; entering waits until nobody else does."""
        lost = Lost()
        began, epoch = await self._taken(name)
        lost.good_until(began + self._lasts)
        held = Held(epoch=epoch, lost=lost, sure=lost.sure)
        keeping = asyncio.create_task(self._keep(name, held, lost), name=f"lease {name}")
        try:
            yield held
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            lost.end()
            failpoint("lease.release")
            with suppress(*TROUBLE):
                await self._run("release_lease", name=name, epoch=epoch)
            failpoint("lease.released")

    async def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            await end(self._connection)

    async def _taken(self, name: str) -> tuple[float, int]:
        """Wait until it is ours: since when at the latest, and under which epoch."""
        in_trouble = waits = False
        while True:
            began = time.monotonic()
            try:
                # Looking first, because trying would lock the row of whoever writes under it.
                holder = await self._run("who_holds", name=name)
                if holder is None or is_gone(str(holder)):
                    epoch = await self._take(name, gone=str(holder or ""))
                    if epoch is not None:
                        failpoint("lease.taken")
                        return began, epoch
                elif not waits:
                    log.info("standing_by", name=name, holder=str(holder).partition(" ")[0])
                    waits = True
                in_trouble = False
            except TROUBLE as error:
                if not in_trouble:
                    log.warning("lease_trouble", name=name, error=str(error))
                in_trouble = True
            await asyncio.sleep(_LOOKED_AT)

    async def _take(self, name: str, gone: str) -> int | None:
        """The epoch; None when another was quicker. Who is `gone` need not be waited for."""
        epoch = await self._run(
            "take_lease",
            name=name,
            holder=self._holder,
            lasts=round(self._lasts * 1_000),
            gone=gone,
        )
        return None if epoch is None else int(epoch)

    async def _keep(self, name: str, held: Held, lost: Lost) -> None:
        """Say again and again that it is ours, until another has it."""
        while True:
            await asyncio.sleep(self._renewed)
            began = time.monotonic()
            failpoint("lease.renew")
            try:
                renewed = await self._run(
                    "renew_lease", name=name, epoch=held.epoch, lasts=round(self._lasts * 1_000)
                )
            except TROUBLE as error:
                log.warning("lease_trouble", name=name, error=str(error))
                continue
            if renewed is None:
                lost.set()
                lost.good_until(0.0)
                held.deposed.set()
                return
            failpoint("lease.renewed")
            lost.good_until(began + self._lasts)

    async def _run(self, statement: str, **values: Cell) -> int | str | None:
        """The first value it gives; None when it gives no row."""
        async with self._using:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect()
            try:
                given = (values[name] for name in NAMED[statement])
                found: int | str | None = await self._connection.fetchval(SQL[statement], *given)
                return found
            except asyncpg.PostgresError:
                raise
            except BaseException:
                self._connection.terminate()
                raise
