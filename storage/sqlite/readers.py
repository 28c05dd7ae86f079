"""Reading: a few threads, each with a connection that cannot write."""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from bridge.domain.errors import StorageUnavailable
from storage.asking import Asking
from storage.sqlite.answering import answer
from storage.sqlite.connect import connect_reader, unavailable

T = TypeVar("T")

_THREADS = 3


class Readers:
    """Runs reads beside the event loop; they never wait for the writer, nor it for them."""

    def __init__(self, path: Path) -> None:
        """Connections are opened when they are first needed."""
        self._path = path
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="reads")
        self._here = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._closed = False

    async def ask(self, asking: Asking[T]) -> T:
        """What was found; all statements see one state. Raises `StorageUnavailable`."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._answer, asking)

    def ask_here(self, asking: Asking[T]) -> T:
        """The same on this thread, at a start: nobody waits for the loop yet.

        A start reads much, and what another thread uses for a moment, its allocator keeps for it.
        """
        with unavailable(), closing(connect_reader(self._path)) as connection:
            connection.execute("BEGIN")
            return answer(connection, asking)

    def _answer(self, asking: Asking[T]) -> T:
        with unavailable():
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                return answer(connection, asking)
            finally:
                connection.rollback()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._here, "connection", None)
        if connection is None:
            connection = self._here.connection = connect_reader(self._path)
            self._all.append(connection)
        return connection

    async def close(self) -> None:
        """Let reads that are under way end, then close every connection."""
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(None, self._pool.shutdown)
        for connection in self._all:
            connection.close()
