"""One process at a time runs a desk; who does says here where it listens.

Where the database itself knows who does, several may share the folder.
"""

import fcntl
import os
from pathlib import Path
from typing import Self

import msgspec

from bridge.domain.errors import InvalidSettings
from bridge.domain.value import Value

LOCK_FILE = "desk.lock"


class Running(Value):
    """The process that runs the desk, where it listens, and the file it was started with."""

    pid: int
    url: str = ""
    settings: str = ""


class DeskLock:
    """Held by the process that runs the desk; the system lets go of it when that process dies."""

    def __init__(self, descriptor: int, *, shared: bool) -> None:
        """Made by `take`."""
        self._descriptor = descriptor
        self._shared = shared

    @classmethod
    def take(cls, data_dir: Path, *, shared: bool = False) -> Self:
        """Hold it, alone or with others who share it.

        Raises `InvalidSettings` when another process does who does not.
        """
        descriptor = _open(data_dir)
        if not _try(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            os.close(descriptor)
            other = running(data_dir)
            who = f" (process {other.pid})" if other else ""
            raise InvalidSettings(
                f"this desk is running already{who}; stop it first, "
                "or give this one another [desk] data_dir"
            )
        lock = cls(descriptor, shared=shared)
        if not shared:
            lock.announce("")
        return lock

    def announce(self, url: str, settings: Path | None = None) -> None:
        """Say where the desk listens, and which file it was started with; we run it now."""
        named = "" if settings is None else str(settings)
        body = msgspec.json.encode(Running(pid=os.getpid(), url=url, settings=named))
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, body, 0)

    def release(self) -> None:
        """Let another process run the desk."""
        told = _told(self._descriptor)
        if not self._shared or (told is not None and told.pid == os.getpid()):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def running(data_dir: Path) -> Running | None:
    """The process that runs this desk now; what a dead one left behind is not believed."""
    if not (data_dir / LOCK_FILE).exists():
        return None
    descriptor = _open(data_dir)
    try:
        if _try(descriptor, fcntl.LOCK_EX):
            return None
        return _told(descriptor) or Running(pid=0)
    finally:
        os.close(descriptor)


def _told(descriptor: int) -> Running | None:
    try:
        return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Running)
    except msgspec.DecodeError:
        return None


def _open(data_dir: Path) -> int:
    return os.open(data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
