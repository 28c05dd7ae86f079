"""What is decided and written together."""

import asyncio
from dataclasses import dataclass, field

from bridge.domain.ids import InboxId
from bridge.engine.decide import Inbound
from bridge.engine.settle import Settled
from bridge.ports.store import DeliveryMark, InboxRow, JournalEntry


@dataclass(slots=True)
class Item:
    """One row that came in, and who awaits what becomes of it; `entry` goes where the row goes.

    `result` is what was decided. `arrival` is the id of what waited for whoever runs the desk.
    """

    event: Inbound
    row: InboxRow
    answer: "asyncio.Future[object] | None" = None
    arrival: int | None = None
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


@dataclass(slots=True)
class Look:
    """What waits at other processes is to be decided; the answer says that it is on disk."""

    answer: "asyncio.Future[object]"


Entry = Item | Claim | Ending | Look


@dataclass(slots=True)
class Batch:
    """Entries in the order they came. `duplicates` and `dead` are rows by position.

    With `looked` what had come to other processes before these entries came is decided, or is here.
    """

    entries: list[Entry]
    looked: bool = False
    duplicates: set[int] = field(default_factory=set)
    dead: dict[int, str] = field(default_factory=dict)

    def events(self) -> list[Inbound]:
        """What is to be decided."""
        return [entry.event for entry in self.entries if isinstance(entry, Item)]

    def endings(self) -> list[Settled]:
        """Deliveries that are over."""
        return [entry.outcome for entry in self.entries if isinstance(entry, Ending)]

    def has(self, kind: type[Item] | type[Look]) -> bool:
        """Whether there is one of these."""
        return kind in map(type, self.entries)

    def put_first(self, items: list[Item]) -> None:
        """These come before all that is here, of which nothing may be decided yet."""
        self.looked = True
        if items:
            self.entries[:0] = items
            self.duplicates.clear()
            self.dead.clear()

    def arrived(self) -> list[int]:
        """The ids of what came to other processes and is decided here."""
        items = (entry for entry in self.entries if isinstance(entry, Item)) if self.looked else ()
        return [item.arrival for item in items if item.arrival is not None]

    def strike_out(self, known: frozenset[InboxId]) -> int:
        """These rows were taken before; gives how many there are."""
        found = {
            position
            for position, entry in enumerate(self.entries)
            if isinstance(entry, Item) and entry.row.id in known
        }
        self.duplicates |= found
        return len(found)

    def give_up(self, position: int, error: Exception) -> None:
        """Nobody can decide this one: it is dead from now on."""
        self.dead[position] = f"{type(error).__name__}: {error}"

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
            elif isinstance(entry, Look):
                future.set_result(None)

    def fail(self, error: Exception) -> None:
        """Nothing was written: tell everybody who waits."""
        for entry in self.entries:
            if entry.answer is not None and not entry.answer.done():
                entry.answer.set_exception(error)
