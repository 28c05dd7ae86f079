"""What customers send while another process runs the desk: kept for it, in its order."""

from collections.abc import Callable, Coroutine, Mapping

from bridge.domain.errors import NotLeading
from bridge.domain.ids import Address, ChannelId
from bridge.ports.arrivals import Arrivals
from bridge.ports.channel import Accepted, ChannelAdapter, ChannelEvent, ChannelSink
from bridge.ports.clock import Clock
from bridge.ports.store import JournalEntry


class Keeping:
    """A channel's sink that decides nothing."""

    def __init__(self, arrivals: Arrivals, clock: Clock) -> None:
        """Nothing was kept yet."""
        self._arrivals = arrivals
        self._clock = clock
        self.kept = 0

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        """On disk when this returns; whether it is a duplicate is found out by who decides it."""
        await self._arrivals.keep(event, entry, self._clock.now())
        self.kept += 1
        return Accepted()

    async def typing(self, address: Address) -> None:
        """It is shown where the desk is, or not at all."""
        raise NotLeading("who types is shown by the process that runs the desk")


class Door:
    """A channel's sink for as long as the channel runs, whoever is behind it."""

    def __init__(self, sink: ChannelSink) -> None:
        """Lead to this one."""
        self._sink = sink

    def lead_to(self, sink: ChannelSink) -> None:
        """From now on to this one; what is under way ends where it began."""
        self._sink = sink

    def accept(
        self, event: ChannelEvent, entry: JournalEntry | None = None
    ) -> Coroutine[object, object, Accepted]:
        """See `ChannelSink.accept`."""
        return self._sink.accept(event, entry)

    async def typing(self, address: Address) -> None:
        """See `ChannelSink.typing`."""
        await self._sink.typing(address)


class Intake:
    """All channels of a process: started once, and never again when it comes to lead."""

    def __init__(
        self, channels: Mapping[ChannelId, ChannelAdapter], arrivals: Arrivals, clock: Clock
    ) -> None:
        """Nothing is taken yet."""
        self._channels = channels
        self._keeping = Keeping(arrivals, clock)
        self._doors: dict[ChannelId, Door] = {}

    @property
    def kept(self) -> int:
        """How much was kept here for who decides."""
        return self._keeping.kept

    async def open(self) -> None:
        """Take what customers send. Raises as `ChannelAdapter.start`."""
        for id_, channel in self._channels.items():
            self._doors[id_] = door = Door(self._keeping)
            await channel.start(door)

    async def lead_to(self, sink: Callable[[ChannelId], ChannelSink]) -> None:
        """Hand everything over to these from now on; a channel that takes nothing yet begins to."""
        for id_, channel in self._channels.items():
            if id_ in self._doors:
                self._doors[id_].lead_to(sink(id_))
            else:
                await channel.start(sink(id_))
