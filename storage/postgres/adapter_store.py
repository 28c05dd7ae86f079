"""An adapter's own documents and journals on PostgreSQL."""

from bridge.ports.store import JournalEntry
from storage.adapter_store import StoredMemory
from storage.journals import Journals, entry_row
from storage.mapping.row import Row
from storage.postgres.readers import Readers
from storage.postgres.transaction import Transaction
from storage.postgres.writer import Write, Writer


class PostgresAdapterStore(StoredMemory):
    """Every write is one statement in the next transaction.

    In a process that stands by all of them raise `NotLeading`: journals are numbered from the
    memory of the one that leads.
    """

    def __init__(self, adapter: str, writer: Writer, readers: Readers, journals: Journals) -> None:
        """`adapter` is the id of the channel or workspace; it sees nothing of others."""
        super().__init__(adapter, readers, journals)
        self._writer = writer

    async def append(self, journal: str, key: str, body: bytes) -> int:
        """Add an entry at the end and give its seq; the same key again gives the same seq."""
        self._writer.only_who_leads()
        entry = self.entry(journal, key, body)

        async def run(transaction: Transaction) -> tuple[int, list[JournalEntry]]:
            new = self._journals.numbered([entry])
            row = entry_row(new[0], handed_in=False)
            if await transaction.run("append_entry", [row]):
                return new[0].seq, new
            found = await transaction.find("find_appended", self._adapter, journal, key)
            return int(found[0][0]), []

        def tell(result: tuple[int, list[JournalEntry]]) -> None:
            self._journals.tell(result[1])

        seq, _ = await self._writer.write(Write(run, committed=tell))
        return seq

    async def put(self, collection: str, key: str, body: bytes) -> None:
        """Write a document, new or not."""
        await self._change("put_document", (self._adapter, collection, key, body))

    async def remove(self, collection: str, key: str) -> bool:
        """Remove a document; true when there was one. Of two at once, one gets true."""
        return await self._change("remove_document", (self._adapter, collection, key))

    async def _change(self, name: str, row: Row) -> bool:
        self._writer.only_who_leads()

        async def run(transaction: Transaction) -> bool:
            return await transaction.run(name, [row]) == 1

        return await self._writer.write(Write(run))
