"""Keeps files in a folder under random ids, and what we know of them in the database."""

import asyncio
import contextlib
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias

from bridge.domain.content import File
from bridge.domain.errors import DeliveryRejected, NotFound, StorageUnavailable
from bridge.domain.ids import FileId
from bridge.ports.failpoints import failpoint
from storage.asking import one
from storage.mapping.files import file as read_file
from storage.mapping.files import file_row
from storage.mapping.row import Row
from storage.reads import Reader
from storage.sniffing import SNIFFED, clean_name, kind_of, sniff

_ID = re.compile(r"[0-9a-f]{32}")
_NEW = ".new"
"""What stands beside the incoming files while one is in its place that nobody may know yet."""
_BUFFER = 256 * 1024

WriteRow: TypeAlias = Callable[[str, Row], Awaitable[None]]


class Files:
    """See `bridge.ports.files.FileStore`. A file's path is its id's, whatever it is called."""

    def __init__(self, folder: Path, write: WriteRow, reader: Reader) -> None:
        """Make the folder. `write` writes one row durably with a statement of this name."""
        self._folder = folder
        self._incoming = folder / "incoming"
        self._write = write
        self._reader = reader
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)

    async def forget_unfinished(self, *, older_than: float = 0.0) -> None:
        """Remove what an earlier process left half received, at least so many seconds ago.

        Nobody else may be receiving it still. Of a file that was in its place, but perhaps in no
        row, the database is asked.
        """
        for left in tuple(self._incoming.iterdir()):
            if not _is_old(left, older_than):
                continue
            file = FileId(left.stem)
            if left.suffix == _NEW and await self.find(file) is None:
                self._place(file).unlink(missing_ok=True)
            left.unlink(missing_ok=True)

    async def save(self, chunks: AsyncIterator[bytes], name: str, limit: int) -> File:
        """Store a stream and say what it is; on disk, with its folder, when this returns."""
        file_id = FileId(secrets.token_hex(16))
        saving = _Saving(self._incoming / file_id, self._place(file_id))
        try:
            await self._receive(saving, chunks, limit)
            failpoint("file.received")
            await _on_disk(saving.finish)
            failpoint("file.placed")
            mime = await asyncio.to_thread(sniff, bytes(saving.head), name)
            file = File(
                id=file_id, kind=kind_of(mime), mime=mime, size=saving.size, name=clean_name(name)
            )
            await self._remember(file)
            failpoint("file.known")
            saving.known()
        except BaseException:
            saving.discard()
            raise
        return file

    async def find(self, file: FileId) -> File | None:
        """What we know of a stored file."""
        return await self._reader.ask(one("find_file", (file,), read_file))

    def path(self, file: FileId) -> Path:
        """Where its bytes are. Raises `NotFound`."""
        if not _ID.fullmatch(file) or not (place := self._place(file)).is_file():
            raise NotFound("there is no such file")
        return place

    async def remove(self, file: FileId) -> None:
        """The bytes first: without their row nobody would find them again."""
        if not _ID.fullmatch(file):
            return
        await _on_disk(partial(self._place(file).unlink, missing_ok=True))
        failpoint("file.removed")
        await self._write("remove_file", (file,))

    def _place(self, file: FileId) -> Path:
        return self._folder / file[:2] / file

    async def _receive(self, saving: "_Saving", chunks: AsyncIterator[bytes], limit: int) -> None:
        await _on_disk(saving.begin)
        failpoint("file.begun")
        buffer = bytearray()
        async for chunk in chunks:
            buffer += chunk
            if saving.size + len(buffer) > limit:
                raise DeliveryRejected(f"the file is larger than {limit} bytes", "too_large")
            if len(buffer) >= _BUFFER:
                full, buffer = bytes(buffer), bytearray()
                await _on_disk(partial(saving.write, full))
        await _on_disk(partial(saving.write, bytes(buffer)))

    async def _remember(self, file: File) -> None:
        row = file_row(file, time.time_ns() // 1_000_000)
        writing = asyncio.ensure_future(self._write("insert_file", row))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])
            with contextlib.suppress(StorageUnavailable):
                await self._write("remove_file", (file.id,))
            raise


class _Saving:
    """One file on its way: written aside, then moved to its place. All of it on a thread."""

    def __init__(self, aside: Path, place: Path) -> None:
        self.size = 0
        self.head = bytearray()
        self._aside = aside
        self._place = place
        self._new = aside.with_suffix(_NEW)
        self._file: BinaryIO | None = None

    def begin(self) -> None:
        descriptor = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=0)

    def write(self, chunk: bytes) -> None:
        if self._file is not None:
            self._file.write(chunk)
        self.size += len(chunk)
        self.head += chunk[: SNIFFED - len(self.head)]

    def finish(self) -> None:
        """The bytes first, then the name: a file in its place is whole, even after power loss."""
        if self._file is not None:
            os.fsync(self._file.fileno())
            self._file.close()
        shard = self._place.parent
        if not shard.exists():
            shard.mkdir(exist_ok=True, mode=0o700)
            _sync_folder(shard.parent)
        self._new.touch(mode=0o600)
        self._aside.rename(self._place)
        _sync_folder(shard)

    def known(self) -> None:
        """Its row is on disk: whatever happens now, it stays."""
        with contextlib.suppress(OSError):
            self._new.unlink()

    def discard(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        for path in (self._aside, self._place, self._new):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _is_old(path: Path, seconds: float) -> bool:
    """Whether nothing was written to it for so long; what is gone meanwhile is not."""
    try:
        return not seconds or time.time() - path.stat().st_mtime >= seconds
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _on_disk(run: Callable[[], None]) -> None:
    """Run it on a thread, to its end even when the caller goes away meanwhile."""
    work = asyncio.get_running_loop().run_in_executor(None, run)
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
    except OSError as error:
        raise StorageUnavailable(f"the files cannot be stored now: {error.strerror}") from error
