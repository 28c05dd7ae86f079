"""An adapter's own documents and journals on SQLite."""

import sqlite3
from collections.abc import AsyncIterator, Sequence

from bridge.ports.adapter_store import Document, Entry
from bridge.ports.store import JournalEntry
from storage.sqlite.compiled import SQL
from storage.sqlite.journals import Journals
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Write, Writer

_NO_END = 2**63 - 1


class SqliteAdapterStore:
    """See `bridge.ports.adapter_store.AdapterStore`."""

    def __init__(self, adapter: str, writer: Writer, readers: Readers, journals: Journals) -> None:
        """`adapter` is the id of the channel or workspace; it sees nothing of others."""
        self._adapter = adapter
        self._writer = writer
        self._readers = readers
        self._journals = journals

    # --- journals ---------------------------------------------------------------------------

    async def append(self, journal: str, key: str, body: bytes) -> int:
        """Add an entry at the end and give its seq; the same key again gives the same seq."""
        entry = self.entry(journal, key, body)

        def run(connection: sqlite3.Connection) -> tuple[int, Sequence[JournalEntry]]:
            written = self._journals.append(connection, entry)
            if written is not None:
                return written.seq, (written,)
            own = (self._adapter, journal, key)
            return int(connection.execute(SQL["find_appended"], own).fetchone()[0]), ()

        seq, _ = await self._writer.write(
            Write(run, committed=lambda result: self._journals.tell(result[1]))
        )
        return seq

    def entry(self, journal: str, key: str, body: bytes) -> JournalEntry:
        """An entry to hand in with an event: both are written in one transaction, or neither."""
        return JournalEntry(adapter=self._adapter, journal=journal, key=key, body=body)

    async def read(self, journal: str, after: int, limit: int) -> Sequence[Entry]:
        """Entries with a seq above `after`, oldest first."""
        return await self._entries(SQL["read_entries"], journal, after, limit)

    async def tail(self, journal: str, before: int | None, limit: int) -> Sequence[Entry]:
        """The newest `limit` entries with a seq below `before` (None: the end), oldest first."""
        end = _NO_END if before is None else before
        return (await self._entries(SQL["tail_entries"], journal, end, limit))[::-1]

    async def find_entry(self, journal: str, key: str) -> Entry | None:
        """The entry that was appended under this key."""
        for statement in (SQL["find_appended"], SQL["find_handed_in"]):
            if found := await self._entries(statement, journal, key):
                return found[0]
        return None

    def follow(self, journal: str) -> AsyncIterator[Entry]:
        """Entries appended from now on, in order."""
        return self._journals.follow(self._adapter, journal)

    async def _entries(self, statement: str, *values: object) -> list[Entry]:
        rows = await self._readers.read(
            lambda connection: connection.execute(statement, (self._adapter, *values)).fetchall()
        )
        return [Entry(seq=seq, body=body) for seq, body in rows]

    # --- documents --------------------------------------------------------------------------

    async def put(self, collection: str, key: str, body: bytes) -> None:
        """Write a document, new or not."""
        values = (self._adapter, collection, key, body)
        await self._writer.write(
            Write(lambda connection: _changed(connection, SQL["put_document"], values))
        )

    async def get(self, collection: str, key: str) -> bytes | None:
        """Read a document."""
        values = (self._adapter, collection, key)
        row = await self._readers.read(
            lambda connection: connection.execute(SQL["get_document"], values).fetchone()
        )
        return None if row is None else bytes(row[0])

    async def remove(self, collection: str, key: str) -> bool:
        """Remove a document; true when there was one. Of two at once, one gets true."""
        values = (self._adapter, collection, key)
        return await self._writer.write(
            Write(lambda connection: _changed(connection, SQL["remove_document"], values))
        )

    async def scan(self, collection: str) -> Sequence[Document]:
        """Every document of a collection, by key."""
        values = (self._adapter, collection)
        rows = await self._readers.read(
            lambda connection: connection.execute(SQL["scan_documents"], values).fetchall()
        )
        return [Document(key=key, body=body) for key, body in rows]


def _changed(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> bool:
    return connection.execute(statement, values).rowcount == 1
