"""A programme of what goes wrong on purpose: at which call, or with which event."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

EventFaultKind = Literal["lose", "duplicate", "delay", "swap"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFault:
    """One way in which events arrive wrongly. `swap` holds one back until the next has gone."""

    kind: EventFaultKind
    type: str = "*"
    """An event's type as the platform calls it, or `*`."""
    nth: int = 1
    """The first event that is concerned, counted from when the fault was set."""
    times: int | None = 1
    """How many events; None for all."""
    seconds: float = 1.0
    copies: int = 1
    """Of a duplicate, beside the first one. They are the same event to the platform."""


class Planned(Protocol):
    """What every fault says: its kind, and which of the calls or events it concerns."""

    @property
    def kind(self) -> str:
        """What goes wrong."""
        ...

    @property
    def nth(self) -> int:
        """The first that is concerned."""
        ...

    @property
    def times(self) -> int | None:
        """How many are; None for all."""
        ...


PlannedT = TypeVar("PlannedT", bound=Planned)
CallFaultT = TypeVar("CallFaultT", bound=Planned)


class _Counted(Generic[PlannedT]):
    """A fault and how many calls or events it has seen."""

    def __init__(self, fault: PlannedT) -> None:
        self.fault = fault
        self._seen = 0

    def hits(self) -> bool:
        self._seen += 1
        first, times = self.fault.nth, self.fault.times
        return self._seen >= first and (times is None or self._seen < first + times)


class Programme(Generic[CallFaultT]):
    """The faults of one simulator. Several may be set; the first that is due decides."""

    def __init__(self) -> None:
        self._calls: list[_Counted[CallFaultT]] = []
        self._events: list[_Counted[EventFault]] = []
        self.released = asyncio.Event()
        """Set when the simulator stops: whoever hangs may go."""
        self.happened: dict[str, int] = defaultdict(int)
        """How often each kind came to pass."""

    def add(self, fault: CallFaultT | EventFault) -> None:
        """From now on."""
        if isinstance(fault, EventFault):
            self._events.append(_Counted(fault))
        else:
            self._calls.append(_Counted(fault))

    def clear(self) -> None:
        """Everything works again."""
        self._calls.clear()
        self._events.clear()

    def for_event(self, type_: str) -> EventFault | None:
        """What befalls this event, if anything. Asking counts the event."""
        return self._due(self._events, lambda fault: fault.type in ("*", type_))

    def _for_call(self, concerns: Callable[[CallFaultT], bool]) -> CallFaultT | None:
        """What befalls a call that these faults concern. Asking counts the call."""
        return self._due(self._calls, concerns)

    def _due(
        self, faults: Sequence[_Counted[PlannedT]], concerns: Callable[[PlannedT], bool]
    ) -> PlannedT | None:
        hits = [each.fault for each in faults if concerns(each.fault) and each.hits()]
        if not hits:
            return None
        self.happened[hits[0].kind] += 1
        return hits[0]
