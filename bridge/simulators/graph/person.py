"""A customer with a telephone: what he does to a business number, and what he sees."""

from dataclasses import replace

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.graph.records import Customer, Number, Sent
from bridge.simulators.graph.telling import Telling
from bridge.simulators.graph.world import World

_DELETED = "deleted"


class Person:
    """One customer in front of one business number."""

    def __init__(
        self, world: World, ledger: Ledger, telling: Telling, number: Number, customer: Customer
    ) -> None:
        """He has the number in his address book."""
        self._world = world
        self._ledger = ledger
        self._telling = telling
        self.number = number
        self.id = customer.wa_id

    @property
    def customer(self) -> Customer:
        """He, as he is now."""
        return self._world.customers[self.id]

    # ------------------------------------------------------------ what he does

    async def writes(self, text: str, *, quoting: Sent | None = None, **more: Json) -> Sent:
        """A text message. `more` is put into the message as it is (`referral={...}`)."""
        return await self.sends("text", {"text": {"body": text}, **more}, quoting=quoting)

    async def sends_file(
        self,
        body: bytes,
        mime: str,
        *,
        kind: str = "document",
        name: str = "",
        caption: str = "",
        voice: bool | None = None,
    ) -> Sent:
        """A file: `image`, `video`, `audio`, `document` or `sticker`."""
        media = self._world.add_media(body, mime, name)
        about: JsonObject = {"id": media.id, "mime_type": mime, "sha256": media.sha256}
        if name and kind == "document":
            about["filename"] = name
        if caption:
            about["caption"] = caption
        if voice is not None:
            about["voice"] = voice
        return await self.sends(kind, {kind: about})

    async def shares_place(self, latitude: float, longitude: float, name: str = "") -> Sent:
        """A place on the map."""
        place: JsonObject = {"latitude": latitude, "longitude": longitude, "name": name}
        return await self.sends("location", {"location": place})

    async def presses(self, message: Sent, label: str) -> Sent:
        """A button or a row of a list under a message of ours."""
        found = next((one for one in choices_of(message) if one[1] == label), None)
        if found is None:
            raise KeyError(f"there is no {label!r}")
        id_, title, kind = found
        if kind == "button":
            said: JsonObject = {"button": {"payload": id_, "text": title}}
            return await self.sends("button", said, quoting=message)
        answer: JsonObject = {"type": kind, kind: {"id": id_, "title": title}}
        return await self.sends("interactive", {"interactive": answer}, quoting=message)

    async def reacts(self, message: Sent, emoji: str) -> Sent:
        """An emoji on a message; an empty one takes it away."""
        said: JsonObject = {"reaction": {"message_id": message.id, "emoji": emoji}}
        return await self.sends("reaction", said)

    async def edits(self, message: Sent, text: str) -> Sent:
        """Other words in a message of his own."""
        new: JsonObject = {"type": "text", "text": {"body": text}}
        self._world.change(message.id, body={"text": {"body": text}}, edited=True)
        said: JsonObject = {"edit": {"original_message_id": message.id, "message": new}}
        return await self.sends("edit", said)

    async def revokes(self, message: Sent) -> Sent:
        """A message of his own is deleted for everybody."""
        self._world.change(message.id, revoked=True)
        return await self.sends("revoke", {"revoke": {"original_message_id": message.id}})

    async def sends(self, type_: str, body: JsonObject, *, quoting: Sent | None = None) -> Sent:
        """Any message, as the webhook says it."""
        if quoting is not None:
            body = {**body, "context": {"from": self.number.display, "id": quoting.id}}
        sent = Sent(
            id=self._world.new_wamid(self.id),
            number=self.number.id,
            customer=self.id,
            direction="in",
            type=type_,
            body=body,
            at=self._world.now(),
            quoted=quoting.id if quoting else "",
        )
        await self._ledger.append("person.sends", self.id, id=sent.id, type=type_, **body)
        self._world.keep(sent)
        self._telling.message(sent)
        self._world.changes.release()
        return sent

    async def reads(self, *messages: Sent) -> None:
        """He opens the chat: these, or all of ours, are read."""
        for sent in messages or tuple(self.received()):
            if self._world.messages[sent.id].status in ("sent", "delivered"):
                self._telling.status(self._world.change(sent.id, status="read"), "read")
        self._world.changes.release()

    async def wants_marketing(self, wanted: bool = True) -> None:
        """He stops marketing messages in the chat's menu, or resumes them."""
        number = self._world.number(self.number.id)
        self._telling.marketing(number, self.customer, wanted=wanted)
        self._world.changes.release()

    async def goes_online(self, online: bool = True) -> None:
        """What waits for him is delivered; or nothing is from now on."""
        self._world.customers[self.id] = replace(self.customer, online=online)
        for sent in self.received() if online else ():
            if sent.status == "sent":
                self._telling.status(self._world.change(sent.id, status="delivered"), "delivered")
        self._world.changes.release()

    async def changes_number(self, wa_id: str, user_id: str) -> "Person":
        """A new number: WhatsApp tells of it, and makes him a new business-scoped id."""
        old = self.customer
        new = replace(old, wa_id=wa_id, phone=wa_id, user_id=user_id)
        del self._world.customers[old.wa_id]
        self._world.customers[wa_id] = new
        said = f"User {old.name} changed from {old.wa_id} to {wa_id}"
        body: JsonObject = {"body": said, "wa_id": wa_id, "type": "user_changed_number"}
        number = self._world.number(self.number.id)
        self._telling.system(number, old.wa_id, body)
        self._world.changes.release()
        return Person(self._world, self._ledger, self._telling, self.number, new)

    # ------------------------------------------------------------ what he sees

    def received(self) -> list[Sent]:
        """What the business sent him, oldest first; reactions and failures are none."""
        thread = self._world.thread(self.number.id, self.id)
        return [
            one
            for one in thread
            if one.direction != "in" and one.type != "reaction" and one.status != "failed"
        ]

    def reactions(self) -> dict[str, str]:
        """Emoji of the business by message."""
        shown: dict[str, str] = {}
        for one in self._world.thread(self.number.id, self.id):
            if one.direction == "out" and one.type == "reaction":
                about = obj(one.body)
                shown[txt(about.get("message_id"))] = txt(about.get("emoji"))
        return {message: emoji for message, emoji in shown.items() if emoji}

    @property
    def sees_typing(self) -> bool:
        """Whether somebody seems to be typing."""
        return self._world.is_typing(self.number.id, self.id)


def choices_of(message: Sent) -> list[tuple[str, str, str]]:
    """Id, label and kind of everything that can be pressed under a message of ours."""
    action = obj(message.body.get("action"))
    found: list[tuple[str, str, str]] = []
    for each in arr(action.get("buttons")):
        reply = obj(obj(each).get("reply"))
        found.append((txt(reply.get("id")), txt(reply.get("title")), "button_reply"))
    for section in arr(action.get("sections")):
        for row in arr(obj(section).get("rows")):
            about = obj(row)
            found.append((txt(about.get("id")), txt(about.get("title")), "list_reply"))
    replies = [txt(label) for label in arr(message.body.get("quick_replies"))]
    return [*found, *((label, label, "button") for label in replies)]


def words_of(message: Sent) -> str:
    """What a customer reads in a message, of ours or of his own."""
    if message.revoked:
        return _DELETED
    body = message.body if message.direction == "out" else obj(message.body.get(message.type))
    if message.type == "text":
        return txt(body.get("body"))
    if message.type == "button":
        return txt(body.get("text"))
    if message.type == "interactive" and message.direction == "in":
        return txt(obj(body.get(txt(body.get("type")))).get("title"))
    if message.type == "template":
        return txt(body.get("shown"))
    if message.type == "interactive":
        return txt(obj(body.get("body")).get("text"))
    if message.type == "location":
        return txt(body.get("name"))
    return txt(body.get("caption"))
