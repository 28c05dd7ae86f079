"""The core's sink as what receives for a channel has it: shut before start and after stop."""

from collections.abc import Coroutine

from bridge.domain.errors import Overloaded
from bridge.domain.ids import Address
from bridge.ports.channel import Accepted, ChannelEvent, ChannelSink
from bridge.ports.store import JournalEntry


class LiveSink:
    """The core's sink while the adapter runs; closed, nothing is taken: `Overloaded`."""

    def __init__(self, whose: str = "the channel") -> None:
        """Closed. `whose` begins the sentence that says so."""
        self._whose = whose
        self._sink: ChannelSink | None = None

    @property
    def is_open(self) -> bool:
        """True while the adapter runs."""
        return self._sink is not None

    def open(self, sink: ChannelSink) -> None:
        """Let everything through to this sink."""
        self._sink = sink

    def close(self) -> None:
        """Take nothing more."""
        self._sink = None

    # Not a coroutine around a coroutine: every line of a customer would pay for both.
    def accept(
        self, event: ChannelEvent, entry: JournalEntry | None = None
    ) -> Coroutine[object, object, Accepted]:
        """See `ChannelSink.accept`."""
        return self._inside().accept(event, entry)

    async def typing(self, address: Address) -> None:
        """See `ChannelSink.typing`."""
        await self._inside().typing(address)

    def _inside(self) -> ChannelSink:
        if self._sink is None:
            raise Overloaded(f"{self._whose} is starting or stopping", retry_after=2)
        return self._sink
