"""Where databases of the bench are, and what a commit costs there.

The first column of the report is a disk of which every sync takes one millisecond, as on an
ordinary cloud SSD: a memory file system, and a sleep of that length in every commit. In WAL mode
with `synchronous = FULL` a commit is exactly one sync, so the sleep is where the sync would be: on
the thread that commits, with the interpreter's lock released. The second column is the real disk.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import psutil

from bridge.app.storing import Connect, connect_writer

SYNC_SECONDS = 0.001
_MEMORY = Path("/dev/shm")  # noqa: S108 - a memory file system, and we make our own folder in it


class Disk(StrEnum):
    """Which disk a database is on."""

    EVEN = "even"
    """Every sync takes one millisecond."""
    REAL = "real"
    """Every sync takes what it takes."""


class SlowConnection(sqlite3.Connection):
    """A connection whose every commit takes one millisecond longer."""

    def commit(self) -> None:
        """Commit, as if there were a disk to wait for."""
        super().commit()
        time.sleep(SYNC_SECONDS)


def connection_class(disk: Disk) -> type[sqlite3.Connection]:
    """The connection of a writer on this disk."""
    return SlowConnection if disk is Disk.EVEN else sqlite3.Connection


def connect_on(disk: Disk) -> Connect:
    """How the desk's own writer is connected on this disk."""

    def connect(path: Path) -> sqlite3.Connection:
        return connect_writer(path, connection_class(disk))

    return connect


def has_memory() -> bool:
    """True when this machine has a memory file system that we may write to."""
    try:
        with tempfile.TemporaryDirectory(dir=_MEMORY):
            return True
    except OSError:
        return False


@contextmanager
def folders(on: Path | None = None) -> Iterator[dict[Disk, Path]]:
    """A folder on each disk, gone afterwards; the real one is made in `on`, if that is given.

    Without a memory file system both are on the real one, and there the millisecond comes on top
    of the real sync.
    """
    where = _MEMORY if has_memory() else None
    with (
        tempfile.TemporaryDirectory(prefix="deskbridge-bench-", dir=where) as even,
        tempfile.TemporaryDirectory(prefix="deskbridge-bench-", dir=on or _on_disk()) as real,
    ):
        yield {Disk.EVEN: Path(even), Disk.REAL: Path(real)}


def _on_disk() -> Path | None:
    """The usual place for temporary files, unless that is in memory: then this folder."""
    usual = Path(tempfile.gettempdir())
    return Path.cwd() if _kind(usual) == "tmpfs" else usual


def _kind(path: Path) -> str:
    """The type of the file system that a path is on."""
    whole = path.resolve()
    mounts = [
        part for part in psutil.disk_partitions(all=True) if whole.is_relative_to(part.mountpoint)
    ]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else ""
