"""Arrivals in memory: the port's promises without a disk, for unit tests."""

from collections.abc import Iterable, Sequence
from itertools import count

import msgspec

from bridge.domain.ids import Instant
from bridge.ports.arrivals import Arrival
from bridge.ports.channel import ChannelEvent
from bridge.ports.store import JournalEntry


class MemoryArrivals:
    """See `bridge.ports.arrivals.Arrivals`."""

    def __init__(self) -> None:
        """Nothing waits."""
        self.there: dict[int, Arrival] = {}
        self.looks = 0
        self._ids = count(1)

    async def keep(self, event: ChannelEvent, entry: JournalEntry | None, at: Instant) -> None:
        self.add(msgspec.json.encode(event), entry, at)

    def add(self, body: bytes, entry: JournalEntry | None, at: Instant) -> None:
        """Whatever its body is."""
        id_ = next(self._ids)
        self.there[id_] = Arrival(id=id_, at=at, body=body, entry=entry)

    async def waiting(self, limit: int) -> Sequence[Arrival]:
        self.looks += 1
        return list(self.there.values())[:limit]

    def decided(self, ids: Iterable[int]) -> None:
        """These are gone."""
        for id_ in ids:
            self.there.pop(id_, None)
