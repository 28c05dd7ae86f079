"""Empties the log of a SQLite database, which has pages from before something was removed."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.sqlite.connect import connect_sweeper, is_busy, unavailable

_TRIES = 50
_PAUSE = 0.1


async def sweep(path: Path) -> bool:
    """Bring all of the log into the database and leave it empty; false: it is always being read.

    Most of the work is done beside the writer, who is kept from writing for the short rest alone.
    """
    for _ in range(_TRIES):
        if await asyncio.to_thread(_swept, path):
            return True
        await asyncio.sleep(_PAUSE)
    return False


def compact(path: Path) -> None:
    """Write the whole database anew, without gaps; nobody else may have it open.

    A page that was once arranged anew may hold pieces of old rows between those of today. Raises
    `StorageUnavailable`.
    """
    with unavailable(), closing(connect_sweeper(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _swept(path: Path) -> bool:
    with unavailable(), closing(connect_sweeper(path)) as connection:
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if is_busy(error):
                return False
            raise
        return not busy
