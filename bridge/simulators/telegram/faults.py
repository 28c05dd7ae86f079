"""What goes wrong on purpose: at which call, or with which update."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from bridge.simulators.common.faults import EventFault, Programme

__all__ = ["EventFault", "Fault", "FaultKind", "Faults"]

FaultKind = Literal[
    "drop",  # the connection breaks without an answer
    "hang",  # no answer for as long as the client waits
    "slow",  # `seconds` pass before the answer
    "status",  # `status` with a page of HTML
    "error",  # `status` in Telegram's JSON, with `details` and `retry_after`
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One way in which calls fail."""

    method: str
    """`sendMessage`; `file` is a download; `*` matches anything."""
    kind: FaultKind
    nth: int = 1
    """The first call that fails, counted from when the fault was set."""
    times: int | None = 1
    """How many calls fail; None for all."""
    accepted: bool = False
    """Whether the call takes effect all the same (and is in the ledger) before it fails."""
    status: int = 500
    details: str = ""
    retry_after: int = 0
    seconds: float = 1.0


class Faults(Programme[Fault]):
    """The programme of faults of a simulated Telegram. Updates have their kind as type."""

    def for_call(self, method: str, *, accepted: bool) -> Fault | None:
        """What befalls a call, before it takes effect or after. Asking counts the call."""
        return self._for_call(
            lambda fault: fault.accepted == accepted and fnmatchcase(method, fault.method)
        )
