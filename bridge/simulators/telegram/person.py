"""A person with a telephone: what he does in a chat with a bot, and what he sees there."""

from dataclasses import replace

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.entities import found, units
from bridge.simulators.telegram.records import Chat, Message, User
from bridge.simulators.telegram.telling import Telling
from bridge.simulators.telegram.world import World


class CannotDo(AssertionError):
    """Telegram's own screen would not let a person do that."""


class Person:
    """One person in one chat: his own with a bot, or a group."""

    def __init__(
        self, world: World, ledger: Ledger, telling: Telling, user: User, chat: Chat
    ) -> None:
        """He has the chat open."""
        self._world = world
        self._ledger = ledger
        self._telling = telling
        self._place = (chat.bot, chat.id)
        self.id = user.id

    @property
    def user(self) -> User:
        """He, as he is now."""
        return self._world.users[self.id]

    @property
    def chat(self) -> Chat:
        """The chat, as it is now."""
        return self._world.chats[self._place]

    def at(self, chat: Chat) -> "Person":
        """The same person in another chat."""
        return Person(self._world, self._ledger, self._telling, self.user, chat)

    # ------------------------------------------------------------ what he says

    async def writes(
        self,
        text: str,
        *,
        quoting: Message | None = None,
        quote: str = "",
        entities: list[Json] | None = None,
    ) -> Message:
        """A line. `quote` is the part of the message `quoting` that is quoted."""
        body: JsonObject = {"text": text}
        spans = found(text) if entities is None else entities
        if spans:
            body["entities"] = spans
        return await self.sends(body, quoting=quoting, quote=quote)

    async def sends(
        self, body: JsonObject, *, quoting: Message | None = None, quote: str = ""
    ) -> Message:
        """Any message, as Telegram would show it: `{"dice": {...}}`, or what is new in 2030."""
        if quote and quoting is not None:
            begin = quoting.text.index(quote)
            position = units(quoting.text[:begin])
            body = {**body, "quote": {"text": quote, "position": position, "is_manual": True}}
        message = self._made(body, quoting)
        return await self._say(message)

    def _made(self, body: JsonObject, quoting: Message | None) -> Message:
        chat = self.chat
        if chat.kind == "private" and not chat.started:
            chat = self._world.put_chat(replace(chat, started=True))
        return Message(
            bot=chat.bot,
            chat=chat.id,
            id=self._world.new_message_id(chat),
            sender=self.id,
            at=self._world.now(),
            body=body,
            reply_to=quoting.id if quoting else 0,
        )

    async def _say(self, message: Message, *, edited: bool = False) -> Message:
        verb = "person.edits" if edited else "person.sends"
        place: JsonObject = {"chat": message.chat, "id": message.id}
        await self._ledger.append(verb, str(self.id), **place, body=message.body)
        self._world.keep(message)
        self._telling.message(message, edited=edited)
        self._world.changes.release()
        return message

    async def edits(self, message: Message, text: str) -> Message:
        """Other words in a message of his own."""
        self._own(message)
        now = self._world.messages[message.key]
        name = "text" if "text" in now.body else "caption"
        kept = {key: value for key, value in now.body.items() if not key.endswith("entities")}
        body: JsonObject = {**kept, name: text}
        changed = replace(now, body=body, edited_at=self._world.now())
        return await self._say(changed, edited=True)

    def _own(self, message: Message) -> None:
        if message.sender != self.id:
            raise CannotDo("this is somebody else's message")

    # ------------------------------------------------------------ what he sees

    def received(self) -> list[Message]:
        """What the bot sent here, oldest first."""
        return [one for one in self._world.thread(*self._place) if one.is_ours]

    def texts(self) -> list[str]:
        """What can be read in what the bot sent."""
        return [one.text for one in self.received()]

    def thread(self) -> list[Message]:
        """Everything here, oldest first."""
        return self._world.thread(*self._place)
