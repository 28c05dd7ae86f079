"""An adapter's own documents and journals on SQLite."""

import sqlite3
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import bindparam, delete, select

from bridge.ports.adapter_store import Document, Entry
from bridge.ports.store import JournalEntry
from storage import tables
from storage.sqlite import sql
from storage.sqlite.journals import Journals
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Write, Writer


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
        own = (self._adapter, journal, key)

        def run(connection: sqlite3.Connection) -> tuple[int, bool]:
            seq = self._journals.next()
            if connection.execute(_APPEND, (seq, *own, body)).rowcount == 1:
                return seq, True
            return int(connection.execute(_SEQ, own).fetchone()[0]), False

        def committed(result: tuple[int, bool]) -> None:
            seq, is_new = result
            if is_new:
                entry = JournalEntry(
                    seq=seq, adapter=self._adapter, journal=journal, key=key, body=body
                )
                self._journals.tell((entry,))

        seq, _ = await self._writer.write(Write(run, committed))
        return seq

    async def read(self, journal: str, after: int, limit: int) -> Sequence[Entry]:
        """Entries with a seq above `after`, oldest first."""
        return await self._entries(_READ, journal, after, limit)

    async def tail(self, journal: str, before: int | None, limit: int) -> Sequence[Entry]:
        """The newest `limit` entries with a seq below `before` (None: the end), oldest first."""
        end = _NO_END if before is None else before
        return (await self._entries(_TAIL, journal, end, limit))[::-1]

    async def find_entry(self, journal: str, key: str) -> Entry | None:
        """The entry that was appended under this key."""
        found = await self._entries(_FIND, journal, key)
        return found[0] if found else None

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
        await self._writer.write(Write(lambda connection: _changed(connection, _PUT, values)))

    async def get(self, collection: str, key: str) -> bytes | None:
        """Read a document."""
        values = (self._adapter, collection, key)
        row = await self._readers.read(
            lambda connection: connection.execute(_GET, values).fetchone()
        )
        return None if row is None else bytes(row[0])

    async def remove(self, collection: str, key: str) -> bool:
        """Remove a document; true when there was one. Of two at once, one gets true."""
        values = (self._adapter, collection, key)
        return await self._writer.write(
            Write(lambda connection: _changed(connection, _REMOVE, values))
        )

    async def scan(self, collection: str) -> Sequence[Document]:
        """Every document of a collection, by key."""
        values = (self._adapter, collection)
        rows = await self._readers.read(
            lambda connection: connection.execute(_SCAN, values).fetchall()
        )
        return [Document(key=key, body=body) for key, body in rows]


def _changed(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> bool:
    return connection.execute(statement, values).rowcount == 1


_NO_END = 2**63 - 1

_j = tables.journal.c
_OWN = (_j.adapter == bindparam("adapter"), _j.journal == bindparam("journal"))
_ENTRY = select(_j.seq, _j.body).where(*_OWN)
_APPEND = sql.ignored(tables.journal, "adapter", "journal", "key")
_SEQ = sql.compiled(select(_j.seq).where(*_OWN, _j.key == bindparam("key")))
_FIND = sql.compiled(_ENTRY.where(_j.key == bindparam("key")))
_READ = sql.compiled(sql.first(_ENTRY.where(_j.seq > bindparam("after")).order_by(_j.seq)))
_TAIL = sql.compiled(sql.first(_ENTRY.where(_j.seq < bindparam("before")).order_by(_j.seq.desc())))

_d = tables.document.c
_COLLECTION = (_d.adapter == bindparam("adapter"), _d.collection == bindparam("collection"))
_PUT = sql.upserted(tables.document)
_REMOVE = sql.compiled(delete(tables.document).where(*_COLLECTION, _d.key == bindparam("key")))
_GET = sql.compiled(select(_d.body).where(*_COLLECTION, _d.key == bindparam("key")))
_SCAN = sql.compiled(select(_d.key, _d.body).where(*_COLLECTION).order_by(_d.key))
