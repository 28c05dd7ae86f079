"""An adapter's own memory and files, kept in memory and in a folder; for tests of adapters."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bridge.domain.content import File, FileKind
from bridge.domain.errors import DeliveryRejected, NotFound, StorageUnavailable
from bridge.domain.ids import FileId
from bridge.ports.adapter_store import Document, Entry
from bridge.ports.store import JournalEntry


class MemoryStore:
    """`AdapterStore` in memory; `fail` makes every call raise `StorageUnavailable`."""

    def __init__(self) -> None:
        self.fail = False
        self.journals: dict[str, list[Entry]] = {}
        self._keys: dict[tuple[str, str], Entry] = {}
        self._documents: dict[str, dict[str, bytes]] = {}
        self._followers: dict[str, list[asyncio.Queue[Entry]]] = {}
        self.last = 0

    async def append(self, journal: str, key: str, body: bytes) -> int:
        self._check()
        known = self._keys.get((journal, key))
        if known is not None:
            return known.seq
        self.last += 1
        entry = Entry(seq=self.last, body=body)
        self._keys[journal, key] = entry
        self.journals.setdefault(journal, []).append(entry)
        for follower in self._followers.get(journal, []):
            follower.put_nowait(entry)
        return entry.seq

    def entry(self, journal: str, key: str, body: bytes) -> JournalEntry:
        return JournalEntry(adapter="memory", journal=journal, key=key, body=body)

    async def read(self, journal: str, after: int, limit: int) -> Sequence[Entry]:
        self._check()
        return [entry for entry in self.journals.get(journal, []) if entry.seq > after][:limit]

    async def tail(self, journal: str, before: int | None, limit: int) -> Sequence[Entry]:
        self._check()
        entries = self.journals.get(journal, [])
        return [entry for entry in entries if before is None or entry.seq < before][-limit:]

    async def find_entry(self, journal: str, key: str) -> Entry | None:
        self._check()
        return self._keys.get((journal, key))

    def follow(self, journal: str) -> AsyncIterator[Entry]:
        queue: asyncio.Queue[Entry] = asyncio.Queue()
        followers = self._followers.setdefault(journal, [])
        followers.append(queue)

        async def entries() -> AsyncIterator[Entry]:
            try:
                while True:
                    yield await queue.get()
            finally:
                followers.remove(queue)

        return entries()

    async def put(self, collection: str, key: str, body: bytes) -> None:
        self._check()
        self._documents.setdefault(collection, {})[key] = body

    async def get(self, collection: str, key: str) -> bytes | None:
        self._check()
        return self._documents.get(collection, {}).get(key)

    async def remove(self, collection: str, key: str) -> bool:
        self._check()
        return self._documents.get(collection, {}).pop(key, None) is not None

    async def scan(self, collection: str) -> Sequence[Document]:
        self._check()
        documents = self._documents.get(collection, {})
        return [Document(key=key, body=documents[key]) for key in sorted(documents)]

    def everything(self) -> bytes:
        """All that is kept, for looking for what must not be."""
        documents = (body for each in self._documents.values() for body in each.values())
        entries = (entry.body for each in self.journals.values() for entry in each)
        return b"\n".join((*documents, *entries))

    def _check(self) -> None:
        if self.fail:
            raise StorageUnavailable("the disk is full")


class FolderFiles:
    """`FileStore` in a folder; a file is what its first bytes say, whatever its name."""

    _SIGNS = (
        (b"\x89PNG", "image/png", FileKind.IMAGE),
        (b"\xff\xd8\xff", "image/jpeg", FileKind.IMAGE),
        (b"%PDF", "application/pdf", FileKind.DOCUMENT),
        (b"OggS", "audio/ogg", FileKind.AUDIO),
        (b"<html", "text/html", FileKind.DOCUMENT),
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.known: dict[FileId, File] = {}

    async def save(self, chunks: AsyncIterator[bytes], name: str, limit: int) -> File:
        body = bytearray()
        async for chunk in chunks:
            body += chunk
            if len(body) > limit:
                raise DeliveryRejected("too large", "too_large")
        mime, kind = next(
            ((mime, kind) for sign, mime, kind in self._SIGNS if body.startswith(sign)),
            ("application/octet-stream", FileKind.DOCUMENT),
        )
        file = File(
            id=FileId(secrets.token_hex(16)), kind=kind, mime=mime, size=len(body), name=name
        )
        self.path(file.id, new=True).write_bytes(body)
        self.known[file.id] = file
        return file

    async def find(self, file: FileId) -> File | None:
        return self.known.get(file)

    async def remove(self, file: FileId) -> None:
        if self.known.pop(file, None) is not None:
            (self._folder / file).unlink()

    def path(self, file: FileId, *, new: bool = False) -> Path:
        if not new and file not in self.known:
            raise NotFound(file)
        return self._folder / file
