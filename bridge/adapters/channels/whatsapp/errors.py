"""Graph's refusals as ours: what to try again, what to tell, and in which words. Pure.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, read November 2026:
titles will go, so only the code decides, and Meta's details are shown where we know no better.
"""

from typing import Any

import msgspec

from bridge.domain.errors import (
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
    WindowClosed,
)

WINDOW = 131047
NO_MARKETING = 131050
"""The customer stopped marketing messages."""
_CREDENTIALS = frozenset({0, 3, 10, 190, *range(200, 300)})
_LATER = {
    1: 5.0,
    2: 5.0,
    4: 60.0,
    80007: 60.0,
    130429: 5.0,
    131000: 10.0,
    131016: 10.0,
    131048: 60.0,
    131056: 6.0,
    131057: 60.0,
    133004: 10.0,
}
"""Nothing was sent; seconds after which it may go better."""

EXPLAINED = frozenset(
    {
        100,
        368,
        130472,
        130497,
        131008,
        131009,
        131021,
        131026,
        131031,
        131042,
        131045,
        131049,
        NO_MARKETING,
        131051,
        131052,
        131053,
        131062,
        132000,
        132001,
        132005,
        132007,
        132012,
        132015,
        132016,
        133010,
    }
)
"""Codes that we have words for: `cause.whatsapp_<code>` in the catalogue."""


class GraphError(msgspec.Struct):
    """What Graph says went wrong, in an answer or in a status."""

    code: int = 0
    title: str = ""
    message: str = ""
    error_data: dict[str, Any] = {}  # Meta's; only `details` is read, if it is a text

    @property
    def details(self) -> str:
        """What Meta asks developers to read."""
        found = self.error_data.get("details")
        return found if isinstance(found, str) else ""


class Refusal(DeliveryRejected):
    """Graph refuses a call for good."""

    def __init__(self, error: GraphError) -> None:
        """Keep what was said."""
        super().__init__(f"WhatsApp error {error.code}: {said(error)}", reason(error))
        self.error = error


def reason(error: GraphError) -> str:
    """A catalogue key under `cause.`, or code and Meta's own words where we have none."""
    if error.code == WINDOW:
        return "window_closed"
    if error.code in EXPLAINED:
        return f"whatsapp_{error.code}"
    return f"WhatsApp {error.code}: {said(error)}"


def said(error: GraphError) -> str:
    """Meta's words, in one line that is not too long."""
    words = error.details or error.message or error.title or "no explanation"
    return " ".join(words.split())[:300]


def of_answer(status: int, error: GraphError | None) -> DeskbridgeError:
    """The error of a call that was answered with this status, and with this JSON if it was JSON."""
    if error is None:
        if status in (401, 403):
            return TokenRejected(f"Graph answered {status}")
        if status in (408, 425, 429, 503):
            return TemporaryFailure(f"Graph answered {status}")
        if status >= 500:
            return OutcomeUnknown(f"Graph answered {status} without saying why")
        return DeliveryRejected(f"Graph answered {status}", "rejected")
    if error.code == WINDOW:
        return WindowClosed(said(error))
    if error.code in _CREDENTIALS or status == 401:
        return TokenRejected(f"WhatsApp error {error.code}: {said(error)}")
    if error.code in _LATER:
        return TemporaryFailure(f"WhatsApp error {error.code}: {said(error)}", _LATER[error.code])
    return Refusal(error)
