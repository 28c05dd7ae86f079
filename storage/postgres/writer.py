"""One writer: whatever waits while a commit is under way goes into the next one.

A connection may die when the commit was sent and its answer not received. Then nobody knows
whether it was made, and nothing is decided until the database has been asked: every transaction
leaves a mark that is there if it was committed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import asyncpg
import structlog

from bridge.domain.errors import NotLeading, StorageUnavailable
from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Held
from storage.postgres.connect import TROUBLE, end, explained, finish, is_outdated, is_refusal
from storage.postgres.doubt import Doubt
from storage.postgres.layout import Layout
from storage.postgres.transaction import OneTrip, Transaction, look_who_leads

T = TypeVar("T")
Connect = Callable[[], Awaitable[asyncpg.Connection]]

log = structlog.get_logger()


class Write(Generic[T]):
    """One caller's part of a transaction.

    `run` writes and gives the result; `committed` is called with it, in order, once it is on
    disk. `refused` says what to raise when a statement is refused, after the roll-back. What is
    `one_trip` calls `Transaction.write` once and nothing else.
    """

    __slots__ = ("committed", "error", "future", "one_trip", "refused", "result", "run")

    def __init__(
        self,
        run: Callable[[Transaction], Awaitable[T]],
        committed: Callable[[T], None] | None = None,
        refused: Callable[[asyncpg.Connection, Exception], Awaitable[Exception]] | None = None,
        *,
        one_trip: bool = False,
    ) -> None:
        """A batch says `refused`; there is one in a transaction at most."""
        self.run = run
        self.committed = committed
        self.refused = refused
        self.one_trip = one_trip
        self.future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.result: T | None = None
        self.error: Exception | None = None

    def settle(self) -> None:
        """Tell the caller what became of it."""
        if self.error is None and self.committed is not None:
            self.committed(self.result)  # type: ignore[arg-type]  # `run` gave it
        if self.future.done():
            return  # he went away
        if self.error is None:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # `run` gave it
        else:
            self.future.set_exception(self.error)


Turn = list[Write[Any]]  # callers of one turn expect different results


class Writer:
    """The only one who writes. Callers are grouped: one transaction, one sync, for all who wait."""

    def __init__(self, connect: Connect) -> None:
        """A connection is made when there is something to write, and made again when it broke."""
        self._connect = connect
        self._connection: asyncpg.Connection | None = None
        self._layout = Layout({})
        self._doubt = Doubt(self._connected)
        self._waiting: Turn = []
        self._task: asyncio.Task[None] | None = None
        self._held: Held | None = None
        self._stands_by = False
        self._closed = False
        self._mark = 0

    def lead(self, held: Held) -> None:
        """From now on write as who holds the desk's name: and nothing once another does."""
        self._held = held
        self._stands_by = False

    def stand_by(self) -> None:
        """Until `lead`, another process runs the desk."""
        self._stands_by = True

    def only_who_leads(self) -> None:
        """Raise `NotLeading` as long as that is so."""
        if self._stands_by:
            raise NotLeading("another process runs this desk")

    async def write(self, write: Write[T]) -> T:
        """Have it written; returns when it is on disk.

        Raises `StorageUnavailable`: then nothing was written. While it is not known whether
        something was, nothing is raised and nothing returns.
        """
        if self._closed:
            raise StorageUnavailable("the database is closed")
        self._waiting.append(write)
        if self._task is None:
            self._task = asyncio.create_task(self._turns(), name="writer")
        return await write.future

    async def close(self) -> None:
        """Write what waits and take nothing more; a database that is gone is not waited for."""
        self._closed = True
        await finish(self._task)
        if self._connection is not None:
            await end(self._connection)

    # --- turns ------------------------------------------------------------------------------

    async def _turns(self) -> None:
        turn: Turn = []
        try:
            while self._waiting:
                turn = self._take()
                await self._write(turn)
        finally:
            self._task = None
            for write in (*turn, *self._waiting):
                if not write.future.done():  # only when the end did not wait
                    write.error = StorageUnavailable("the database was closed meanwhile")
                    write.settle()

    def _take(self) -> Turn:
        """All that waits, but one batch at most: if it is refused, it goes alone."""
        batch = next((write for write in self._waiting if write.refused is not None), None)
        turn = [write for write in self._waiting if write is batch or write.refused is None]
        self._waiting = [w for w in self._waiting if w.refused is not None and w is not batch]
        turn.sort(key=lambda write: write is not batch)
        return turn

    async def _write(self, turn: Turn) -> None:
        """One transaction; what is refused is found by giving each caller one of his own."""
        try:
            connection = await self._connected()
            await self._transaction(connection, turn)
        except StorageUnavailable as error:
            self._settle(turn, error)
        except TROUBLE as error:
            self._settle(turn, explained(error))
        except _Refused as refused:
            if len(turn) > 1:
                for write in turn:
                    await self._write([write])
            else:
                self._settle(turn, refused.error)
        else:
            self._settle(turn, None)

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            connection = await self._connect()
            try:
                self._layout = await Layout.of(connection)
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection
        return self._connection

    async def _transaction(self, connection: asyncpg.Connection, turn: Turn) -> None:
        failpoint("writer.begin")
        try:
            if len(turn) == 1 and turn[0].one_trip:
                await self._at_once(connection, turn[0])
            else:
                await self._step_by_step(connection, turn)
        except StorageUnavailable:
            raise
        except Exception as error:
            if is_outdated(error):  # it knows our tables as they were before they were migrated
                self._drop(connection)
            elif is_refusal(error):
                raise _Refused(await self._reason(connection, turn, error)) from error
            raise
        failpoint("writer.committed")

    async def _at_once(self, connection: asyncpg.Connection, write: Write[Any]) -> None:
        """Two trips less than step by step: the database begins and commits by itself."""
        mark = self._next_mark()
        transaction = OneTrip(connection, self._layout, self._held, mark, self._doubt)
        write.result = await write.run(transaction)

    async def _step_by_step(self, connection: asyncpg.Connection, turn: Turn) -> None:
        mark = self._next_mark()
        transaction = Transaction(connection, self._layout, self._held, mark)
        try:
            await connection.execute("BEGIN")
            for write in turn:
                write.result = await write.run(transaction)
            await transaction.fence()
        except Exception:
            await self._roll_back(connection)
            raise
        failpoint("writer.filled")
        try:
            await connection.execute("COMMIT")
        except TROUBLE as error:
            await self._doubt.settle(connection, mark, error)

    def _next_mark(self) -> int:
        """Never the same twice, and greater than any before, whatever the clock does."""
        self._mark = max(self._mark + 1, time.time_ns())
        return self._mark

    async def _reason(
        self, connection: asyncpg.Connection, turn: Turn, error: Exception
    ) -> Exception:
        """Why, in the caller's words. Raises `Deposed`: what another wrote is no duplicate."""
        await look_who_leads(connection, self._held)
        refused = turn[0].refused
        if len(turn) > 1 or refused is None:
            return error
        return await refused(connection, error)

    async def _roll_back(self, connection: asyncpg.Connection) -> None:
        """Undo; a connection that cannot even do that is made anew next time."""
        try:
            await connection.execute("ROLLBACK")
        except TROUBLE:
            self._drop(connection)

    def _drop(self, connection: asyncpg.Connection) -> None:
        connection.terminate()
        self._connection = None

    def _settle(self, turn: Turn, error: Exception | None) -> None:
        for write in turn:
            write.error = error
            write.settle()
        failpoint("writer.told")


class _Refused(Exception):
    """The database is well and a statement is not."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error
