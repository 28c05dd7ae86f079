"""A desk's SQLite database while it is open; nobody else can open it meanwhile."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Instant
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.holding import Alone, Held
from bridge.ports.personal import Parts
from bridge.ports.store import CommitRefused
from storage.asking.desk import last_entry
from storage.files import Files
from storage.journals import Journals
from storage.mapping.row import Row
from storage.personal import StoredPersonal
from storage.reads import StoredReads
from storage.sqlite.adapter_store import SqliteAdapterStore
from storage.sqlite.arrivals import SqliteArrivals
from storage.sqlite.backup import problems
from storage.sqlite.compiled import SQL
from storage.sqlite.connect import connect_writer
from storage.sqlite.doorbell import EmbeddedDoorbell
from storage.sqlite.lock import Lock
from storage.sqlite.migrate import migrate as bring_up_to_date
from storage.sqlite.readers import Readers
from storage.sqlite.store import SqliteStore
from storage.sqlite.sweeping import sweep
from storage.sqlite.writer import Write, Writer

Connect = Callable[[Path], sqlite3.Connection]


class SqliteDatabase:
    """See `storage.database.Database`."""

    def __init__(self, path: Path, files_dir: Path, lock: Lock, connect: Connect) -> None:
        """Use `open`."""
        self._path = path
        self._lock = lock
        self._closed = False
        self._writer = Writer(partial(connect, path))
        self._readers = Readers(path)
        self._journals = Journals(self._readers.ask_here(last_entry()))
        self.doorbell = EmbeddedDoorbell()
        self.arrivals = SqliteArrivals(self._writer, self._readers, self.doorbell.ring)
        self.store = SqliteStore(self._writer, self._readers, self._journals, self.arrivals)
        self.reads = StoredReads(self._readers)
        self.files = Files(files_dir, self._write, self._readers)
        self.personal = StoredPersonal(self._readers, self._write_all, partial(sweep, path))
        self.holding = Alone()

    def adapter_store(self, adapter_id: str) -> AdapterStore:
        """The memory of one adapter, by the id of its channel or workspace."""
        return SqliteAdapterStore(adapter_id, self._writer, self._readers, self._journals)

    def stand_by(self) -> None:
        """Nobody else can run it: nothing changes."""

    async def lead(self, held: Held) -> None:
        """Nobody else can: the lock is taken when it is opened."""
        await self.files.forget_unfinished()

    def replaced(self) -> bool:
        """Never: the lock is ours as long as the process lives."""
        return False

    async def led(self) -> int | None:
        """By whoever has it open, who is alone."""
        return 1

    async def seen(self, at: Instant) -> None:
        """Remember that the desk runs at this moment, for the downtime after the next start."""
        await self._write("seen", (1, at))

    async def problems(self) -> list[str]:
        """What is wrong inside; empty when it is sound."""
        return await asyncio.to_thread(problems, self._path)

    async def close(self) -> None:
        """Write what waits, then let go of everything."""
        if self._closed:
            return
        self._closed = True
        await self._writer.stop()
        await self._readers.close()
        self._writer.close()
        self._lock.release()

    async def _write_all(self, parts: Parts) -> None:
        def run(connection: sqlite3.Connection) -> None:
            for name, rows in parts.items():
                if rows:
                    connection.executemany(SQL[name], rows)

        await self._writer.write(Write(run, refused=lambda _, error: CommitRefused(str(error))))

    async def _write(self, name: str, values: Row) -> None:
        def run(connection: sqlite3.Connection) -> None:
            connection.execute(SQL[name], values)

        await self._writer.write(Write(run))


def open(path: Path, files_dir: Path, connect: Connect = connect_writer) -> SqliteDatabase:
    """Open it, created or migrated first if need be.

    Raises `DatabaseInUse`, `DatabaseTooNew`, `StorageUnavailable`.
    """
    lock = _lock(path)
    try:
        bring_up_to_date(path)
        return SqliteDatabase(path, files_dir, lock, connect)
    except BaseException:
        lock.release()
        raise


def migrate(path: Path) -> Path | None:
    """Only create or migrate it; gives the backup made before, None when there was no need."""
    lock = _lock(path)
    try:
        return bring_up_to_date(path)
    finally:
        lock.release()


def _lock(path: Path) -> Lock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Lock.take(path)
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be opened: {error.strerror}") from error
