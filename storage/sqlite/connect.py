"""How a SQLite connection is opened: durable, never waiting inside the event loop."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from bridge.domain.errors import StorageUnavailable

# FULL: a commit is on disk when it returns (NORMAL may lose the last ones at power loss).
# Spilling is off so that nothing but a commit writes, and that happens on the writer's thread.
# What is removed is written over with zeros: measured, it costs a commit nothing.
# Checkpoints stay inside commits: beside them (measured) the log is never short again, and a sync
# of a log that grows costs more than the checkpoint.
_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 0",
    "PRAGMA cache_size = -16384",
    "PRAGMA cache_spill = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)
_READER = (
    "PRAGMA query_only = ON",
    "PRAGMA busy_timeout = 2000",
    "PRAGMA cache_size = -4096",
    "PRAGMA temp_store = MEMORY",
)


# The driver looks for a way to adapt None and bytes each time it binds one, and words an error when
# it finds none: most columns of a delivery are None. These two give back what they get, without
# calling any Python: an empty dictionary has None for None.
sqlite3.register_adapter(type(None), {}.get)  # type: ignore[arg-type]  # only ever None
sqlite3.register_adapter(bytes, bytes)


def connect_writer(
    path: Path, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    """The one connection that writes. Raises `StorageUnavailable`."""
    with unavailable():
        connection = _connect(path, "rwc", kind)
        for pragma in _WRITER:
            connection.execute(pragma)
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises `StorageUnavailable`."""
    with unavailable():
        connection = _connect(path, "ro")
        for pragma in _READER:
            connection.execute(pragma)
    return connection


def connect_sweeper(path: Path) -> sqlite3.Connection:
    """A connection that only empties the log, and waits for nobody. Raises `StorageUnavailable`."""
    with unavailable():
        connection = _connect(path, "rw")
        connection.execute("PRAGMA busy_timeout = 0")
    return connection


def _connect(
    path: Path, mode: str, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=kind,
    )


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn what SQLite says of a disk that does not take or give into `StorageUnavailable`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_refusal(error):
            raise
        raise StorageUnavailable(f"the database cannot be used now: {error}") from error


def is_refusal(error: sqlite3.DatabaseError) -> bool:
    """True when the database is well and only this statement is refused."""
    return isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError)


def is_busy(error: Exception) -> bool:
    """True when another connection writes at this moment."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
