"""The engine's database on SQLite."""

import sqlite3
from collections.abc import Sequence

from bridge.domain.delivery import Delivery
from bridge.ports.store import (
    ArrivedBefore,
    Changes,
    Committed,
    DeskRows,
    Facts,
    JournalEntry,
    Needs,
)
from storage.asking import desk, facts
from storage.journals import Journals, entry_row
from storage.sqlite.arrivals import SqliteArrivals
from storage.sqlite.batch import refusal, write
from storage.sqlite.compiled import SQL
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Write, Writer


class SqliteStore:
    """See `bridge.ports.store.Store`."""

    def __init__(
        self, writer: Writer, readers: Readers, journals: Journals, arrivals: SqliteArrivals
    ) -> None:
        """It shares its writer with the adapters' stores."""
        self._writer = writer
        self._readers = readers
        self._journals = journals
        self._arrivals = arrivals

    async def open_desk(self) -> DeskRows:
        """Everything that is kept in memory."""
        return self._readers.ask_here(desk.open_desk())

    async def load(self, needs: Needs) -> Facts:
        """Look up in bulk what a batch needs."""
        return await self._readers.ask(facts.find(needs))

    async def commit(self, changes: Changes) -> Committed:
        """Write all of it durably in one transaction, or nothing."""
        if changes.unless_arrived and self._arrivals:
            raise ArrivedBefore

        def run(connection: sqlite3.Connection) -> tuple[Committed, Sequence[JournalEntry]]:
            written = write(connection, changes)
            entries = self._journals.numbered(changes.journal)
            if entries:
                rows = [entry_row(entry, handed_in=True) for entry in entries]
                connection.executemany(SQL["hand_in_entry"], rows)
            return written, entries

        def tell(result: tuple[Committed, Sequence[JournalEntry]]) -> None:
            self._journals.tell(result[1])
            self._arrivals.decided(changes.arrived)

        committed, _ = await self._writer.write(
            Write(
                run,
                committed=tell,
                refused=lambda connection, error: refusal(connection, changes, error),
            )
        )
        return committed

    async def open_deliveries(self) -> Sequence[Delivery]:
        """Deliveries that are pending or sending, by id."""
        return await self._readers.ask(desk.open_deliveries())
