"""An adapter's own documents and journals on SQLite."""

import sqlite3

from bridge.ports.store import JournalEntry
from storage.adapter_store import StoredMemory
from storage.journals import Journals, entry_row
from storage.sqlite.compiled import SQL
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Write, Writer


class SqliteAdapterStore(StoredMemory):
    """Every write is one statement in the next transaction."""

    def __init__(self, adapter: str, writer: Writer, readers: Readers, journals: Journals) -> None:
        """`adapter` is the id of the channel or workspace; it sees nothing of others."""
        super().__init__(adapter, readers, journals)
        self._writer = writer

    async def append(self, journal: str, key: str, body: bytes) -> int:
        """Add an entry at the end and give its seq; the same key again gives the same seq."""
        entry = self.entry(journal, key, body)

        def run(connection: sqlite3.Connection) -> tuple[int, list[JournalEntry]]:
            new = self._journals.numbered([entry])
            row = entry_row(new[0], handed_in=False)
            if connection.execute(SQL["append_entry"], row).rowcount:
                return new[0].seq, new
            own = (self._adapter, journal, key)
            return int(connection.execute(SQL["find_appended"], own).fetchone()[0]), []

        seq, _ = await self._writer.write(
            Write(run, committed=lambda result: self._journals.tell(result[1]))
        )
        return seq

    async def put(self, collection: str, key: str, body: bytes) -> None:
        """Write a document, new or not."""
        await self._change("put_document", (self._adapter, collection, key, body))

    async def remove(self, collection: str, key: str) -> bool:
        """Remove a document; true when there was one. Of two at once, one gets true."""
        return await self._change("remove_document", (self._adapter, collection, key))

    async def _change(self, name: str, values: tuple[object, ...]) -> bool:
        return await self._writer.write(
            Write(lambda connection: connection.execute(SQL[name], values).rowcount == 1)
        )
