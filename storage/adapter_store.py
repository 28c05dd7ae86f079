"""An adapter's own documents and journals: what reading them is on either database."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence

from bridge.ports.adapter_store import Document, Entry
from bridge.ports.store import JournalEntry
from storage.asking import Given, every
from storage.journals import Journals
from storage.mapping.row import Read
from storage.reads import Reader

_NO_END = 2**63 - 1


class StoredMemory(ABC):
    """See `bridge.ports.adapter_store.AdapterStore`; writing is each database's own."""

    def __init__(self, adapter: str, reader: Reader, journals: Journals) -> None:
        """`adapter` is the id of the channel or workspace; it sees nothing of others."""
        self._adapter = adapter
        self._reader = reader
        self._journals = journals

    # --- journals ---------------------------------------------------------------------------

    @abstractmethod
    async def append(self, journal: str, key: str, body: bytes) -> int:
        """Add an entry at the end and give its seq; the same key again gives the same seq."""

    def entry(self, journal: str, key: str, body: bytes) -> JournalEntry:
        """An entry to hand in with an event: both are written in one transaction, or neither."""
        return JournalEntry(adapter=self._adapter, journal=journal, key=key, body=body)

    async def read(self, journal: str, after: int, limit: int) -> Sequence[Entry]:
        """Entries with a seq above `after`, oldest first."""
        return await self._entries("read_entries", journal, after, limit)

    async def tail(self, journal: str, before: int | None, limit: int) -> Sequence[Entry]:
        """The newest `limit` entries with a seq below `before` (None: the end), oldest first."""
        end = _NO_END if before is None else before
        return (await self._entries("tail_entries", journal, end, limit))[::-1]

    async def find_entry(self, journal: str, key: str) -> Entry | None:
        """The entry that was appended under this key."""
        for name in ("find_appended", "find_handed_in"):
            if found := await self._entries(name, journal, key):
                return found[0]
        return None

    def follow(self, journal: str) -> AsyncIterator[Entry]:
        """Entries appended from now on, in order."""
        return self._journals.follow(self._adapter, journal)

    async def _entries(self, name: str, *values: Given) -> list[Entry]:
        return await self._reader.ask(every(name, (self._adapter, *values), _entry))

    # --- documents --------------------------------------------------------------------------

    @abstractmethod
    async def put(self, collection: str, key: str, body: bytes) -> None:
        """Write a document, new or not."""

    async def get(self, collection: str, key: str) -> bytes | None:
        """Read a document."""
        asking = every("get_document", (self._adapter, collection, key), _body)
        found = await self._reader.ask(asking)
        return found[0] if found else None

    @abstractmethod
    async def remove(self, collection: str, key: str) -> bool:
        """Remove a document; true when there was one. Of two at once, one gets true."""

    async def scan(self, collection: str) -> Sequence[Document]:
        """Every document of a collection, by key."""
        return await self._reader.ask(
            every("scan_documents", (self._adapter, collection), _document)
        )


def _entry(row: Read) -> Entry:
    return Entry(seq=row[0], body=row[1])


def _body(row: Read) -> bytes:
    return bytes(row[0])


def _document(row: Read) -> Document:
    return Document(key=row[0], body=row[1])
