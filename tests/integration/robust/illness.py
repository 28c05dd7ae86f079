"""What a disk may come down with, for a while."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from bridge.app.storing import connect_writer


class Patient:
    """A database whose writing connection can be spoilt; pass `connect` to whoever builds it."""

    def __init__(self) -> None:
        """Nobody has opened it yet."""
        self.path = Path()
        self._writer: sqlite3.Connection | None = None

    def connect(self, path: Path) -> sqlite3.Connection:
        """Open the connection that writes."""
        self.path = path
        self._writer = connect_writer(path)
        return self._writer

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another program writes and does not end."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()

    @contextmanager
    def without_room(self) -> Iterator[None]:
        """No file can be written, neither the database nor anything beside it."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """The database may only be read."""
        self._pragma("query_only = ON")
        yield
        self._pragma("query_only = OFF")

    @contextmanager
    def full(self) -> Iterator[None]:
        """The database may not grow: it takes what still finds a place in it, and no more."""
        (pages,) = self._pragma("page_count")
        self._pragma(f"max_page_count = {pages}")
        yield
        self._pragma("max_page_count = 1073741823")

    def _pragma(self, words: str) -> tuple[int, ...]:
        assert self._writer is not None
        found = self._writer.execute(f"PRAGMA {words}").fetchone()
        return tuple(found or ())


Illness = Callable[[Patient], AbstractContextManager[None]]
