"""Copies of a database while it is in use, and the look whether it is sound."""

import os
import shutil
import sqlite3
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from bridge.domain.errors import StorageUnavailable
from bridge.ports.failpoints import failpoint
from storage.names import RESTORED
from storage.sqlite.compiled import SQL
from storage.sqlite.connect import connect_reader, unavailable

KEPT = 3
_SPARE = 16 * 1024 * 1024
_HAS_DOCUMENTS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'document'"


def back_up(database: Path, to: Path | None = None) -> Path:
    """Write a complete copy, to the last commit, and give its path.

    The copy says that it is one, and of when: see `storage.names.RESTORED`. Without `to` it lies
    beside the database under the moment's name, and the oldest of more than three such copies go.
    Raises `StorageUnavailable` when there is no room or `to` exists.
    """
    moment = datetime.now(UTC)
    target = _name_beside(database, moment) if to is None else to
    _look_for_room(database, target.parent)
    unfinished = target.with_name(f"{target.name}.part")
    if to is None:
        for left in database.parent.glob(f"{escape(database.name)}.backup-*.part"):
            _forget(left)
    _forget(unfinished)
    try:
        _copy(database, unfinished, moment)
        failpoint("copy.whole")
        if target.exists():
            raise StorageUnavailable(f"{target} exists; name another file for the backup")
        unfinished.rename(target)
        _sync(target.parent)
    finally:
        _forget(unfinished)
    failpoint("copy.named")
    if to is None:
        for old in backups(database)[:-KEPT]:
            old.unlink()
    return target


def backups(database: Path) -> list[Path]:
    """The copies beside a database, oldest first."""
    return sorted(database.parent.glob(f"{database.name}.backup-*[0-9]"))


def problems(database: Path) -> list[str]:
    """What is wrong inside the file; empty when it is sound."""
    with unavailable():
        connection = connect_reader(database)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            connection.close()
    lost = [f"{table}: row {row} refers to a missing {parent}" for table, row, parent, _ in orphans]
    return [line for line in found if line != "ok"] + lost


def _forget(unfinished: Path) -> None:
    """What a copy has left that was not brought to its end, now or by who was killed meanwhile."""
    for left in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
        left.unlink(missing_ok=True)


def _name_beside(database: Path, moment: datetime) -> Path:
    return database.with_name(f"{database.name}.backup-{moment:%Y%m%dT%H%M%S%f}")


def _look_for_room(database: Path, folder: Path) -> None:
    parts = [database, database.with_name(f"{database.name}-wal")]
    needed = sum(part.stat().st_size for part in parts if part.exists()) + _SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageUnavailable(
            f"a backup needs {needed // 2**20} MB in {folder}, and {free // 2**20} MB are free: "
            "make room and start again"
        )


def _copy(database: Path, target: Path, moment: datetime) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with unavailable():
        connection = sqlite3.connect(database, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
        failpoint("copy.made")
        _mark(target, moment)
    _sync(target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _mark(copy: Path, moment: datetime) -> None:
    """Let whoever starts from this copy know that the world went on without it.

    A copy of tables of before there was a place for the mark has none.
    """
    said = moment.isoformat(timespec="seconds").encode()
    connection = sqlite3.connect(copy, isolation_level=None)
    try:
        if connection.execute(_HAS_DOCUMENTS).fetchone() is not None:
            connection.execute(SQL["put_document"], (*RESTORED, said))
    finally:
        connection.close()
