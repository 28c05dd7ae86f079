"""What a simulated Telegram consists of. Records are values; the world holds the newest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bridge.simulators.common.wire import JsonObject

ChatKind = Literal["private", "group", "supergroup", "channel"]
Standing = Literal["member", "administrator", "kicked", "left"]
MessageKey: TypeAlias = tuple[int, int, int]
"""Bot, chat and message. A bot sees its own chats only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bot:
    """A bot as BotFather made it."""

    id: int
    token: str
    username: str
    name: str
    privacy: bool = True
    """In groups it hears only what is meant for it, unless it is an administrator."""

    def shown(self) -> JsonObject:
        """It as the sender of a message."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person with Telegram."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "en"
    phone: str = ""
    is_premium: bool = False
    deactivated: bool = False
    """The account was deleted."""

    def shown(self) -> JsonObject:
        """He as the sender of a message."""
        said: JsonObject = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            said["last_name"] = self.last_name
        if self.username:
            said["username"] = self.username
        if self.language:
            said["language_code"] = self.language
        if self.is_premium:
            said["is_premium"] = True
        return said


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A chat as one bot sees it. A private one has its person's id."""

    bot: int
    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    members: tuple[int, ...] = ()
    standing: Standing = "member"
    """The bot's own. `kicked` in a private chat: its person blocked the bot."""
    started: bool = True
    """A person must write first; a bot cannot."""
    migrated_to: int = 0

    @property
    def is_big(self) -> bool:
        """Whether it counts its messages by itself."""
        return self.kind in ("supergroup", "channel")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message. `body` is everything that it says, in Telegram's own shape."""

    bot: int
    chat: int
    id: int
    sender: int
    """A person or the bot. In a channel it is not shown: the channel speaks for itself."""
    at: float
    body: JsonObject
    reply_to: int = 0
    edited_at: float = 0.0
    deleted: bool = False
    reactions: Mapping[int, tuple[JsonObject, ...]] = field(default_factory=dict)
    """By who reacted."""

    @property
    def key(self) -> MessageKey:
        """What it is found by."""
        return self.bot, self.chat, self.id

    @property
    def is_ours(self) -> bool:
        """Whether the bot sent it."""
        return self.sender == self.bot

    @property
    def text(self) -> str:
        """What can be read of it: text or caption."""
        said = self.body.get("text") or self.body.get("caption") or ""
        return str(said)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file that somebody sent."""

    id: str
    unique_id: str
    kind: str
    """`photo`, `video`, `document`, ...; it can be sent again as nothing else."""
    body: bytes
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file in a call."""

    body: bytes
    mime: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One thing to tell a bot."""

    id: int
    kind: str
    """`message`, `edited_message`, `callback_query`, ..."""
    said: JsonObject
    at: float
    chat: int = 0
    """Those of one chat are brought one after another."""

    def shown(self) -> JsonObject:
        """It as `Update`."""
        return {"update_id": self.id, self.kind: self.said}


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """Somebody pressed a button under a message."""

    id: str
    bot: int
    user: int
    message: MessageKey
    data: str
    at: float
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """Where a bot wants its updates brought. Without an address it fetches them."""

    url: str = ""
    secret: str = ""
    most_connections: int = 40
    ip_address: str = ""
    certificate: bool = False
    error_at: float = 0.0
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A call that is not as the Bot API says, with what is wrong."""

    method: str
    problem: str
