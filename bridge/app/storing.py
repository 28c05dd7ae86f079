"""The database as the composition root sees it: which one it is, and how it is opened."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bridge.domain.errors import InvalidSettings
from bridge.ports.holding import Held
from bridge.settings import Settings
from storage import (
    ENGINE,
    Connect,
    Database,
    back_up_url,
    backups,
    compact,
    connect_writer,
    migrate,
    migrate_url,
    neighbours_url,
    open_url,
    problems,
    put_back_under,
    put_back_url,
    refuse_if_used,
)
from storage import back_up as back_up_file
from storage import open as open_database

DATABASE = "desk.db"
DUMP = "desk.sql.gz"
FILES = "files"
_PATIENCE = 4.0
"""Seconds; a desk that was killed elsewhere is held by nobody after three."""

__all__ = [
    "DATABASE",
    "DUMP",
    "FILES",
    "Connect",
    "Database",
    "back_up_file",
    "back_up_url",
    "backups",
    "compact",
    "connect_writer",
    "leading",
    "led",
    "migrate",
    "migrate_url",
    "neighbours_url",
    "open_configured",
    "open_database",
    "open_url",
    "problems",
    "put_back_under",
    "put_back_url",
    "refuse_if_used",
]


async def open_configured(settings: Settings, connect: Connect = connect_writer) -> Database:
    """The database of these settings. Raises `InvalidSettings`, `StorageUnavailable`.

    `connect` opens the connection that writes, where the database is a file.
    """
    files = settings.data_dir / FILES
    if settings.database_url is not None:
        return await open_url(settings.database_url, files_dir=files)
    return open_database(settings.data_dir / DATABASE, files_dir=files, connect=connect)


@asynccontextmanager
async def leading(database: Database, *, patient: bool) -> AsyncIterator[Held]:
    """While this process runs the desk, and no other one does; it writes from now on.

    Who is `patient` waits until no other one does. Raises `InvalidSettings`, `StorageUnavailable`.
    """
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(None if patient else _PATIENCE):
                held = await stack.enter_async_context(database.holding.hold(ENGINE))
        except TimeoutError:
            raise InvalidSettings(
                "another process runs this desk: ask where it runs, or stop it first"
            ) from None
        await database.lead(held)
        yield held


@asynccontextmanager
async def led(settings: Settings) -> AsyncIterator[Database]:
    """The database, while nobody else runs this desk: for what is done to a desk at rest.

    Raises `InvalidSettings` when somebody does, `StorageUnavailable`.
    """
    database = await open_configured(settings)
    try:
        async with leading(database, patient=False):
            yield database
    finally:
        await database.close()
