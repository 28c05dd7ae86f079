"""`POST /{phone number id}/messages`: what a business sends, checked as Meta checks it."""

from dataclasses import dataclass

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import JsonObject, arr, obj, txt
from bridge.simulators.graph.api.filling import filled
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.limits import Meter
from bridge.simulators.graph.office import PostOffice
from bridge.simulators.graph.records import Customer, Number, Sent
from bridge.simulators.graph.telling import Telling
from bridge.simulators.graph.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_BODY = 1024
MAX_LIST_BODY = 4096
_FILES = frozenset({"image", "video", "audio", "document", "sticker"})
_CAPTIONED = frozenset({"image", "video", "document"})
_FREE = frozenset({"text", "location", "contacts", "interactive", "reaction"}) | _FILES


@dataclass(frozen=True, slots=True)
class Messages:
    """Takes calls, and lets what was sent arrive."""

    world: World
    ledger: Ledger
    telling: Telling
    meter: Meter
    office: PostOffice

    async def post(self, number: Number, call: JsonObject) -> JsonObject:
        """The answer to a call. Raises `GraphRefusal`."""
        if call.get("messaging_product") != "whatsapp":
            raise GraphRefusal(100, "Param messaging_product must be whatsapp.")
        if "status" in call:
            return self._mark(number, call)
        to, customer = self._whom(call)
        sent = self._message(number, customer, call)
        self.meter.admit(number.id, customer.wa_id)
        late = self._window(number, customer, sent)
        await self.ledger.append("messages", number.id, to=customer.wa_id, call=call, id=sent.id)
        self.world.typing.pop((number.id, customer.wa_id), None)
        self.world.keep(sent)
        self._arrive(sent, customer, late)
        self.world.changes.release()
        return _answer(call, to, customer, sent)

    def _whom(self, call: JsonObject) -> tuple[str, Customer]:
        to = txt(call.get("to")) or txt(call.get("recipient"))
        if not to or not (to.lstrip("+").isdigit() or "." in to):
            raise GraphRefusal(100, "The parameter to is required.")
        customer = self.world.customer_called(to)
        if customer is None:
            raise GraphRefusal(131026, "Message undeliverable: nobody uses this number.")
        return to, customer

    # --- marks --------------------------------------------------------------------------------

    def _mark(self, number: Number, call: JsonObject) -> JsonObject:
        """Read, perhaps with a typing indicator."""
        about = self.world.messages.get(txt(call.get("message_id")))
        if call.get("status") != "read" or about is None or about.direction != "in":
            raise GraphRefusal(131009, "The message_id is not a message of a customer.")
        self.world.see(about.id)
        if obj(call.get("typing_indicator")).get("type") == "text":
            self.world.types(number.id, about.customer)
        self.world.changes.release()
        return {"success": True}

    # --- checks -------------------------------------------------------------------------------

    def _message(self, number: Number, customer: Customer, call: JsonObject) -> Sent:
        kind = txt(call.get("type")) or "text"
        body = call.get(kind)
        if kind == "template":
            body = filled(self.world, number, obj(body))
        elif kind not in _FREE:
            raise GraphRefusal(131009, f"Type {kind} is not supported.")
        elif kind == "contacts":
            body = {"contacts": _contacts(arr(body))}
        said = obj(body)
        if not said:
            raise GraphRefusal(100, f"The parameter {kind} is required.")
        self._check(kind, said)
        quoted = txt(obj(call.get("context")).get("message_id"))
        if kind == "reaction" and txt(said.get("message_id")) not in self.world.messages:
            raise GraphRefusal(131009, "The message to react to is not there.")
        return Sent(
            id=self.world.new_wamid(customer.wa_id),
            number=number.id,
            customer=customer.wa_id,
            direction="out",
            type=kind,
            body=dict(said),
            at=self.world.now(),
            key=txt(call.get("biz_opaque_callback_data")),
            quoted=quoted if quoted in self.world.messages else "",
        )

    def _check(self, kind: str, said: object) -> None:
        about = obj(said)  # type: ignore[arg-type]  # it came as JSON
        if kind == "text":
            _length(about, "body", 1, MAX_TEXT)
        elif kind in _FILES:
            self._file(kind, about)
        elif kind == "interactive":
            _interactive(about)

    def _file(self, kind: str, about: object) -> None:
        said = obj(about)  # type: ignore[arg-type]  # it came as JSON
        media = txt(said.get("id"))
        if not media and not txt(said.get("link")).startswith(("http://", "https://")):
            raise GraphRefusal(131009, "Either id or link is required.")
        if media and media not in self.world.media:
            raise GraphRefusal(131009, f"Media {media} was not found.")
        if "caption" in said:
            if kind not in _CAPTIONED:
                raise GraphRefusal(100, f"{kind} has no caption.")
            _length(said, "caption", 0, MAX_CAPTION)

    def _window(self, number: Number, customer: Customer, sent: Sent) -> tuple[int, str] | None:
        """What will go wrong with it later; or it is refused at once."""
        if not customer.reachable:
            return 131026, "Message undeliverable."
        if sent.type == "template" or self.world.is_open(number.id, customer.wa_id):
            return None
        details = (
            "Message failed to send because more than 24 hours have passed since the customer "
            "last replied to this number."
        )
        if self.office.quirks.closed_window == "refuse":
            raise GraphRefusal(131047, details)
        return 131047, details

    # --- what becomes of it -------------------------------------------------------------------

    def _arrive(self, sent: Sent, customer: Customer, late: tuple[int, str] | None) -> None:
        if late is not None:
            self.telling.status(self.world.change(sent.id, status="failed"), "failed", late)
            return
        self.telling.status(self.world.change(sent.id, status="sent"), "sent")
        if customer.online:
            self.telling.status(self.world.change(sent.id, status="delivered"), "delivered")


def _answer(call: JsonObject, to: str, customer: Customer, sent: Sent) -> JsonObject:
    contact: JsonObject = {"input": to}
    if call.get("to"):
        contact["wa_id"] = customer.wa_id
    else:
        contact["user_id"] = customer.user_id
    message: JsonObject = {"id": sent.id}
    if sent.type == "template":
        message["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}


def _contacts(cards: object) -> list[JsonObject]:
    found = [dict(obj(card)) for card in arr(cards)]  # type: ignore[arg-type]  # JSON
    for card in found:
        name = obj(card.get("name"))
        if not name.get("formatted_name") or len(name) < 2:
            raise GraphRefusal(131009, "A contact needs a formatted_name and another name.")
    return found


def _interactive(said: object) -> None:
    about = obj(said)  # type: ignore[arg-type]  # it came as JSON
    kind, action = txt(about.get("type")), obj(about.get("action"))
    body = obj(about.get("body"))
    if kind == "button":
        _length(body, "text", 1, MAX_BODY)
        buttons = [obj(obj(each).get("reply")) for each in arr(action.get("buttons"))]
        _choices([dict(each) for each in buttons], most=3, longest=20)
    elif kind == "list":
        _length(body, "text", 1, MAX_LIST_BODY)
        _length(action, "button", 1, 20)
        rows = [
            dict(obj(row))
            for section in arr(action.get("sections"))
            for row in arr(obj(section).get("rows"))
        ]
        _choices(rows, most=10, longest=24)
    else:
        raise GraphRefusal(131009, f"interactive.type {kind} is not simulated.")


def _choices(choices: list[JsonObject], *, most: int, longest: int) -> None:
    if not 1 <= len(choices) <= most:
        raise GraphRefusal(131009, f"There must be 1 to {most} choices.")
    for each in choices:
        _length(each, "title", 1, longest)
        _length(each, "id", 1, 200)
    for name in ("id", "title"):
        if len({txt(each.get(name)) for each in choices}) < len(choices):
            raise GraphRefusal(131009, f"Duplicated {name}.")


def _length(about: object, name: str, least: int, most: int) -> None:
    said = obj(about)  # type: ignore[arg-type]  # it came as JSON
    text = txt(said.get(name))
    if not least <= len(text) <= most or (least and not text.strip()):
        raise GraphRefusal(100, f"Param {name} must be {least} to {most} characters long.")
