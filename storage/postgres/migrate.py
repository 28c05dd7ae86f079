"""Brings a PostgreSQL database to the newest revision; several processes may want to at once."""

import asyncpg

from bridge.domain.errors import StorageUnavailable
from bridge.ports.failpoints import failpoint
from storage.migrations import HEAD
from storage.migrations.pgqueuer import INSTALL
from storage.postgres.compiled import SCHEMA
from storage.postgres.connect import connect, end, place_of, unavailable
from storage.sqlite.migrate import REVISIONS, DatabaseTooNew

_PATIENT = {"statement_timeout": "0", "lock_timeout": "30s"}

# Any number, as long as no other program uses it in this database.
_TURN = 0x6465736B

_EMPTIED = ""


async def migrate(url: str) -> bool:
    """Create or migrate it; true when there was something to do.

    Nothing is backed up before: that is for whoever runs the database. Raises `InvalidSettings`,
    `StorageUnavailable`, `DatabaseTooNew`.
    """
    with unavailable():
        connection = await connect(url, **_PATIENT)
        try:
            if await _revision(connection, url) == HEAD:
                return False
            await connection.execute(f"SELECT pg_advisory_lock({_TURN})")
            return await _bring(connection, url)
        finally:
            await end(connection)


async def _bring(connection: asyncpg.Connection, url: str) -> bool:
    """Nobody else does so meanwhile; somebody may have before."""
    present = await _revision(connection, url)
    if present == HEAD:
        return False
    if present is None:
        await _create(connection)
        return True
    from storage.migrations.run import known
    from storage.postgres.alembic import upgrade

    if present not in known() | {_EMPTIED}:
        raise DatabaseTooNew(
            f"{place_of(url)} was written by a newer version (revision {present}): "
            "install that version, or restore a backup made before it was used"
        )
    await upgrade(connection)
    failpoint("migration.kept")
    return True


async def _revision(connection: asyncpg.Connection, url: str) -> str | None:
    """The revision a database has; None when it has never had a table."""
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise StorageUnavailable(
            f"{place_of(url)} stores text as {encoding}: make one with ENCODING 'UTF8'"
        )
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        taken = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
        if await connection.fetchval(taken) is not None:
            raise StorageUnavailable(
                f"{place_of(url)} has tables, but not ours: name an empty database"
            )
        return None
    found = await connection.fetchval("SELECT version_num FROM alembic_version")
    return _EMPTIED if found is None else str(found)


async def _create(connection: asyncpg.Connection) -> None:
    async with connection.transaction():
        for statement in (*SCHEMA, INSTALL, REVISIONS):
            await connection.execute(statement)
        await connection.execute("INSERT INTO alembic_version VALUES ($1)", HEAD)
        failpoint("schema.made")
    failpoint("schema.kept")
