"""The state of a simulated Telegram, and what is known of it by everybody."""

import secrets
import string
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

from bridge.simulators.common.changes import Changes, Happening
from bridge.simulators.common.wire import Json
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.faults import Faults
from bridge.simulators.telegram.mail import Mailbox
from bridge.simulators.telegram.records import (
    Bot,
    Chat,
    Hook,
    Message,
    MessageKey,
    Press,
    StoredFile,
    User,
)
from bridge.simulators.telegram.settings import Quirks

_LETTERS = string.ascii_letters + string.digits + "_-"


class World:
    """Everything there is. `now` is the simulated time in seconds."""

    def __init__(self, now: Callable[[], float], faults: Faults, quirks: Quirks) -> None:
        """Nobody is there yet."""
        self._base = now
        self._ahead = 0.0
        self._faults = faults
        self.quirks = quirks
        self.address = ""
        self.changes = Changes()
        self.told: Callable[[int], None] = lambda _bot: None
        """Called with each bot that has something new."""
        self.bots: dict[int, Bot] = {}
        self.users: dict[int, User] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.messages: dict[MessageKey, Message] = {}
        self._threads: dict[tuple[int, int], dict[int, Message]] = defaultdict(dict)
        """The same by chat."""
        self.files: dict[str, StoredFile] = {}
        self.links: dict[str, tuple[str, float]] = {}
        """By path: the file, and when the address expires."""
        self.presses: dict[str, Press] = {}
        self.typing: dict[tuple[int, int], tuple[str, float]] = {}
        """By bot and chat: what it seems to be doing, and until when."""
        self.commands: dict[tuple[int, str, str], tuple[Mapping[str, Json], ...]] = {}
        """By bot, scope and language."""
        self.mail: dict[int, Mailbox] = {}
        self.hooks: dict[int, Hook] = {}
        self._ids = count(5_000_000_001)
        self._message_ids: dict[tuple[int, int], int] = defaultdict(int)

    def now(self) -> float:
        """The moment, in seconds."""
        return self._base() + self._ahead

    def forward(self, seconds: float) -> None:
        """Time goes on at once."""
        self._ahead += seconds

    # ------------------------------------------------------------ making

    def new_id(self) -> int:
        """An id of a user; more than 32 bits, as Telegram's are by now."""
        return next(self._ids)

    def new_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count by themselves; all other chats of a bot together."""
        place = (chat.bot, chat.id if chat.is_big else 0)
        self._message_ids[place] += 1
        return self._message_ids[place]

    def add_bot(self, username: str, name: str) -> Bot:
        """A bot with a token of the usual form."""
        id_ = self.new_id()
        secret = "AA" + "".join(secrets.choice(_LETTERS) for _ in range(33))
        bot = Bot(id=id_, token=f"{id_}:{secret}", username=username, name=name)
        self.bots[id_] = bot
        self.hooks[id_] = Hook()
        self.mail[id_] = Mailbox(
            self._faults, lambda: self.quirks, self.now, lambda: self.told(id_)
        )
        return bot

    def add_file(self, body: bytes, kind: str, mime: str = "", name: str = "") -> StoredFile:
        """Keep a file."""
        file = StoredFile(
            id=f"AgAC{secrets.token_urlsafe(40)}",
            unique_id=f"AQAD{secrets.token_urlsafe(9)}",
            kind=kind,
            body=body,
            mime=mime,
            name=name,
        )
        self.files[file.id] = file
        return file

    # ------------------------------------------------------------ finding

    def bot_of(self, token: str) -> Bot:
        """Whose token it is. Raises `TelegramRefused`."""
        for bot in self.bots.values():
            if secrets.compare_digest(bot.token.encode(), token.encode()):
                return bot
        raise TelegramRefused(401)

    def chat_called(self, bot: Bot, name: int | str) -> Chat:
        """A chat by its id or `@username`. Raises `TelegramRefused`."""
        mine = self.chats.get((bot.id, name)) if isinstance(name, int) else None
        found = self._public(bot, name) if isinstance(name, str) else mine
        if found is None:
            raise TelegramRefused(400, "chat not found")
        return found

    def _public(self, bot: Bot, name: str) -> Chat | None:
        mine = (one for one in self.chats.values() if one.bot == bot.id and one.is_big)
        wanted = name.lower()
        return next((one for one in mine if wanted == f"@{one.username}".lower()), None)

    def found(self, chat: Chat, id_: int) -> Message | None:
        """A message, if it is there and was not deleted."""
        one = self.messages.get((chat.bot, chat.id, id_))
        return None if one is None or one.deleted else one

    def message(self, chat: Chat, id_: int, missing: str) -> Message:
        """A message that is there. Raises `TelegramRefused` with what is `missing`."""
        one = self.found(chat, id_)
        if one is None:
            raise TelegramRefused(400, missing)
        return one

    def thread(self, bot: int, chat: int) -> list[Message]:
        """Everything in a chat that is still there, oldest first."""
        there = self._threads.get((bot, chat), {})
        return [there[id_] for id_ in sorted(there) if not there[id_].deleted]

    # ------------------------------------------------------------ changing

    def keep(self, message: Message) -> Message:
        """A message is new, or has changed."""
        self.messages[message.key] = message
        self._threads[message.bot, message.chat][message.id] = message
        happened = Happening(kind="message", channel=str(message.chat), user=str(message.sender))
        self.changes.add(happened)
        return message

    def change(self, message: Message, **what: object) -> Message:
        """A message as it is from now on."""
        now = self.messages[message.key]
        return self.keep(replace(now, **what))  # type: ignore[arg-type]  # checked by the record

    def put_chat(self, chat: Chat) -> Chat:
        """A chat is new, or has changed."""
        self.chats[chat.bot, chat.id] = chat
        return chat
