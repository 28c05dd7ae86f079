"""Where files are kept: under a random id, whatever their sender called them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from bridge.domain.content import File
from bridge.domain.ids import FileId


class FileStore(Protocol):
    """Keeps files durably. The name is only ever shown, never part of a path."""

    async def save(self, chunks: AsyncIterator[bytes], name: str, limit: int) -> File:
        """Store a stream and say what it is (MIME type sniffed, kind from it).

        Raises `DeliveryRejected("too_large")` past `limit` bytes, `StorageUnavailable` when the
        disk takes no more; nothing is left behind then.
        """
        ...

    async def find(self, file: FileId) -> File | None:
        """What we know of a stored file."""
        ...

    def path(self, file: FileId) -> Path:
        """Where its bytes are, for sending them on. Raises `NotFound`."""
        ...

    async def remove(self, file: FileId) -> None:
        """Forget a file that nothing refers to, for ever; one that is not there is no error.

        Raises `StorageUnavailable`: then it is there as before, or only its bytes are gone.
        """
        ...
