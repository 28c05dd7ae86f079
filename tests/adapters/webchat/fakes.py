"""Small stand-ins for what the core gives to an adapter: memory instead of a database."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from bridge.domain.content import File, FileKind
from bridge.domain.errors import DeliveryRejected, NotFound, StorageUnavailable
from bridge.domain.ids import Address, FileId, MessageId
from bridge.ports.adapter_store import Document, Entry
from bridge.ports.channel import Accepted, ChannelEvent, MessageReceived
from bridge.ports.store import JournalEntry
from tests.patience import PATIENCE

Kind = TypeVar("Kind", bound=ChannelEvent)

MAGIC = {
    b"\x89PNG": ("image/png", FileKind.IMAGE),
    b"%PDF": ("application/pdf", FileKind.DOCUMENT),
    b"OggS": ("audio/ogg", FileKind.AUDIO),
}


async def _nothing(collection: str) -> None:
    """Nobody is in between."""


class MemoryStore:
    """An `AdapterStore` without a disk. `broken` makes every call fail as a full disk would.

    `meanwhile` happens while what was found in a collection is on its way to who asked for it.
    """

    def __init__(self) -> None:
        self.broken = False
        self.meanwhile: Callable[[str], Awaitable[None]] = _nothing
        self.documents: dict[tuple[str, str], bytes] = {}
        self._journals: defaultdict[str, list[Entry]] = defaultdict(list)
        self._keys: dict[tuple[str, str], Entry] = {}
        self._readers: defaultdict[str, list[asyncio.Queue[Entry]]] = defaultdict(list)
        self._seq = 0

    async def append(self, journal: str, key: str, body: bytes) -> int:
        self._check()
        known = self._keys.get((journal, key))
        if known is not None:
            return known.seq
        self._seq += 1
        entry = Entry(seq=self._seq, body=body)
        self._keys[journal, key] = entry
        self._journals[journal].append(entry)
        for reader in self._readers[journal]:
            reader.put_nowait(entry)
        return entry.seq

    def entry(self, journal: str, key: str, body: bytes) -> JournalEntry:
        return JournalEntry(adapter="channels.site", journal=journal, key=key, body=body)

    async def read(self, journal: str, after: int, limit: int) -> Sequence[Entry]:
        self._check()
        return [entry for entry in self._journals[journal] if entry.seq > after][:limit]

    async def tail(self, journal: str, before: int | None, limit: int) -> Sequence[Entry]:
        self._check()
        older = [entry for entry in self._journals[journal] if before is None or entry.seq < before]
        return older[-limit:]

    async def find_entry(self, journal: str, key: str) -> Entry | None:
        self._check()
        return self._keys.get((journal, key))

    def follow(self, journal: str) -> AsyncIterator[Entry]:
        queue: asyncio.Queue[Entry] = asyncio.Queue()
        self._readers[journal].append(queue)
        return self._follow(queue)

    async def _follow(self, queue: asyncio.Queue[Entry]) -> AsyncIterator[Entry]:
        while True:
            yield await queue.get()

    async def put(self, collection: str, key: str, body: bytes) -> None:
        self._check()
        self.documents[collection, key] = body

    async def get(self, collection: str, key: str) -> bytes | None:
        self._check()
        found = self.documents.get((collection, key))
        await self.meanwhile(collection)
        return found

    async def remove(self, collection: str, key: str) -> bool:
        self._check()
        return self.documents.pop((collection, key), None) is not None

    async def scan(self, collection: str) -> Sequence[Document]:
        self._check()
        found = sorted(self.documents.items())
        return [Document(key=key, body=body) for (owner, key), body in found if owner == collection]

    def _check(self) -> None:
        if self.broken:
            raise StorageUnavailable("the disk is full")


class FolderFiles:
    """A `FileStore` over a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.known: dict[str, File] = {}

    async def save(self, chunks: AsyncIterator[bytes], name: str, limit: int) -> File:
        body = b""
        async for chunk in chunks:
            body += chunk
            if len(body) > limit:
                raise DeliveryRejected("too large", "too_large")
        return self.add(body, name)

    def add(self, body: bytes, name: str) -> File:
        """Keep these bytes."""
        mime, kind = MAGIC.get(body[:4], ("application/octet-stream", FileKind.DOCUMENT))
        file = File(id=FileId(uuid4().hex), kind=kind, mime=mime, size=len(body), name=name)
        (self._folder / file.id).write_bytes(body)
        self.known[file.id] = file
        return file

    async def find(self, file: FileId) -> File | None:
        return self.known.get(file)

    async def remove(self, file: FileId) -> None:
        if self.known.pop(file, None) is not None:
            (self._folder / file).unlink()

    def path(self, file: FileId) -> Path:
        if file not in self.known:
            raise NotFound("no such file")
        return self._folder / file


class Core:
    """A `ChannelSink` that remembers. `fault` is raised instead of accepting."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.events: list[ChannelEvent] = []
        self.typists: list[Address] = []
        self.fault: Exception | None = None
        self._changed = asyncio.Event()
        self._names: set[str] = set()

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        if self.fault is not None:
            raise self.fault
        names = {*event.source, event.external_id if isinstance(event, MessageReceived) else ""}
        if self._names & (names - {""}):
            return Accepted(duplicate=True)
        if entry is not None:
            await self.store.append(entry.journal, entry.key, entry.body)
        self.events.append(event)
        self._names |= names
        self._changed.set()
        return Accepted(message=MessageId(len(self.events)))

    async def typing(self, address: Address) -> None:
        self.typists.append(address)
        self._changed.set()

    def forget(self) -> None:
        """As if nothing had ever come in."""
        self.events.clear()
        self._names.clear()

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    async def until(self, done: Callable[["Core"], bool]) -> None:
        """Wait until enough has come in."""
        async with asyncio.timeout(PATIENCE):
            while not done(self):
                self._changed.clear()
                await self._changed.wait()
