"""A call of a bot, checked against the Bot API, and everything that answering one needs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.limits import Meter
from bridge.simulators.telegram.polls import Polls
from bridge.simulators.telegram.records import Bot, Chat, Upload, Violation
from bridge.simulators.telegram.telling import Telling
from bridge.simulators.telegram.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call. The arguments are known to be of the types that the Bot API names."""

    bot: Bot
    method: str
    args: JsonObject
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    """By the names of their parts."""

    def txt(self, name: str) -> str:
        """A text; empty when it was not given."""
        return txt(self.args.get(name))

    def num(self, name: str, default: int = 0) -> int:
        """A number; the default when it was not given."""
        value = self.args.get(name)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        """Whether it is so."""
        return self.args.get(name) is True

    def obj(self, name: str) -> Mapping[str, Json]:
        """An object; empty when it was not given."""
        return obj(self.args.get(name))

    def arr(self, name: str) -> list[Json]:
        """A list; empty when it was not given."""
        return list(arr(self.args.get(name)))

    def ints(self, name: str) -> list[int]:
        """A list of numbers."""
        return [each for each in self.arr(name) if isinstance(each, int)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The parts of the simulator that calls use."""

    world: World
    ledger: Ledger
    telling: Telling
    meter: Meter
    polls: Polls
    violations: list[Violation]

    def chat(self, call: Call, name: str = "chat_id") -> Chat:
        """The chat that a call is about. Raises `TelegramRefused`."""
        said = call.args.get(name)
        if isinstance(said, int | str) and said != "":
            return self.world.chat_called(call.bot, said)
        raise TelegramRefused(400, "chat_id is empty")

    def writable(self, call: Call) -> Chat:
        """The chat, if the bot may write there. Raises `TelegramRefused`."""
        chat = self.chat(call)
        if chat.migrated_to:
            details = "group chat was upgraded to a supergroup chat"
            raise TelegramRefused(400, details, migrate_to=chat.migrated_to)
        if chat.kind == "private":
            self._check_person(chat)
        elif chat.standing in ("kicked", "left"):
            how = "was kicked from" if chat.standing == "kicked" else "is not a member of"
            raise TelegramRefused(403, f"bot {how} the {chat.kind} chat")
        elif chat.kind == "channel" and chat.standing != "administrator":
            raise TelegramRefused(400, "need administrator rights in the channel chat")
        return chat

    def _check_person(self, chat: Chat) -> None:
        if self.world.users[chat.id].deactivated:
            raise TelegramRefused(403, "user is deactivated")
        if not chat.started:
            raise TelegramRefused(403, "bot can't initiate conversation with a user")
        if chat.standing == "kicked":
            raise TelegramRefused(403, "bot was blocked by the user")

    async def accept(self, call: Call, chat: Chat, **said: Json) -> None:
        """What a bot did is on disk before anybody hears of it."""
        by = str(call.bot.id)
        await self.ledger.append(call.method, by, chat=chat.id, call=call.args, **said)


Method: TypeAlias = Callable[[Desk, Call], Awaitable[Json]]
