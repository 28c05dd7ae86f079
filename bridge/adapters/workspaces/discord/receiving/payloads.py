"""What Discord's events and histories carry, as far as we read it; pure.

https://discord.com/developers/docs/resources/message, .../resources/guild,
.../events/gateway-events (read November 2026). Fields that we do not read are not named.
"""

from typing import Any, TypeAlias, TypeVar

import msgspec

from bridge.domain.value import Value

Payload: TypeAlias = dict[str, Any]  # Discord's own JSON; whoever takes it reads it at once

T = TypeVar("T")

DEFAULT, REPLY = 0, 19
FORWARD = 1


class User(Value):
    """An account."""

    id: str
    username: str = ""
    global_name: str | None = None
    bot: bool = False
    system: bool = False


class Member(Value):
    """An account's place in the server; `user` is left out where it is beside it."""

    roles: tuple[str, ...] = ()
    nick: str | None = None
    user: User | None = None


class Mentioned(User):
    """An account that a message names."""

    member: Member | None = None


class Attachment(Value):
    """A file. `url` expires: it is for now, never for later."""

    id: str
    url: str
    filename: str = ""
    title: str | None = None
    size: int = 0

    @property
    def called(self) -> str:
        """What people call it."""
        return self.filename or self.title or self.id


class Sticker(Value):
    """A sticker that was sent."""

    name: str = ""


class Reference(Value):
    """The message that another answers (`type` 0) or passes on (1)."""

    type: int = DEFAULT
    message_id: str | None = None
    channel_id: str | None = None


class There(Value):
    """Something whose being there is all that we want to know."""


class Message(Value):
    """A message of an event or of a history; `member` comes with events alone."""

    id: str
    channel_id: str = ""
    guild_id: str | None = None
    author: User | None = None
    member: Member | None = None
    type: int = DEFAULT
    content: str = ""
    edited_timestamp: str | None = None
    mentions: tuple[Mentioned, ...] = ()
    mention_everyone: bool = False
    attachments: tuple[Attachment, ...] = ()
    sticker_items: tuple[Sticker, ...] = ()
    poll: There | None = None
    message_reference: Reference | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    nonce: str | int | None = None

    @property
    def is_forward(self) -> bool:
        """Whether it passes on what was written elsewhere."""
        return self.message_reference is not None and self.message_reference.type == FORWARD


class Deleted(Value):
    """MESSAGE_DELETE names one message, MESSAGE_DELETE_BULK several."""

    channel_id: str
    id: str = ""
    ids: tuple[str, ...] = ()
    guild_id: str | None = None


class Emoji(Value):
    """A Unicode emoji by its `name`; a server's own has an `id`."""

    name: str | None = None
    id: str | None = None


class Reaction(Value):
    """MESSAGE_REACTION_ADD and _REMOVE; `member` comes with the former alone."""

    user_id: str
    channel_id: str
    message_id: str
    emoji: Emoji
    guild_id: str | None = None
    member: Member | None = None


class RoleInfo(Value):
    """A role of the server."""

    id: str
    name: str = ""


class RoleEvent(Value):
    """GUILD_ROLE_CREATE, _UPDATE and _DELETE."""

    guild_id: str
    role: RoleInfo | None = None
    role_id: str = ""


class ThreadState(Value):
    """Whether a thread is put away."""

    archived: bool = False
    locked: bool = False


class ChannelInfo(Value):
    """A channel or a thread; `member` is there when we are in the thread."""

    id: str
    type: int = 0
    name: str | None = None
    guild_id: str | None = None
    parent_id: str | None = None
    owner_id: str | None = None
    thread_metadata: ThreadState | None = None
    member: There | None = None


class GuildInfo(Value):
    """A server: whole in GUILD_CREATE, without its channels in GUILD_UPDATE."""

    id: str
    name: str = ""
    unavailable: bool = False
    roles: tuple[RoleInfo, ...] = ()
    channels: tuple[ChannelInfo, ...] = ()
    threads: tuple[ChannelInfo, ...] = ()


class ThreadList(Value):
    """THREAD_LIST_SYNC: we see a channel now that we did not see before."""

    guild_id: str
    threads: tuple[ChannelInfo, ...] = ()


class Ready(Value):
    """READY: a session begins."""

    session_id: str
    guilds: tuple[GuildInfo, ...] = ()


def read(body: msgspec.Raw | bytes, kind: type[T]) -> T | None:
    """An event's body; None for one that is not shaped as documented."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        return None


def message_of(payload: Payload) -> Message | None:
    """A message of a history; None for what is none."""
    try:
        return msgspec.convert(payload, Message, strict=False)
    except msgspec.ValidationError:
        return None


def attachment_of(described: object) -> Attachment | None:
    """A file as a form's answer describes it; None for what is none."""
    try:
        return msgspec.convert(described, Attachment, strict=False)
    except msgspec.ValidationError:
        return None
