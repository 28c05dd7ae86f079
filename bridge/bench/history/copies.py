"""Copies the first hour of a desk, by its database itself: as many rows a second as it can write.

Every copy is an hour later, of other customers: ids, numbers and moments are counted on, names get
the number of the hour. Only what a delivery that is done says inside its body and of its lane stays
as it was; nothing reads that.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from bridge.app.storing import DATABASE
from bridge.bench.history.block import BLOCK, CONVERSATIONS
from bridge.bench.orders import Past
from bridge.domain.ids import HOUR

TABLES = (
    "contact",
    "identity",
    "alias",
    "conversation",
    "hold",
    "binding",
    "message",
    "message_link",
    "delivery",
    "event",
    "journal",
    "inbox_digest",
)
"""Whatever a past is made of; what a row refers to comes before it."""
_TOGETHER = 25
"""Hours copied in one transaction."""

_IDS = {"id", "contact", "identity", "conversation", "binding", "message"}
_COUNTED = {"number": CONVERSATIONS, "seq": BLOCK}
_NO_MOMENTS = {"capacity_at"}
_NAMED = {
    "address": ("customer",),
    "external_id": ("customer",),
    "journal": ("customer",),
    "name": ("no. ",),
    "public_id": ("",),
    "search": ("no. ", "customer"),
    "thread": ("support.",),
}
"""Columns with a name of the first hour, and what stands before the six digits of the hour."""


class Dialect(Protocol):
    """What the databases say differently."""

    hour: str
    """The number of the hour as six digits."""
    random: str
    """Sixteen random bytes."""


class _Sqlite:
    hour = "printf('%06d', n)"
    random = "randomblob(16)"


class _Postgres:
    hour = "lpad(n::text, 6, '0')"
    random = "uuid_send(gen_random_uuid())"


def _copied(column: str, dialect: Dialect) -> str:
    """What a copy has in a column."""
    if column in _IDS:
        return f"{column} + n * {HOUR << 12}"
    if column in _COUNTED:
        return f"{column} + n * {_COUNTED[column]}"
    if column in ("at", "since") or (column.endswith("_at") and column not in _NO_MOMENTS):
        return f"{column} + n * {HOUR}"
    if column == "digest":
        return dialect.random
    said = column
    for before in _NAMED.get(column, ()):
        said = f"replace({said}, '{before}000000', '{before}' || {dialect.hour})"
    return said


def _insert(table: str, columns: Sequence[str], hours: str, dialect: Dialect) -> str:
    """Everything of the first hour again, for each of `hours`; `CROSS JOIN` keeps their order."""
    values = ", ".join(_copied(column, dialect) for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({named}) SELECT {values} FROM {hours} CROSS JOIN first_{table}"  # noqa: S608 - names of ours


def _parts(hours: int) -> Iterator[tuple[int, int]]:
    """From the second hour to the last one, some at a time; both ends are among them."""
    for start in range(1, hours, _TOGETHER):
        yield start, min(start + _TOGETHER, hours) - 1


def steps(hours: int) -> int:
    """In how many parts so many hours are copied."""
    return len(list(_parts(hours)))


def made(past: Past) -> AsyncIterator[None]:
    """Copy the first hour until there are all; yields at every part."""
    if past.database_url:
        return _in_database(past.database_url, past.hours)
    return _in_file(Path(past.folder) / DATABASE, past.hours)


async def _in_file(path: Path, hours: int) -> AsyncIterator[None]:
    """In a SQLite database.

    Nothing is safe until the last one: a bench that is broken off throws it all away. Then what is
    under way ends first, which takes a second or two.
    """
    loop = asyncio.get_running_loop()
    with _careless(path) as connection, ThreadPoolExecutor(1) as thread:
        for table in TABLES:
            connection.execute(f"CREATE TEMP TABLE first_{table} AS SELECT * FROM {table}")  # noqa: S608 - names of ours
        texts = [
            _insert(table, _columns_of(connection, table), _SQLITE_HOURS, _Sqlite())
            for table in TABLES
        ]
        for part in _parts(hours):
            await loop.run_in_executor(thread, _copy, connection, texts, part)
            yield


_SQLITE_HOURS = (
    "(WITH RECURSIVE h(n) AS (VALUES (?) UNION ALL SELECT n + 1 FROM h WHERE n < ?) "
    "SELECT n FROM h)"
)


def _copy(connection: sqlite3.Connection, texts: Sequence[str], part: tuple[int, int]) -> None:
    connection.execute("BEGIN")
    for text in texts:
        connection.execute(text, part)
    connection.execute("COMMIT")


@contextmanager
def _careless(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes as fast as it can; the file is on the disk when the block ends."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as made:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
            made.execute(f"PRAGMA {pragma}")
        yield made
        made.execute("PRAGMA journal_mode = WAL")
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def _columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


async def _in_database(url: str, hours: int) -> AsyncIterator[None]:
    """In a PostgreSQL database, which is then swept as it would have swept itself."""
    from bridge.bench.history.admin import MAY_NOT, connected

    connection = await connected(url)
    try:
        await connection.execute("SET synchronous_commit = off")
        with suppress(MAY_NOT):  # who may not has every reference looked up, which takes longer
            await connection.execute("SET session_replication_role = replica")
        texts = []
        for table in TABLES:
            await connection.execute(f"CREATE TEMP TABLE first_{table} AS TABLE {table}")
            prepared = await connection.prepare(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
            columns = [attribute.name for attribute in prepared.get_attributes()]
            hours_ = "generate_series($1::bigint, $2::bigint) n"
            texts.append(_insert(table, columns, hours_, _Postgres()) + " ORDER BY n")
        for start, last in _parts(hours):
            for text in texts:
                await connection.execute(text, start, last)
            yield
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        connection.terminate()
