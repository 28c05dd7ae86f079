"""What goes wrong on purpose: at which call, or with which webhook."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from bridge.simulators.common.faults import EventFault, Programme

__all__ = ["EventFault", "Fault", "FaultKind", "Faults"]

FaultKind = Literal[
    "drop",  # the connection breaks without an answer
    "hang",  # no answer for as long as the client waits
    "status",  # `status` with a page of HTML
    "error",  # `code` in Graph's JSON
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One way in which calls fail."""

    route: str
    """`POST messages`, `GET media`, `GET message_templates`; `*` matches anything."""
    kind: FaultKind
    nth: int = 1
    """The first call that fails, counted from when the fault was set."""
    times: int | None = 1
    """How many calls fail; None for all."""
    accepted: bool = False
    """Whether the call takes effect all the same (and is in the ledger) before it fails."""
    status: int = 500
    code: int = 131000
    details: str = ""


class Faults(Programme[Fault]):
    """The programme of faults of a simulated Graph. Webhooks have their field as type."""

    def for_call(self, route: str, *, accepted: bool) -> Fault | None:
        """What befalls a call, before it takes effect or after. Asking counts the call."""
        return self._for_call(
            lambda fault: fault.accepted == accepted and fnmatchcase(route, fault.route)
        )
