"""The database as the composition root sees it: which one it is, and how it is opened."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bridge.domain.errors import InvalidSettings
from bridge.settings import Settings
from storage import (
    ENGINE,
    Connect,
    Database,
    back_up_url,
    connect_writer,
    migrate,
    migrate_url,
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
_HELD_SECONDS = 4.0
"""A desk that was killed elsewhere is held by nobody after three."""

__all__ = [
    "DATABASE",
    "DUMP",
    "ENGINE",
    "FILES",
    "Connect",
    "Database",
    "back_up_file",
    "back_up_url",
    "connect_writer",
    "led",
    "migrate",
    "migrate_url",
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
async def led(settings: Settings) -> AsyncIterator[Database]:
    """The database, while nobody else runs this desk: for what is done to a desk at rest.

    Raises `InvalidSettings` when somebody does, `StorageUnavailable`.
    """
    database = await open_configured(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        try:
            async with asyncio.timeout(_HELD_SECONDS):
                held = await stack.enter_async_context(database.holding.hold(ENGINE))
        except TimeoutError:
            raise InvalidSettings("another process runs this desk: stop it first") from None
        await database.lead(held)
        yield database
