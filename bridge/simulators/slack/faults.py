"""What goes wrong on purpose: at which call of which method, or with which event."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "drop",  # the connection breaks without an answer
    "status",  # `status` with a page of HTML
    "error",  # HTTP 200 with `ok: false` and `error`
    "rate_limited",  # 429 with `retry_after`
    "hang",  # no answer for as long as the client waits
    "delay",  # the true answer, `seconds` late
    "half_body",  # the answer breaks off in the middle
    "not_json",  # 200 with a page of HTML
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One way in which calls of a method fail."""

    method: str
    """A Web API method, `upload`, `download`, `response_url`, or `*` for all of the Web API."""
    kind: FaultKind
    nth: int = 1
    """The first call that fails, counted from when the fault was set."""
    times: int | None = 1
    """How many calls fail; None for all."""
    accepted: bool = False
    """Whether the call takes effect all the same (and is in the ledger) before it fails."""
    status: int = 500
    error: str = "fatal_error"
    retry_after: int = 1
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
    """An event's type, or `*`."""
    nth: int = 1
    times: int | None = 1
    seconds: float = 1.0
    copies: int = 1
    """Of a duplicate, beside the first one. They carry the same `event_id`."""


class _Counted:
    """A fault and how many calls it has seen."""

    def __init__(self) -> None:
        self.seen = 0

    def hits(self, nth: int, times: int | None) -> bool:
        self.seen += 1
        return self.seen >= nth and (times is None or self.seen < nth + times)


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
        if isinstance(fault, Fault):
            self._calls.append((fault, _Counted()))
        else:
            self._events.append((fault, _Counted()))

    def clear(self) -> None:
        """Everything works again."""
        self._calls.clear()
        self._events.clear()

    def before(self, method: str, *, web_api: bool = True) -> Fault | None:
        """What befalls this call before it takes effect. Asking counts the call."""
        return self._for_call(method, web_api=web_api, accepted=False)

    def after(self, method: str, *, web_api: bool = True) -> Fault | None:
        """What befalls its answer, asked once the call is in the ledger. Counts the call."""
        return self._for_call(method, web_api=web_api, accepted=True)

    def _for_call(self, method: str, *, web_api: bool, accepted: bool) -> Fault | None:
        due: Fault | None = None
        for fault, counted in self._calls:
            mine = fault.method == method or (web_api and fault.method == "*")
            mine = mine and fault.is_late == accepted
            if mine and counted.hits(fault.nth, fault.times) and due is None:
                due = fault
        if due is not None:
            self.happened[due.kind] += 1
        return due

    def for_event(self, kind: str) -> EventFault | None:
        """What befalls this event, if anything. Asking counts the event."""
        due: EventFault | None = None
        for fault, counted in self._events:
            if fault.type in ("*", kind) and counted.hits(fault.nth, fault.times) and due is None:
                due = fault
        if due is not None:
            self.happened[due.kind] += 1
        return due
