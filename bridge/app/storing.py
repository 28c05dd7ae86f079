"""The database as the composition root sees it: which one it is, and how it is opened."""

from bridge.settings import Settings
from storage import (
    ENGINE,
    Connect,
    Database,
    back_up,
    connect_writer,
    migrate,
    migrate_url,
    open_url,
    problems,
)
from storage import open as open_database

DATABASE = "desk.db"
FILES = "files"

__all__ = [
    "DATABASE",
    "ENGINE",
    "FILES",
    "Connect",
    "Database",
    "back_up",
    "connect_writer",
    "migrate",
    "migrate_url",
    "open_configured",
    "open_database",
    "open_url",
    "problems",
]


async def open_configured(settings: Settings, connect: Connect = connect_writer) -> Database:
    """The database of these settings. Raises `InvalidSettings`, `StorageUnavailable`.

    `connect` opens the connection that writes, where the database is a file.
    """
    files = settings.data_dir / FILES
    if settings.database_url is not None:
        return await open_url(settings.database_url, files_dir=files)
    return open_database(settings.data_dir / DATABASE, files_dir=files, connect=connect)
