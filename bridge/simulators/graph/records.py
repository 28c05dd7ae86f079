"""What a simulated WhatsApp consists of. Records are values; the world holds the newest."""

from dataclasses import dataclass, field
from typing import Literal

from bridge.simulators.common.wire import JsonObject

Direction = Literal["in", "out", "echo"]
Status = Literal["accepted", "sent", "delivered", "read", "failed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A business number, its account and the app that listens."""

    id: str
    waba: str
    display: str
    name: str
    app_id: str
    app_secret: str
    token: str
    verify_token: str
    webhook: str = ""
    subscribed: bool = True
    quality: str = "GREEN"
    token_ends: int = 0
    """When the token expires, in seconds; 0 is never."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """A person with WhatsApp. `phone` is what people dial, `wa_id` what WhatsApp calls him."""

    wa_id: str
    phone: str
    name: str
    user_id: str
    username: str = ""
    hides_phone: bool = False
    """He took a username: webhooks leave out his number."""
    reachable: bool = True
    online: bool = True
    """What is sent to him is delivered at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """A file that somebody uploaded."""

    id: str
    mime: str
    body: bytes
    sha256: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One message between a number and a customer, in Graph's own shape."""

    id: str
    number: str
    customer: str
    direction: Direction
    type: str
    body: JsonObject
    at: float
    key: str = ""
    """`biz_opaque_callback_data`."""
    status: Status = "accepted"
    quoted: str = ""
    edited: bool = False
    revoked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A template as Meta keeps it."""

    id: str
    waba: str
    name: str
    language: str
    components: tuple[JsonObject, ...]
    category: str = "UTILITY"
    status: str = "APPROVED"
    named: bool = False
    extra: JsonObject = field(default_factory=dict)
