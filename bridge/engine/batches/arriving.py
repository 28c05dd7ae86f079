"""Takes in what came to other processes, in its order: before what came here after it."""

from collections.abc import Callable

import msgspec

from bridge.domain.ids import SECOND, Instant
from bridge.engine.batches.batch import Batch, Item, Look
from bridge.engine.batches.intake import Intake
from bridge.engine.decide import Unreadable
from bridge.ports.arrivals import Arrival, Arrivals
from bridge.ports.channel import ChannelEvent
from bridge.ports.clock import Clock
from bridge.ports.failpoints import failpoint

Overhear = Callable[[ChannelEvent], None]

PAGE = 512
_LATELY = 10 * SECOND

_decoder: msgspec.json.Decoder[ChannelEvent] = msgspec.json.Decoder(ChannelEvent)


def to_nobody(_event: ChannelEvent) -> None:
    """Nobody needs to know."""


class Arriving:
    """Reads what waits. Only whoever decides does, between two batches: nothing is read twice."""

    def __init__(
        self, arrivals: Arrivals, intake: Intake, clock: Clock, overhear: Overhear
    ) -> None:
        """Nothing has been read. `overhear` is told of each event."""
        self._overhear = overhear
        self._arrivals = arrivals
        self._intake = intake
        self._clock = clock
        self._until = Instant(0)

    def comes_before(self, batch: Batch) -> bool:
        """Whether to look before this is decided: when asked to, and while things come lately.

        Else nothing is looked for, and the store says so in the rare case that something waits.
        """
        if batch.has(Look):
            return True
        return self._clock.now() < self._until and batch.has(Item)

    def came(self) -> None:
        """Something did."""
        self._until = Instant(self._clock.now() + _LATELY)

    async def page(self) -> list[Item]:
        """What has waited longest, to be decided; at most `PAGE`. Raises `StorageUnavailable`."""
        found = await self._arrivals.waiting(PAGE)
        if found:
            self.came()
            failpoint("arrivals.taken")
        return [self._item(arrival) for arrival in found]

    def _item(self, arrival: Arrival) -> Item:
        """It came in when it was kept, though by another clock; nobody here waits for it."""
        event = _read(arrival.body)
        at = min(arrival.at, self._clock.now())
        source = () if isinstance(event, Unreadable) else event.source
        if not isinstance(event, Unreadable):
            self._overhear(event)
        row = self._intake.row(at, event, source)
        return Item(event=event, row=row, entry=arrival.entry, arrival=arrival.id)


def _read(body: bytes) -> ChannelEvent | Unreadable:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Unreadable(body=body, why=str(error))
