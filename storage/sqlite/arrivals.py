"""Arrivals on SQLite: one process keeps and decides them, so it knows by heart what waits."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from bridge.domain.errors import Overloaded
from bridge.domain.ids import Instant
from bridge.ports.arrivals import INBOX, Arrival
from bridge.ports.channel import ChannelEvent
from bridge.ports.failpoints import failpoint
from bridge.ports.store import JournalEntry
from storage.asking import every
from storage.mapping.arrivals import arrival, arrival_row
from storage.sqlite.compiled import SQL
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Write, Writer

Ring = Callable[[str], Awaitable[None]]

MOST_WAITING = 10_000
_ALL = 2**31
_encode = msgspec.json.Encoder().encode


class SqliteArrivals:
    """See `bridge.ports.arrivals.Arrivals`."""

    def __init__(self, writer: Writer, readers: Readers, ring: Ring) -> None:
        """`ring` tells whoever runs the desk by a doorbell of this name."""
        self._writer = writer
        self._readers = readers
        self._ring = ring
        there = readers.ask_here(every("waiting_arrivals", (0, _ALL), arrival))
        self._there = {each.id for each in there}
        self._last = max(self._there, default=0)

    async def keep(self, event: ChannelEvent, entry: JournalEntry | None, at: Instant) -> None:
        """See `Arrivals.keep`."""
        if len(self._there) >= MOST_WAITING:
            raise Overloaded("too much is waiting to be decided; try again in a second")
        self._last += 1
        id_, row = self._last, arrival_row(at, _encode(event), entry)

        def run(connection: sqlite3.Connection) -> None:
            connection.execute(SQL["keep_arrival"], (id_, *row))

        def kept(_: None) -> None:
            failpoint("arrivals.kept")
            self._there.add(id_)

        await self._writer.write(Write(run, committed=kept))
        await self._ring(INBOX)

    async def waiting(self, limit: int) -> Sequence[Arrival]:
        """See `Arrivals.waiting`."""
        if not self._there:
            return ()
        return await self._readers.ask(every("waiting_arrivals", (0, limit), arrival))

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._there)

    def decided(self, ids: Iterable[int]) -> None:
        """These were removed."""
        self._there.difference_update(ids)
