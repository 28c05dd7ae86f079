"""What came to processes that do not run the desk, on PostgreSQL: many keep, one decides.

Whoever waits while an insert is under way goes into the next one: one statement for all of them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import msgspec

from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import Instant
from bridge.ports.arrivals import INBOX, Arrival
from bridge.ports.channel import ChannelEvent
from bridge.ports.failpoints import failpoint
from bridge.ports.store import JournalEntry
from storage.mapping.arrivals import arrival, arrival_row
from storage.mapping.row import Row
from storage.postgres.answering import columns, without_nul
from storage.postgres.bells import RING
from storage.postgres.compiled import SQL
from storage.postgres.connect import TROUBLE, end, explained, finish, is_refusal
from storage.postgres.horizon import TOLD_WITHIN, Horizon

Connect = Callable[[], Awaitable[asyncpg.Connection]]

BY_INDEX = {"enable_seqscan": "off", "enable_bitmapscan": "off"}
"""A queue looks small whenever it is empty: a plan that is made then would read it whole later."""

MOST_WAITING = 10_000
_LARGEST_GROUP = 512
_LOOKS_AGAIN = 0.5

# In one statement, which is a transaction of its own: whoever hears the bell finds the rows.
_BELL = RING.replace("$1", "$8")
_KEEP = SQL["keep_arrivals"].replace("WITH ", f"WITH rung AS ({_BELL}), ", 1)

_encode = msgspec.json.Encoder().encode


class _Kept:
    """One caller's row, and what becomes of it."""

    __slots__ = ("future", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(self, error: Exception | None) -> None:
        if self.future.done():
            return  # he went away, or was told
        if error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(error)


class PostgresArrivals:
    """See `bridge.ports.arrivals.Arrivals`. One connection, made when it is first needed."""

    def __init__(self, connect: Connect, *, told_within: float = TOLD_WITHIN) -> None:
        """Plans of this connection must not be made for an empty table; see `BY_INDEX`."""
        self._connect = connect
        self._told_within = told_within
        self._connection: asyncpg.Connection | None = None
        self._using = asyncio.Lock()
        self._waiting: list[_Kept] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._backlog = _Backlog()
        self.horizon = Horizon()

    async def keep(self, event: ChannelEvent, entry: JournalEntry | None, at: Instant) -> None:
        """See `Arrivals.keep`. When the answer is lost it may be there all the same."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        if self.overloaded:
            raise Overloaded("too much is waiting to be decided; try again in a second")
        kept = _Kept(arrival_row(at, _encode(event), entry))
        self._waiting.append(kept)
        if self._task is None:
            self._task = asyncio.create_task(self._groups(), name="arrivals")
        await kept.future

    @property
    def overloaded(self) -> bool:
        """Whether nothing is taken now."""
        return len(self._waiting) >= MOST_WAITING or self._backlog.is_too_long()

    async def waiting(self, limit: int) -> Sequence[Arrival]:
        """See `Arrivals.waiting`."""
        async with self._using:
            try:
                connection = await self._connected()
                look = self.horizon.look()
                rows = await connection.fetch(SQL["waiting_arrivals"], look.behind, limit)
            except TROUBLE as error:
                raise explained(error) from error
        self.horizon.found(look, [row[0] for row in rows])
        return [arrival(row) for row in rows]

    async def close(self) -> None:
        """Keep what waits and take nothing more; a database that is gone is not waited for."""
        self._closed = True
        await finish(self._task)
        if self._connection is not None:
            await end(self._connection)

    # --- groups -----------------------------------------------------------------------------

    async def _groups(self) -> None:
        group: list[_Kept] = []
        try:
            while self._waiting:
                group = self._waiting[:_LARGEST_GROUP]
                del self._waiting[:_LARGEST_GROUP]
                await self._keep(group)
        finally:
            self._task = None
            error = StorageUnavailable("the database was closed meanwhile")
            for kept in (*group, *self._waiting):
                kept.settle(error)  # only when the end did not wait

    async def _keep(self, group: list[_Kept]) -> None:
        """One statement; what is refused is found by giving each row one of its own."""
        try:
            await self._insert([kept.row for kept in group])
        except TROUBLE as error:
            if is_refusal(error) and len(group) > 1:
                for kept in group:
                    await self._keep([kept])
                return
            self._settle(group, explained(error))
        except StorageUnavailable as error:
            self._settle(group, error)
        else:
            failpoint("arrivals.kept")
            self._settle(group, None)

    def _settle(self, group: list[_Kept], error: Exception | None) -> None:
        for kept in group:
            kept.settle(error)

    async def _insert(self, rows: Sequence[Row]) -> None:
        """Have them on disk. Raises `StorageUnavailable` when that took too long to say so."""
        given = columns(without_nul(rows))
        async with self._using:
            connection = await self._connected()
            began = time.monotonic()
            try:
                async with asyncio.timeout(self._told_within):
                    newest, lowest = await connection.fetchrow(
                        _KEEP, self._backlog.behind, *given, INBOX
                    )
            except BaseException:
                connection.terminate()  # whatever it was, the next one begins anew
                raise
        if time.monotonic() - began > self._told_within:  # a frozen process hears before its timers
            raise StorageUnavailable("the database cannot be used now: it took too long")
        self._backlog.known(newest=newest, lowest=lowest)

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
        return self._connection


class _Backlog:
    """About how much waits, as the last insert found it: numbers are given one after the other."""

    def __init__(self) -> None:
        self.behind = 0
        self._length = 0
        self._known_at = 0.0

    def known(self, newest: int, lowest: int | None) -> None:
        """`lowest` waited before, if anything did, and `newest` was added."""
        self._length = 0 if lowest is None else newest - lowest
        self.behind = (newest if lowest is None else lowest) - 1
        self._known_at = time.monotonic()

    def is_too_long(self) -> bool:
        """Whether it was a moment ago; after that somebody has to find out."""
        if self._length < MOST_WAITING:
            return False
        return time.monotonic() - self._known_at < _LOOKS_AGAIN
