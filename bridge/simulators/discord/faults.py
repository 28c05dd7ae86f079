"""What goes wrong on purpose: at which call of which route, or with which event."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from bridge.simulators.common.faults import EventFault, Programme

__all__ = ["EventFault", "Fault", "FaultKind", "Faults"]

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


class Faults(Programme[Fault]):
    """The programme of faults of a simulated Discord."""

    def for_call(self, route: str, *, accepted: bool) -> Fault | None:
        """What befalls a call, before it takes effect or after. Asking counts the call."""
        return self._for_call(
            lambda fault: fault.is_late == accepted and fnmatchcase(route, fault.route)
        )
