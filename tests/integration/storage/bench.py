"""The parts of a database, put together so that a test can watch and spoil them."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.journals import Journals
from storage.mapping.row import Row
from storage.sqlite.adapter_store import SqliteAdapterStore
from storage.sqlite.arrivals import SqliteArrivals
from storage.sqlite.compiled import SQL
from storage.sqlite.connect import connect_writer
from storage.sqlite.doorbell import EmbeddedDoorbell
from storage.sqlite.migrate import migrate
from storage.sqlite.readers import Readers
from storage.sqlite.store import SqliteStore
from storage.sqlite.writer import Write, Writer
from tests.patience import PATIENCE


class Bench:
    """A new database; its writer waits as long as need be for others who write, unless told."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """Make it and open it."""
        migrate(path)
        self.path = path
        self.opened: list[sqlite3.Connection] = []
        self.statements: list[str] = []
        self.committed_by: set[str] = set()
        self.writer = Writer(self._connect, patience)
        self.readers = Readers(path)
        journals = Journals(0)
        arrivals = SqliteArrivals(self.writer, self.readers, EmbeddedDoorbell().ring)
        self.store = SqliteStore(self.writer, self.readers, journals, arrivals)
        self.adapter = SqliteAdapterStore("web", self.writer, self.readers, journals)

    async def write(self, name: str, values: Row) -> None:
        """One row, durably."""

        def run(connection: sqlite3.Connection) -> None:
            connection.execute(SQL[name], values)

        await self.writer.write(Write(run))

    @property
    def connection(self) -> sqlite3.Connection:
        """The writer's."""
        return self.opened[-1]

    def count(self, words: str) -> int:
        """How many of the writer's statements began so."""
        return sum(statement.startswith(words) for statement in self.statements)

    async def close(self) -> None:
        """Let go of the files."""
        await self.writer.stop()
        await self.readers.close()
        self.writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = connect_writer(self.path)
        connection.set_trace_callback(self._note)
        self.opened.append(connection)
        return connection

    def _note(self, statement: str) -> None:
        self.statements.append(statement)
        if statement == "COMMIT":
            self.committed_by.add(threading.current_thread().name)


@contextmanager
def locked_by_another(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else writes meanwhile."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.rollback()
        other.close()
