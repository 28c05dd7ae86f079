"""A person with a telephone: what he does in a chat with a bot, and what he sees there."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.entities import found, units
from bridge.simulators.telegram.files import file_said, mime_of
from bridge.simulators.telegram.records import Chat, Message, Press, Standing
from bridge.simulators.telegram.shapes import forwarded, origin_said, poll_said
from bridge.simulators.telegram.sight import CannotDo, Sight, choices_of, file_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """A file to send: `photo`, `video`, `animation`, `voice`, `audio`, `document`, ..."""

    body: bytes
    kind: str = "document"
    mime: str = ""
    name: str = ""
    caption: str = ""


class Person(Sight):
    """One person in one chat: his own with a bot, a group, or a channel that is his."""

    def at(self, chat: Chat) -> "Person":
        """The same person in another chat."""
        return Person(self._world, self._ledger, self._telling, self.user, chat)

    # ------------------------------------------------------------ what he says

    async def starts(self, payload: str = "") -> Message:
        """He opens the bot, perhaps by a link with something in it."""
        return await self.writes(f"/start {payload}".strip())

    async def writes(
        self,
        text: str,
        *,
        quoting: Message | None = None,
        quote: str = "",
        entities: Sequence[Json] | None = None,
        **more: Json,
    ) -> Message:
        """A line. `quote` is the part of `quoting` that is quoted; `more` goes in as it is."""
        spans = found(text) if entities is None else entities
        body: JsonObject = {"text": text, **({"entities": spans} if spans else {}), **more}
        return await self.sends(body, quoting=quoting, quote=quote)

    async def sends_file(
        self,
        body: bytes,
        mime: str = "",
        *,
        kind: str = "document",
        name: str = "",
        caption: str = "",
        quoting: Message | None = None,
        **about: Json,
    ) -> Message:
        """One file. `about` says more of it: `duration`, `width`, `title`, `emoji`."""
        attached = Attached(body=body, kind=kind, mime=mime, name=name, caption=caption)
        return await self.sends(self._shown(attached, about), quoting=quoting)

    async def sends_album(self, *files: Attached) -> list[Message]:
        """Files that belong together: a message and an update for each."""
        album: JsonObject = {"media_group_id": str(secrets.randbelow(10**17) + 10**17)}
        return [await self.sends(self._shown(each, {}) | album) for each in files]

    def _shown(self, file: Attached, about: JsonObject) -> JsonObject:
        mime = mime_of(file.kind, file.mime, file.name)
        kept = self._world.add_file(file.body, file.kind, mime, file.name)
        said = file_said(self._world, kept, about)
        if not file.caption:
            return said
        spans = found(file.caption)
        more: JsonObject = {"caption_entities": spans} if spans else {}
        return {**said, "caption": file.caption, **more}

    async def shares_place(
        self, latitude: float, longitude: float, *, live_period: int = 0
    ) -> Message:
        """Where he is; with a `live_period` for so many seconds, see `moves`."""
        place: JsonObject = {"latitude": latitude, "longitude": longitude}
        live: JsonObject = {"live_period": live_period} if live_period else {}
        return await self.sends({"location": {**place, **live}})

    async def moves(self, message: Message, latitude: float, longitude: float) -> Message:
        """He is somewhere else, and a live place of his says so."""
        place: JsonObject = {"latitude": latitude, "longitude": longitude, "live_period": 3600}
        return await self.changes(message, {"location": place})

    async def shares_venue(
        self, title: str, address: str, latitude: float = 0.0, longitude: float = 0.0
    ) -> Message:
        """A place with a name."""
        place: JsonObject = {"latitude": latitude, "longitude": longitude}
        venue: JsonObject = {"location": place, "title": title, "address": address}
        return await self.sends({"venue": venue, "location": place})

    async def shares_contact(self, phone: str, first_name: str, **more: Json) -> Message:
        """Somebody's number; `user_id` where he has Telegram."""
        contact: JsonObject = {"phone_number": phone, "first_name": first_name, **more}
        return await self.sends({"contact": contact})

    async def asks(self, question: str, *options: str) -> Message:
        """A poll."""
        return await self.sends({"poll": poll_said(question, list(options))})

    async def rolls(self, emoji: str = "🎲", value: int = 6) -> Message:
        """A dice."""
        return await self.sends({"dice": {"emoji": emoji, "value": value}})

    async def forwards(self, message: Message, *, hidden_as: str = "") -> Message:
        """A message of his or of somebody else's; `hidden_as` where its author hides himself."""
        body = forwarded(self._world, message)
        if hidden_as:
            hidden: JsonObject = {"type": "hidden_user", "date": int(message.at)}
            body = {**body, "forward_origin": {**hidden, "sender_user_name": hidden_as}}
        return await self.sends(body)

    async def sends(
        self, body: JsonObject, *, quoting: Message | None = None, quote: str = ""
    ) -> Message:
        """Any message, as Telegram would show it: a service message, or what is new in 2030."""
        chat = self.chat
        if chat.kind == "private" and not chat.started:
            self._world.put_chat(replace(chat, started=True))
        here = quoting is not None and (quoting.bot, quoting.chat) == (chat.bot, chat.id)
        if quoting is not None:
            body = body | self._quoted(quoting, quote, here=here)
        message = Message(
            bot=chat.bot,
            chat=chat.id,
            id=self._world.new_message_id(chat),
            sender=self.id,
            at=self._world.now(),
            body=body,
            reply_to=quoting.id if quoting is not None and here else 0,
        )
        return await self._say("sends", message)

    def _quoted(self, quoting: Message, quote: str, *, here: bool) -> JsonObject:
        said: JsonObject = {}
        if not here:
            shown = {name: one for name, one in quoting.body.items() if name in file_of(quoting)}
            said["external_reply"] = {"origin": origin_said(self._world, quoting), **shown}
        if quote:
            position = units(quoting.text[: quoting.text.index(quote)])
            said["quote"] = {"text": quote, "position": position, "is_manual": True}
        return said

    async def _say(self, verb: str, message: Message) -> Message:
        place: JsonObject = {"chat": message.chat, "id": message.id}
        await self._ledger.append(f"person.{verb}", str(self.id), **place, body=message.body)
        self._world.keep(message)
        self._telling.message(message, edited=verb == "edits")
        self._world.changes.release()
        return message

    # ------------------------------------------------------------ what he changes

    async def edits(self, message: Message, text: str) -> Message:
        """Other words in a message of his own."""
        name = "text" if "text" in message.body else "caption"
        spans = "entities" if name == "text" else "caption_entities"
        return await self.changes(message, {name: text, spans: found(text)})

    async def changes(self, message: Message, said: JsonObject) -> Message:
        """Anything else in a message of his own."""
        now = self._mine(message)
        body = {name: one for name, one in {**now.body, **said}.items() if one != []}
        return await self._say("edits", replace(now, body=body, edited_at=self._world.now()))

    async def deletes(self, message: Message) -> None:
        """A message of his own is gone for everybody. Bots are not told."""
        now = self._mine(message)
        await self._ledger.append("person.deletes", str(self.id), chat=now.chat, id=now.id)
        self._world.change(now, deleted=True)
        self._world.changes.release()

    def _mine(self, message: Message) -> Message:
        if message.sender != self.id:
            raise CannotDo("this is somebody else's message")
        return self._now(message)

    async def reacts(self, message: Message, *emoji: str) -> None:
        """Emoji on a message; none take his away."""
        now = self._now(message)
        old = [dict(one) for one in now.reactions.get(self.id, ())]
        new: list[JsonObject] = [{"type": "emoji", "emoji": one} for one in emoji]
        place: JsonObject = {"chat": now.chat, "id": now.id}
        await self._ledger.append("person.reacts", str(self.id), **place, emoji=list(emoji))
        self._world.change(now, reactions={**now.reactions, self.id: tuple(new)})
        self._telling.reaction(now, self.user, list(old), list(new))
        self._world.changes.release()

    async def presses(self, message: Message, label: str) -> Press:
        """A button under a message of the bot's. Raises `CannotDo` when there is none."""
        now = self._now(message)
        data = choices_of(now).get(label)
        if data is None:
            raise CannotDo(f"there is no {label!r} but {sorted(choices_of(now))}")
        press = Press(
            id=str(secrets.randbelow(10**18)),
            bot=now.bot,
            user=self.id,
            message=now.key,
            data=data,
            at=self._world.now(),
        )
        place: JsonObject = {"chat": now.chat, "id": now.id}
        await self._ledger.append("person.presses", str(self.id), **place, data=data)
        self._world.presses[press.id] = press
        self._telling.press(press)
        self._world.changes.release()
        return press

    # ------------------------------------------------------------ whether he is there

    async def blocks(self) -> None:
        """The bot cannot write to him any more, and is told."""
        await self._let("blocks", "member", "kicked")

    async def unblocks(self) -> None:
        """The bot may write to him again, and is told."""
        await self._let("unblocks", "kicked", "member")

    async def _let(self, verb: str, old: Standing, new: Standing) -> None:
        chat = self.chat
        if chat.kind != "private" or chat.standing != old:
            raise CannotDo("there is nothing to change")
        await self._ledger.append(f"person.{verb}", str(self.id), chat=chat.id)
        changed = self._world.put_chat(replace(chat, standing=new))
        self._telling.standing(changed, self.user, old, new)
        self._world.changes.release()

    async def leaves_telegram(self) -> None:
        """The account is gone for good. Nobody is told."""
        await self._ledger.append("person.leaves_telegram", str(self.id))
        self._world.users[self.id] = replace(self.user, first_name="", deactivated=True)
        self._world.changes.release()
