"""A desk's PostgreSQL database while it is open; other processes may have it open, too."""

from functools import partial
from pathlib import Path

from bridge.domain.ids import Instant
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.holding import Held
from bridge.ports.personal import Parts
from storage.asking import Asking, every, one
from storage.asking.desk import last_entry
from storage.files import Files
from storage.journals import Journals
from storage.mapping.row import Row
from storage.names import ENGINE
from storage.personal import StoredPersonal
from storage.postgres.adapter_store import PostgresAdapterStore
from storage.postgres.arrivals import BY_INDEX, PostgresArrivals
from storage.postgres.connect import BY_KEY, connect
from storage.postgres.doorbell import PostgresDoorbell
from storage.postgres.lease import Leases
from storage.postgres.migrate import migrate
from storage.postgres.readers import Readers
from storage.postgres.store import PostgresStore
from storage.postgres.transaction import Transaction
from storage.postgres.writer import Write, Writer
from storage.reads import StoredReads

_UNFINISHED = 3_600.0
"""Seconds after which nobody is still receiving a file; until then another process may be."""


class PostgresDatabase:
    """See `storage.database.Database`."""

    def __init__(self, url: str, files_dir: Path) -> None:
        """Use `open`."""
        self._closed = False
        self._held: Held | None = None
        self._writer = Writer(partial(connect, url, **BY_KEY))
        self._readers = Readers(partial(connect, url, plan_cache_mode="auto"))
        self._journals = Journals()
        self.arrivals = PostgresArrivals(partial(connect, url, **BY_INDEX))
        self.store = PostgresStore(
            self._writer, self._readers, self._journals, self.arrivals.horizon
        )
        self.reads = StoredReads(self._readers)
        self.files = Files(files_dir, self._write, self._readers)
        self.personal = StoredPersonal(self._readers, self._write_all, _tidies_itself)
        self.holding = Leases(partial(connect, url))
        self.doorbell = PostgresDoorbell(partial(connect, url))

    def adapter_store(self, adapter_id: str) -> AdapterStore:
        """The memory of one adapter, by the id of its channel or workspace."""
        return PostgresAdapterStore(adapter_id, self._writer, self._readers, self._journals)

    def stand_by(self) -> None:
        """Until `lead`, another process runs the desk."""
        self._writer.stand_by()

    async def lead(self, held: Held) -> None:
        """Write from now on, after the last number that whoever led before has given."""
        self._held = held
        self._writer.lead(held)
        self._journals.go_on_after(await self._readers.ask(last_entry()))
        await self.files.forget_unfinished(older_than=_UNFINISHED)

    async def led(self) -> int | None:
        """Under which epoch the desk is led now, by whatever process; None while nobody leads."""
        return await self._readers.ask(_led())

    def replaced(self) -> bool:
        """True from the moment on at which our lease ends unless it is renewed until it is."""
        return self._held is not None and not self._held.sure()

    async def seen(self, at: Instant) -> None:
        """Remember that the desk runs at this moment, for the downtime after the next start."""

        async def run(transaction: Transaction) -> None:
            await transaction.run("seen", [(1, at)])
            await transaction.forget_marks()

        await self._writer.write(Write(run))

    async def problems(self) -> list[str]:
        """Indexes and constraints that the database itself does not trust."""
        return await self._readers.ask(_problems())

    async def close(self) -> None:
        """Write what waits, then let go of everything."""
        if self._closed:
            return
        self._closed = True
        await self._writer.close()
        await self.arrivals.close()
        await self._readers.close()
        await self.holding.close()
        await self.doorbell.close()

    async def _write_all(self, parts: Parts) -> None:
        async def run(transaction: Transaction) -> None:
            for name, rows in parts.items():
                await transaction.run(name, rows)

        self._writer.only_who_leads()
        await self._writer.write(Write(run))

    async def _write(self, name: str, values: Row) -> None:
        async def run(transaction: Transaction) -> None:
            await transaction.run(name, [values])

        await self._writer.write(Write(run))


async def open(url: str, files_dir: Path) -> PostgresDatabase:
    """Open it, created or migrated first if need be.

    Raises `InvalidSettings`, `DatabaseTooNew`, `StorageUnavailable`.
    """
    await migrate(url)
    return PostgresDatabase(url, files_dir)


async def _tidies_itself() -> bool:
    """Autovacuum does, and its log goes as the server is told to."""
    return True


def _led() -> Asking[int | None]:
    return one("which_epoch", {"name": ENGINE}, lambda row: int(row[0]))


def _problems() -> Asking[list[str]]:
    return every("untrusted", (), lambda row: f"{row[0]}: {row[1]}")
