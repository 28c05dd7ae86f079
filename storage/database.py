"""Opens a desk's database: takes the lock, migrates, and hands out what stands on it."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bridge.domain.errors import InvalidSettings, StorageUnavailable
from bridge.domain.ids import Instant
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.files import FileStore
from bridge.ports.store import Reads, Store
from storage.files import Files
from storage.sqlite.adapter_store import SqliteAdapterStore
from storage.sqlite.compiled import SQL
from storage.sqlite.connect import connect_reader, connect_writer, unavailable
from storage.sqlite.journals import Journals
from storage.sqlite.lock import Lock
from storage.sqlite.migrate import migrate as migrate_sqlite
from storage.sqlite.readers import Readers
from storage.sqlite.reads import SqliteReads
from storage.sqlite.store import SqliteStore
from storage.sqlite.writer import Write, Writer

Connect = Callable[[Path], sqlite3.Connection]


class Database:
    """A desk's database while it is open; nobody else can open it meanwhile."""

    store: Store
    reads: Reads
    files: FileStore

    def __init__(self, path: Path, files_dir: Path, lock: Lock, connect: Connect) -> None:
        """Use `open`."""
        self._lock = lock
        self._closed = False
        self._writer = Writer(partial(connect, path))
        self._readers = Readers(path)
        self._journals = Journals(_last_entry(path))
        self.store = SqliteStore(self._writer, self._readers, self._journals)
        self.reads = SqliteReads(self._readers)
        self.files = Files(files_dir, self._writer, self._readers)

    def adapter_store(self, adapter_id: str) -> AdapterStore:
        """The memory of one adapter, by the id of its channel or workspace."""
        return SqliteAdapterStore(adapter_id, self._writer, self._readers, self._journals)

    async def seen(self, at: Instant) -> None:
        """Remember that the desk runs at this moment, for the downtime after the next start."""

        def run(connection: sqlite3.Connection) -> None:
            connection.execute(SQL["seen"], (1, at))

        await self._writer.write(Write(run))

    async def close(self) -> None:
        """Write what waits, then let go of everything."""
        if self._closed:
            return
        self._closed = True
        await self._writer.stop()
        await self._readers.close()
        self._writer.close()
        self._lock.release()


def open(place: Path | str, *, files_dir: Path, connect: Connect = connect_writer) -> Database:
    """Open the desk's database, created or migrated first if need be.

    `place` is a path or `sqlite:///...`. `connect` opens the connection that writes.
    Raises `InvalidSettings`, `DatabaseInUse`, `DatabaseTooNew`, `StorageUnavailable`.
    """
    path = _path(place)
    lock = _lock(path)
    try:
        migrate_sqlite(path)
        return Database(path, files_dir, lock, connect)
    except BaseException:
        lock.release()
        raise


def migrate(place: Path | str) -> Path | None:
    """Only create or migrate it; gives the backup made before, None when there was no need."""
    path = _path(place)
    lock = _lock(path)
    try:
        return migrate_sqlite(path)
    finally:
        lock.release()


def _path(place: Path | str) -> Path:
    text = str(place)
    if "://" not in text:
        return Path(text)
    if text.startswith("sqlite:///"):
        return Path(text.removeprefix("sqlite:///"))
    raise InvalidSettings(
        f"a database like {text.split('://', 1)[0]}:// is not supported yet: "
        "give the path of a SQLite file"
    )


def _lock(path: Path) -> Lock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Lock.take(path)
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be opened: {error.strerror}") from error


def _last_entry(path: Path) -> int:
    connection = connect_reader(path)
    try:
        with unavailable():
            return int(connection.execute(SQL["last_entry"]).fetchone()[0] or 0)
    finally:
        connection.close()
