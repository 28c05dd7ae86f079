"""The engine's database on PostgreSQL."""

from collections.abc import Sequence

import asyncpg

from bridge.domain.delivery import Delivery
from bridge.ports.store import (
    Changes,
    Committed,
    DeskRows,
    Facts,
    JournalEntry,
    Needs,
)
from storage.asking import desk, facts
from storage.journals import Journals
from storage.postgres.batch import Batch, refusal
from storage.postgres.horizon import Horizon
from storage.postgres.readers import Readers
from storage.postgres.transaction import Transaction
from storage.postgres.writer import Write, Writer

Written = tuple[Committed, list[JournalEntry]]


class PostgresStore:
    """See `bridge.ports.store.Store`."""

    def __init__(
        self, writer: Writer, readers: Readers, journals: Journals, horizon: Horizon | None = None
    ) -> None:
        """It shares its writer with the adapters' stores; `horizon` is that of our arrivals."""
        self._writer = writer
        self._readers = readers
        self._journals = journals
        self._horizon = horizon or Horizon()

    async def open_desk(self) -> DeskRows:
        """Everything that is kept in memory."""
        return await self._readers.ask(desk.open_desk())

    async def load(self, needs: Needs) -> Facts:
        """Look up in bulk what a batch needs."""
        return await self._readers.ask(facts.find(needs))

    async def commit(self, changes: Changes) -> Committed:
        """Write all of it durably in one transaction, or nothing."""
        try:
            return await self._commit(changes, clean=False)
        except _HasNul:
            return await self._commit(changes, clean=True)

    async def open_deliveries(self) -> Sequence[Delivery]:
        """Deliveries that are pending or sending, by id."""
        return await self._readers.ask(desk.open_deliveries())

    async def _commit(self, changes: Changes, *, clean: bool) -> Committed:
        batch = Batch(changes, clean=clean)

        async def run(transaction: Transaction) -> Written:
            if changes.unless_arrived:
                transaction.unless_arrived(self._horizon.behind)
            entries = self._journals.numbered(changes.journal)
            return await batch.write(transaction, entries), entries

        async def refused(connection: asyncpg.Connection, error: Exception) -> Exception:
            if isinstance(error, asyncpg.CharacterNotInRepertoireError) and not clean:
                return _HasNul()
            return await refusal(connection, changes, error)

        def tell(written: Written) -> None:
            self._journals.tell(written[1])

        write = Write(run, committed=tell, refused=refused, one_trip=batch.is_one_trip)
        committed, _ = await self._writer.write(write)
        return committed


class _HasNul(Exception):
    """A text has a sign that no text of this database may have."""
