"""The state of a simulated WhatsApp, and what is known of it by everybody."""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from bridge.simulators.common.changes import Changes, Happening
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.records import Customer, Media, Number, Sent, Template

WINDOW = 24 * 60 * 60.0
"""Seconds after a customer's last message in which free text is allowed."""
TYPING = 25.0
"""Seconds after which nobody seems to be typing any more."""


class World:
    """Everything there is. `now` is the simulated time in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Nobody is there yet."""
        self._base = now
        self._ahead = 0.0
        self.address = ""
        self.changes = Changes()
        self.numbers: dict[str, Number] = {}
        self.customers: dict[str, Customer] = {}
        self.messages: dict[str, Sent] = {}
        self.media: dict[str, Media] = {}
        self.media_urls: dict[str, tuple[str, float]] = {}
        """By what is in the address: the medium, and when it expires."""
        self.templates: dict[str, Template] = {}
        self.typing: dict[tuple[str, str], float] = {}
        """Numbers that seem to be typing, with the customer who sees it, and until when."""
        self.taken: set[str] = set()
        """Customers' messages whose webhook was answered with 200."""
        self.seen: set[str] = set()
        """Customers' messages that the business marked as read."""
        self.last_inbound: dict[tuple[str, str], float] = {}
        self._ids = count(10_000_000_001)

    def now(self) -> float:
        """The moment, in seconds."""
        return self._base() + self._ahead

    def forward(self, seconds: float) -> None:
        """Time goes on at once."""
        self._ahead += seconds

    def new_id(self) -> str:
        """An id as Graph makes them: digits."""
        return str(next(self._ids))

    def new_wamid(self, customer: str) -> str:
        """A message's id; it means nothing to anybody."""
        inner = f"{customer}:{next(self._ids)}:{secrets.token_hex(6)}".encode()
        return f"wamid.{b64encode(inner).decode()}"

    def number(self, id_: str) -> Number:
        """A business number by its id. Raises `GraphRefusal`."""
        found = self.numbers.get(id_)
        if found is None:
            raise GraphRefusal(100, f"Object with ID '{id_}' does not exist")
        return found

    def customer_called(self, to: str) -> Customer | None:
        """The person with this phone number, WhatsApp id or business-scoped id."""
        digits = to.lstrip("+")
        for one in self.customers.values():
            if digits in (one.wa_id, one.phone) or to == one.user_id:
                return one
        return None

    def keep(self, sent: Sent) -> Sent:
        """A message is new, or has changed."""
        self.messages[sent.id] = sent
        if sent.direction == "in" and sent.type != "system":
            place = (sent.number, sent.customer)
            self.last_inbound[place] = max(self.last_inbound.get(place, 0.0), sent.at)
        self.changes.add(Happening(kind="message", channel=sent.number, user=sent.customer))
        return sent

    def change(self, id_: str, **what: object) -> Sent:
        """A message as it is from now on."""
        return self.keep(replace(self.messages[id_], **what))  # type: ignore[arg-type]

    def types(self, number: str, customer: str) -> None:
        """The business seems to be typing, for a while."""
        self.typing[number, customer] = self.now() + TYPING
        self.changes.add(Happening(kind="typing", channel=number, user=customer))

    def is_typing(self, number: str, customer: str) -> bool:
        """Whether the business seems to be typing now."""
        return self.now() < self.typing.get((number, customer), 0.0)

    def take(self, id_: str) -> None:
        """The app has a customer's message for good."""
        self.taken.add(id_)
        self._mark(id_)

    def see(self, id_: str) -> None:
        """The business has read a customer's message."""
        self.seen.add(id_)
        self._mark(id_)

    def _mark(self, id_: str) -> None:
        sent = self.messages[id_]
        self.changes.add(Happening(kind="mark", channel=sent.number, user=sent.customer))

    def is_open(self, number: str, customer: str) -> bool:
        """Whether free text is allowed now."""
        last = self.last_inbound.get((number, customer))
        return last is not None and self.now() - last < WINDOW

    def add_media(self, body: bytes, mime: str, name: str = "") -> Media:
        """Keep a file."""
        digest = b64encode(hashlib.sha256(body).digest()).decode()
        media = Media(id=self.new_id(), mime=mime, body=body, sha256=digest, name=name)
        self.media[media.id] = media
        return media

    def thread(self, number: str, customer: str) -> list[Sent]:
        """Everything between the two, oldest first."""
        return [
            one
            for one in self.messages.values()
            if (one.number, one.customer) == (number, customer)
        ]


def contact_of(customer: Customer) -> JsonObject:
    """A customer as `contacts[]` of a webhook names him."""
    profile: JsonObject = {"name": customer.name}
    if customer.username:
        profile["username"] = customer.username
    contact: JsonObject = {"profile": profile, "user_id": customer.user_id}
    return contact if customer.hides_phone else {**contact, "wa_id": customer.wa_id}
