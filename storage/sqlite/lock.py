"""Keeps a second process out of a database."""

import fcntl
import os
from pathlib import Path
from typing import Self

from bridge.domain.errors import StorageUnavailable


class DatabaseInUse(StorageUnavailable):
    """Another process has the database open."""


class Lock:
    """Held from `take` to `release`, and by nobody once the process that took it is gone.

    It is a file beside the database: a lock on the database's own file would be lost as soon as
    any part of this process closes that file.
    """

    def __init__(self, descriptor: int) -> None:
        """Use `take`."""
        self._descriptor = descriptor

    @classmethod
    def take(cls, database: Path) -> Self:
        """Take it. Raises `DatabaseInUse`, which names the process and what to do."""
        path = database.with_name(f"{database.name}.lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise DatabaseInUse(
                f"{database} is in use by process {holder}: stop that one first, "
                "or use its pages and commands instead of opening the database twice"
            ) from error
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        """Let others in."""
        os.close(self._descriptor)
