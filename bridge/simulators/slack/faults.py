"""What goes wrong on purpose: at which call of which method, or with which event."""

from dataclasses import dataclass
from typing import Literal

from bridge.simulators.common.faults import EventFault, Programme

__all__ = ["EventFault", "Fault", "FaultKind", "Faults"]

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


class Faults(Programme[Fault]):
    """The programme of faults of a simulated Slack."""

    def before(self, method: str, *, web_api: bool = True) -> Fault | None:
        """What befalls this call before it takes effect. Asking counts the call."""
        return self._at(method, web_api=web_api, accepted=False)

    def after(self, method: str, *, web_api: bool = True) -> Fault | None:
        """What befalls its answer, asked once the call is in the ledger. Counts the call."""
        return self._at(method, web_api=web_api, accepted=True)

    def _at(self, method: str, *, web_api: bool, accepted: bool) -> Fault | None:
        names = (method, "*") if web_api else (method,)
        return self._for_call(lambda fault: fault.is_late == accepted and fault.method in names)
