"""One thing to deliver to an app, and what came of it."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bridge.simulators.common.wire import JsonObject

ParcelKind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """An event, a command or an interaction."""

    kind: ParcelKind
    payload: JsonObject
    attempt: int = 0
    """0 for the first try."""
    reason: str = ""
    """Why the try before failed."""

    @property
    def wants_answer(self) -> bool:
        """Whether the app may say something with its ack."""
        return self.kind != "events_api"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the app said within three seconds, or why it did not."""

    ok: bool
    body: JsonObject = field(default_factory=dict)
    reason: str = ""
    """`http_timeout`, `http_error`, `connection_failed`, `too_many_redirects`, …"""
    no_retry: bool = False


class Outlet(Protocol):
    """A way to an app."""

    async def send(self, parcel: Parcel) -> Answer:
        """Try once."""
        ...
