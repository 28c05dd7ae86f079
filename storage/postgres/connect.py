"""How a PostgreSQL connection is opened: durable, impatient, and never saying its password."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg

from bridge.domain.errors import InvalidSettings, StorageUnavailable

CONNECT_SECONDS = 3.0
"""Who waits longer for his answer asks somebody else."""

COMMAND_SECONDS = 15.0
"""When a statement is not answered for so long, nobody is there any more."""

_LAST_SECONDS = 5.0

IDLE_SECONDS = 5
"""A transaction whose process is frozen holds its locks so long, and no longer."""

_SETTINGS = {
    "application_name": "deskbridge",
    "client_encoding": "UTF8",
    "default_transaction_isolation": "read committed",
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    # A list of keys is short: always by the index, and planned once.
    "plan_cache_mode": "force_generic_plan",
}

BY_KEY = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
"""For who only finds rows by their keys: never by reading a table, whatever its statistics say."""

# Whoever made the database faster than safe did not mean a desk's promises. What waits for
# replicas, too, stays as it is.
_DURABLE = """
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') IN ('off')
"""

TROUBLE = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What goes wrong between us and a database; whether it refused or is not well, see below.

The driver's internal error is what a statement gets on a connection that the server is just ending,
as it does with one whose process was frozen in a transaction.
"""

_REFUSED = ("21", "22", "23")
"""Classes of states in which only a statement is wrong: cardinality, data, integrity."""

_OUTDATED = ("0A", "42")
"""Classes of states in which a statement does not fit the tables (any more)."""


async def connect(url: str, **settings: str) -> asyncpg.Connection:
    """One connection; `settings` are the session's own. Raises what `unavailable` turns."""
    try:
        connection = await asyncpg.connect(
            dsn(url),
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            statement_cache_size=256,
            max_cached_statement_lifetime=0,
            server_settings=_SETTINGS | settings,
        )
    except (
        ValueError,
        OverflowError,
    ) as error:  # the driver's word for an address it does not understand
        raise InvalidSettings(f"database_url: {error}; write {EXAMPLE}") from None
    try:
        await connection.execute(_DURABLE)
    except BaseException:
        connection.terminate()
        raise
    return connection


EXAMPLE = "postgresql://user:password@host:5432/database"


def dsn(url: str) -> str:
    """The address as the driver takes it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def place_of(url: str) -> str:
    """What may be said of an address: the host and the database, no user and no password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'this machine'}{parts.path}"


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn what a database that is not there or not well says into `StorageUnavailable`."""
    try:
        yield
    except TROUBLE as error:
        raise explained(error) from error


def explained(error: Exception) -> StorageUnavailable:
    """The sentence for whoever cannot be served."""
    said = str(error) or type(error).__name__
    return StorageUnavailable(f"the database cannot be used now: {said}")


def is_refusal(error: Exception) -> bool:
    """True when the database is well and only this statement is refused."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "22")[:2] in _REFUSED
    return not isinstance(error, TROUBLE)


def is_undone(error: Exception) -> bool:
    """True when nothing of a statement is left: the database says that it failed, and goes on.

    What it says when it ends a connection may come after the commit. Refusals are also the
    driver's, of what it cannot send.
    """
    if is_refusal(error):
        return True
    return isinstance(error, asyncpg.PostgresError) and error.severity_en == "ERROR"


def is_outdated(error: BaseException) -> bool:
    """True when the tables are not what they were when this connection was made."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "22")[:2] in _OUTDATED
    return isinstance(error, asyncpg.InternalClientError)


async def finish(work: asyncio.Task[None] | None) -> None:
    """Let the last work end by itself, but not wait for a database that is gone."""
    if work is None:
        return
    await asyncio.wait([work], timeout=_LAST_SECONDS)
    work.cancel()  # which does nothing to what is over
    await asyncio.gather(work, return_exceptions=True)


async def end(connection: asyncpg.Connection) -> None:
    """Say good-bye if anybody still listens."""
    try:
        await asyncio.wait_for(connection.close(), CONNECT_SECONDS)
    except TROUBLE:
        connection.terminate()
