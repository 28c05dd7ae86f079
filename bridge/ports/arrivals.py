"""What came to a process that does not run the desk: kept for the one that does."""

from collections.abc import Sequence
from typing import Final, Protocol

from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.ports.channel import ChannelEvent
from bridge.ports.store import JournalEntry

INBOX: Final = "inbox"
"""The doorbell that is rung for whoever decides."""


class Arrival(Value):
    """One thing that a channel brought. `id` grows: a later one was begun later.

    `body` is the event as JSON; whoever decides it reads it, and buries what he cannot read.
    """

    id: int
    at: Instant
    body: bytes
    entry: JournalEntry | None = None


class Arrivals(Protocol):
    """The way from every process to the one that decides.

    Whoever decides an arrival names it in `Changes.arrived`: it is gone in the very transaction
    that writes what was decided, so it has its effects once.
    """

    async def keep(self, event: ChannelEvent, entry: JournalEntry | None, at: Instant) -> None:
        """Have it on disk when this returns, and ring for whoever runs the desk.

        Raises `StorageUnavailable`, and `Overloaded` while too much waits: nothing was kept then.
        """
        ...

    async def waiting(self, limit: int) -> Sequence[Arrival]:
        """What nobody has decided yet, by id. Raises `StorageUnavailable`."""
        ...


class NothingArrives:
    """Of a desk to which nothing comes by another process."""

    async def keep(self, event: ChannelEvent, entry: JournalEntry | None, at: Instant) -> None:
        """There is nobody who would decide it."""
        raise StorageUnavailable("this desk keeps no arrivals")

    async def waiting(self, limit: int) -> Sequence[Arrival]:
        """Nothing."""
        return ()
