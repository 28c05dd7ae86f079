"""One writer: whatever waits while a commit is under way goes into the next one.

The statements of a turn run on the event loop, its commit on a thread of its own. Measured under
load (`docs/adr/0001-one-commit-per-batch.md`): the statements are microseconds of memory work,
but on a thread every row gives the interpreter's lock away and has to win it back from a busy
loop, while a commit gives it away once, for the whole of the disk's sync.
"""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from bridge.domain.errors import StorageUnavailable
from bridge.ports.failpoints import failpoint
from storage.sqlite.connect import is_busy, is_refusal

T = TypeVar("T")

_PATIENCE = 0.8
"""Seconds: who waits longer than one second for his answer asks somebody else."""
_BUSY_PAUSE = 0.02


class Write(Generic[T]):
    """One caller's part of a transaction.

    `run` writes and gives the result; `committed` is called with it, in order, once it is on
    disk. `refused` says what to raise when a statement is refused, after the roll-back.
    """

    __slots__ = ("committed", "error", "future", "refused", "result", "run")

    def __init__(
        self,
        run: Callable[[sqlite3.Connection], T],
        committed: Callable[[T], None] | None = None,
        refused: Callable[[sqlite3.Connection, Exception], Exception] | None = None,
    ) -> None:
        """A write of several statements must say `refused`; it is then undone alone."""
        self.run = run
        self.committed = committed
        self.refused = refused
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

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], patience: float = _PATIENCE
    ) -> None:
        """Open the connection and keep the way to open it again.

        For `patience` seconds it waits for somebody else who writes (a shell, another program).
        """
        self._connect = connect
        self._patience = patience
        self._connection: sqlite3.Connection | None = connect()
        self._waiting: Turn = []
        self._turning = False
        self._closed = False
        self._busy_until: float | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._commits: SimpleQueue[tuple[asyncio.AbstractEventLoop, Turn] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._commit_all, name="commits", daemon=True)
        self._thread.start()

    async def write(self, write: Write[T]) -> T:
        """Have it written; returns when it is on disk. Raises `StorageUnavailable`."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        self._waiting.append(write)
        if not self._turning:
            self._turning = True
            self._idle.clear()
            asyncio.get_running_loop().call_soon(self._turn)
        return await write.future

    async def stop(self) -> None:
        """Write what waits and take nothing more."""
        self._closed = True
        await self._idle.wait()

    def close(self) -> None:
        """Let go of the database; call it last, for the last one tidies up the log."""
        self._commits.put(None)
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    # --- one turn, on the event loop --------------------------------------------------------

    def _turn(self) -> None:
        """Fill one transaction with what waits and hand it to the thread to commit."""
        while self._waiting:
            failpoint("writer.begin")
            try:
                connection = self._begin()
            except (sqlite3.DatabaseError, StorageUnavailable) as error:
                if self._wait_a_moment(error):
                    return
                waiting, self._waiting = self._waiting, []
                self._fail(waiting, error)
                continue
            turn = self._take()
            if self._fill(connection, turn):
                failpoint("writer.filled")
                self._commits.put((asyncio.get_running_loop(), turn))
                return
        self._turning = False
        self._idle.set()

    def _begin(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.execute("BEGIN IMMEDIATE")
        self._busy_until = None
        return self._connection

    def _wait_a_moment(self, error: Exception) -> bool:
        """Come back while somebody else writes, for a moment, without blocking anybody.

        Once that was in vain, whoever comes is told at once, until it is possible again.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        if not is_busy(error) or now >= (self._busy_until or now + self._patience):
            return False
        self._busy_until = self._busy_until or now + self._patience
        loop.call_later(_BUSY_PAUSE, self._turn)
        return True

    def _take(self) -> Turn:
        """All that waits, but one batch at most: if it is refused, it goes alone."""
        batch = next((write for write in self._waiting if write.refused is not None), None)
        turn = [write for write in self._waiting if write is batch or write.refused is None]
        self._waiting = [w for w in self._waiting if w.refused is not None and w is not batch]
        turn.sort(key=lambda write: write is not batch)
        return turn

    def _fill(self, connection: sqlite3.Connection, turn: Turn) -> bool:
        """Run a turn's statements; false when nothing of it is left to be committed."""
        try:
            for write in turn:
                self._run(connection, write)
            if all(write.error is not None for write in turn):
                connection.rollback()
                self._settle(turn)
                return False
        except sqlite3.DatabaseError as error:
            self._fail(turn, error)
            return False
        return True

    def _run(self, connection: sqlite3.Connection, write: Write[Any]) -> None:
        try:
            write.result = write.run(connection)
        except Exception as error:  # one caller's fault is not the others'
            if isinstance(error, sqlite3.DatabaseError) and not is_refusal(error):
                raise
            if write.refused is None:
                write.error = error
                return
            connection.rollback()  # a batch is the first of its turn: nothing else is undone
            write.error = write.refused(connection, error)
            connection.execute("BEGIN IMMEDIATE")

    def _finished(self, turn: Turn, error: sqlite3.Error | None) -> None:
        if error is None:
            self._settle(turn)
        else:
            self._fail(turn, error)
        self._turn()

    def _settle(self, turn: Turn) -> None:
        for write in turn:
            write.settle()
        failpoint("writer.told")

    def _fail(self, turn: Turn, error: Exception) -> None:
        """Nothing of the turn was stored: undo it and tell everybody."""
        self._undo()
        for write in turn:
            write.error = StorageUnavailable(f"the database cannot store now: {error}")
            write.error.__cause__ = error
            write.settle()

    def _undo(self) -> None:
        """Roll back; a connection that cannot even do that is opened anew next time."""
        connection = self._connection
        if connection is None:
            return
        try:
            connection.rollback()
        except sqlite3.Error:
            self._connection = None
            connection.close()

    # --- commits, on their own thread -------------------------------------------------------

    def _commit_all(self) -> None:
        while (item := self._commits.get()) is not None:
            loop, turn = item
            error: sqlite3.Error | None = None
            try:
                if self._connection is not None:
                    self._connection.commit()
                    failpoint("writer.committed")
            except sqlite3.Error as failed:
                error = failed
            with contextlib.suppress(RuntimeError):  # nobody waits: the loop is closed
                loop.call_soon_threadsafe(self._finished, turn, error)
