"""Brings a SQLite database to the newest revision, after a backup of what was there."""

import os
import sqlite3
from pathlib import Path

from bridge.domain.errors import StorageUnavailable
from bridge.ports.failpoints import failpoint
from storage.migrations import HEAD
from storage.sqlite.backup import back_up
from storage.sqlite.compiled import SCHEMA
from storage.sqlite.connect import connect_writer, unavailable

# Alembic's own table, as it makes it itself.
REVISIONS = (
    "CREATE TABLE alembic_version ("
    "version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)

_EMPTIED = ""
"""The revision of a database whose every migration was undone."""


class DatabaseTooNew(StorageUnavailable):
    """A newer version of the program wrote this database."""


def migrate(database: Path) -> Path | None:
    """Create or migrate it; gives the backup made before, None when there was no need.

    Alembic is only imported when there is something to migrate: it takes longer than all the
    rest of a start. Raises `StorageUnavailable`, `DatabaseTooNew`.
    """
    present = revision(database)
    if present == HEAD:
        return None
    if present is None:
        _create(database)
        return None
    from storage.migrations.run import known, upgrade

    if present not in known() | {_EMPTIED}:
        raise DatabaseTooNew(
            f"{database} was written by a newer version (revision {present}): "
            "install that version, or restore a backup made before it was used"
        )
    copy = back_up(database)
    failpoint("migration.saved")
    connection = connect_writer(database)
    try:
        with unavailable():
            upgrade(connection)
    finally:
        connection.close()
    failpoint("migration.kept")
    return copy


def revision(database: Path) -> str | None:
    """The revision a database has; None when it is not there or has never had a table.

    Raises `StorageUnavailable` when the file is something else.
    """
    if not database.exists() or not database.stat().st_size:
        return None
    with unavailable():
        connection = sqlite3.connect(database, isolation_level=None)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                raise StorageUnavailable(
                    f"{database} is a database, but not one of ours: name another file"
                ) from error
            raise
        finally:
            connection.close()
    return _EMPTIED if row is None else str(row[0])


def _create(database: Path) -> None:
    """Make the file ours alone, then the tables in it: all or none."""
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    database.chmod(0o600)
    connection = connect_writer(database)
    try:
        with unavailable():
            connection.execute("BEGIN IMMEDIATE")
            for statement in (*SCHEMA, REVISIONS):
                connection.execute(statement)
            connection.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
            failpoint("schema.made")
            connection.commit()
    finally:
        connection.close()
    failpoint("schema.kept")
