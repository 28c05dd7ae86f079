"""What is decided and written together."""

import asyncio
from dataclasses import dataclass, field

from bridge.engine.decide import Inbound
from bridge.engine.settle import Settled
from bridge.ports.store import DeliveryMark, InboxRow, JournalEntry


@dataclass(slots=True)
class Item:
    """One row that came in, and who awaits what becomes of it; `entry` goes where the row goes.

    `result` is what was decided.
    """

    event: Inbound
    row: InboxRow
    answer: "asyncio.Future[object]"
    entry: JournalEntry | None = None
    result: object = None


@dataclass(slots=True)
class Claim:
    """A sender asks for a delivery to be `sending` on disk; the answer is whether it was his."""

    mark: DeliveryMark
    answer: "asyncio.Future[object]"


@dataclass(slots=True)
class Ending:
    """A delivery is over; nobody waits for this to be on disk."""

    outcome: Settled
    answer: "asyncio.Future[object] | None" = None


Entry = Item | Claim | Ending


@dataclass(slots=True)
class Batch:
    """Entries in the order they came. `duplicates` and `dead` are rows by position."""

    entries: list[Entry]
    duplicates: set[int] = field(default_factory=set)
    dead: dict[int, str] = field(default_factory=dict)

    def events(self) -> list[Inbound]:
        """What is to be decided."""
        return [entry.event for entry in self.entries if isinstance(entry, Item)]

    def endings(self) -> list[Settled]:
        """Deliveries that are over."""
        return [entry.outcome for entry in self.entries if isinstance(entry, Ending)]

    def resolve(self, lost: frozenset[int], duplicate: object) -> None:
        """The batch is on disk: tell everybody who waits."""
        for position in self.duplicates:
            entry = self.entries[position]
            if isinstance(entry, Item):
                entry.result = duplicate
        for entry in self.entries:
            future = entry.answer
            if future is None or future.done():
                continue
            if isinstance(entry, Item):
                future.set_result(entry.result)
            elif isinstance(entry, Claim):
                future.set_result(entry.mark.id not in lost)

    def fail(self, error: Exception) -> None:
        """Nothing was written: tell everybody who waits."""
        for entry in self.entries:
            if entry.answer is not None and not entry.answer.done():
                entry.answer.set_exception(error)
