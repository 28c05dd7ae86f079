"""What goes wrong on purpose: at which call of which route, or with which event."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

FaultKind = Literal[
    "drop",  # the connection breaks without an answer
    "status",  # `status` with a page of HTML
    "error",  # `status` with Discord's JSON: `code` and `message`
    "rate_limited",  # 429 with `retry_after` and `scope`
    "cloudflare",  # 429 without `Via`: banned before Discord saw it
    "hang",  # no answer for as long as the client waits
    "delay",  # the true answer, `seconds` late
    "half_body",  # the answer breaks off in the middle
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One way in which calls of a route fail."""

    route: str
    """As in the documentation, `POST /channels/{channel_id}/messages`; `*` matches anything."""
    kind: FaultKind
    nth: int = 1
    """The first call that fails, counted from when the fault was set."""
    times: int | None = 1
    """How many calls fail; None for all."""
    accepted: bool = False
    """Whether the call takes effect all the same (and is in the ledger) before it fails."""
    status: int = 500
    code: int = 0
    message: str = "Internal Server Error"
    retry_after: float = 1.0
    scope: Literal["user", "global", "shared"] = "user"
    seconds: float = 1.0

    @property
    def is_late(self) -> bool:
        """Whether it is decided only when the call has taken effect."""
        return self.accepted or self.kind in ("delay", "half_body")


EventFaultKind = Literal["lose", "duplicate", "delay", "swap"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFault:
    """One way in which events arrive wrongly. `swap` holds one back until the next has gone."""

    kind: EventFaultKind
    type: str = "*"
    """An event's name, `MESSAGE_CREATE`, or `*`."""
    nth: int = 1
    times: int | None = 1
    seconds: float = 1.0
    copies: int = 1
    """Of a duplicate, beside the first one."""


class _Counted:
    """How many calls or events a fault has seen."""

    def __init__(self, nth: int, times: int | None) -> None:
        self._seen = 0
        self._first = nth
        self._end = None if times is None else nth + times

    def hits(self) -> bool:
        self._seen += 1
        return self._seen >= self._first and (self._end is None or self._seen < self._end)


class Faults:
    """The programme of faults. Several may be set; the first that is due decides."""

    def __init__(self) -> None:
        self._calls: list[tuple[Fault, _Counted]] = []
        self._events: list[tuple[EventFault, _Counted]] = []
        self.released = asyncio.Event()
        """Set when the simulator stops: whoever hangs may go."""
        self.happened: dict[str, int] = defaultdict(int)
        """How often each kind came to pass."""

    def add(self, fault: Fault | EventFault) -> None:
        """From now on."""
        counted = _Counted(fault.nth, fault.times)
        if isinstance(fault, Fault):
            self._calls.append((fault, counted))
        else:
            self._events.append((fault, counted))

    def clear(self) -> None:
        """Everything works again."""
        self._calls.clear()
        self._events.clear()

    def for_call(self, route: str, *, accepted: bool) -> Fault | None:
        """What befalls a call, before it takes effect or after. Asking counts the call."""
        due: Fault | None = None
        for fault, counted in self._calls:
            mine = fault.is_late == accepted and fnmatchcase(route, fault.route)
            if mine and counted.hits() and due is None:
                due = fault
        if due is not None:
            self.happened[due.kind] += 1
        return due

    def for_event(self, name: str) -> EventFault | None:
        """What befalls this event, if anything. Asking counts the event."""
        due: EventFault | None = None
        for fault, counted in self._events:
            if fault.type in ("*", name) and counted.hits() and due is None:
                due = fault
        if due is not None:
            self.happened[due.kind] += 1
        return due
