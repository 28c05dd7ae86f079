"""What an adapter may keep for itself: documents by key, and ordered journals.

It gives every adapter durable memory without a table of its own. Each adapter sees only what is
its own.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bridge.domain.value import Value
from bridge.ports.store import JournalEntry


class Entry(Value, array_like=True):
    """One entry of a journal; `seq` grows over all journals of the adapter."""

    seq: int
    body: bytes


class Document(Value, array_like=True):
    """One document of a collection."""

    key: str
    body: bytes


class AdapterStore(Protocol):
    """An adapter's own memory. Every write is durable when it returns.

    All of it raises `StorageUnavailable` when the database cannot store now. In a process that does
    not run the desk `append`, `put` and `remove` raise `NotLeading`.
    """

    async def append(self, journal: str, key: str, body: bytes) -> int:
        """Add an entry at the end and give its seq; the same key again gives the same seq."""
        ...

    def entry(self, journal: str, key: str, body: bytes) -> JournalEntry:
        """An entry to hand in with an event: both are written in one transaction, or neither.

        It is there once because the event is; its key is not compared with others.
        """
        ...

    async def read(self, journal: str, after: int, limit: int) -> Sequence[Entry]:
        """Entries with a seq above `after`, oldest first."""
        ...

    async def tail(self, journal: str, before: int | None, limit: int) -> Sequence[Entry]:
        """The newest `limit` entries with a seq below `before` (None: the end), oldest first."""
        ...

    async def find_entry(self, journal: str, key: str) -> Entry | None:
        """The entry that was appended or, newest first, handed in under this key.

        The latter goes back through the journal: it is for what people do now and then.
        """
        ...

    def follow(self, journal: str) -> AsyncIterator[Entry]:
        """Entries appended from now on, in order; ends when the reader goes away.

        It begins at this call, not at the first step of the iterator: whoever follows first and
        reads then misses nothing. A reader that falls more than 1,000 entries behind is ended and
        reads again.
        """
        ...

    async def put(self, collection: str, key: str, body: bytes) -> None:
        """Write a document, new or not."""
        ...

    async def get(self, collection: str, key: str) -> bytes | None:
        """Read a document."""
        ...

    async def remove(self, collection: str, key: str) -> bool:
        """Remove a document; true when there was one. Of two at once, one gets true."""
        ...

    async def scan(self, collection: str) -> Sequence[Document]:
        """Every document of a collection, by key."""
        ...
