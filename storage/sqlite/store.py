"""The engine's database on SQLite."""

import sqlite3
from collections.abc import Sequence
from functools import partial

from bridge.domain.delivery import Delivery
from bridge.ports.store import Changes, Committed, DeskRows, Facts, JournalEntry, Needs
from storage.sqlite import desk, facts
from storage.sqlite.batch import refusal, write
from storage.sqlite.journals import Journals
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Write, Writer


class SqliteStore:
    """See `bridge.ports.store.Store`."""

    def __init__(self, writer: Writer, readers: Readers, journals: Journals) -> None:
        """It shares its writer with the adapters' stores."""
        self._writer = writer
        self._readers = readers
        self._journals = journals

    async def open_desk(self) -> DeskRows:
        """Everything that is kept in memory."""
        return self._readers.read_here(desk.open_desk)

    async def load(self, needs: Needs) -> Facts:
        """Look up in bulk what a batch needs."""
        return await self._readers.read(partial(facts.find, needs=needs))

    async def commit(self, changes: Changes) -> Committed:
        """Write all of it durably in one transaction, or nothing."""

        def run(connection: sqlite3.Connection) -> tuple[Committed, Sequence[JournalEntry]]:
            written = write(connection, changes)
            return written, self._journals.hand_in(connection, changes.journal)

        committed, _ = await self._writer.write(
            Write(
                run,
                committed=lambda result: self._journals.tell(result[1]),
                refused=lambda connection, error: refusal(connection, changes, error),
            )
        )
        return committed

    async def open_deliveries(self) -> Sequence[Delivery]:
        """Deliveries that are pending or sending, by id."""
        return await self._readers.read(desk.open_deliveries)
