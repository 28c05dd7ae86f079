"""The things of a Discord server, as values."""

from dataclasses import dataclass, field
from typing import Literal

from bridge.simulators.common.wire import Json, JsonObject

TEXT, DM, VOICE, CATEGORY, NEWS, FORUM = 0, 1, 2, 4, 5, 15
PUBLIC_THREAD, PRIVATE_THREAD = 11, 12
REQUIRE_TAG = 1 << 4
"""A forum's flag: no post without a tag."""
EPHEMERAL, LOADING, HAS_THREAD, SUPPRESS_EMBEDS = 1 << 6, 1 << 7, 1 << 5, 1 << 2
DEFAULT, RECIPIENT_ADD, RECIPIENT_REMOVE, RENAMED, PINNED = 0, 1, 2, 4, 6
THREAD_CREATED, REPLY, COMMAND, THREAD_STARTER, MENU_COMMAND = 18, 19, 20, 21, 23
MESSAGE_CONTENT_FLAGS = (1 << 18) | (1 << 19)
"""An application's switch for the message-content intent, full and limited."""


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """An account."""

    id: str
    name: str
    global_name: str | None = None
    bot: bool = False
    locale: str = "en-US"


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """An application with its bot."""

    id: str
    name: str
    token: str
    bot_id: str
    public_key: str
    owner: User
    """Who registered it."""
    flags: int = MESSAGE_CONTENT_FLAGS & ~(1 << 18)
    members_intent: bool = False
    presences_intent: bool = False

    @property
    def reads_content(self) -> bool:
        """Whether the message-content intent is switched on."""
        return bool(self.flags & MESSAGE_CONTENT_FLAGS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role. The one with the guild's own id is @everyone."""

    id: str
    guild_id: str
    name: str
    permissions: int = 0
    position: int = 1
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False
    bot_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Guild:
    """A server."""

    id: str
    name: str
    owner_id: str
    locale: str = "en-US"
    premium_tier: int = 0
    """Boosts: files of 10 MiB at 0 and 1, 50 at 2, 100 at 3."""

    @property
    def file_limit(self) -> int:
        """The most bytes of one file."""
        return {2: 50, 3: 100}.get(self.premium_tier, 10) * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody in a guild."""

    guild_id: str
    user_id: str
    joined_at: float
    roles: tuple[str, ...] = ()
    nick: str | None = None
    timed_out_until: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overwrite:
    """What a role (0) or member (1) may do otherwise in one channel."""

    id: str
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A forum's tag."""

    id: str
    name: str
    moderated: bool = False
    emoji_id: str | None = None
    emoji_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadState:
    """What a thread has that other channels have not."""

    owner_id: str
    created_at: float
    archive_at: float
    """When it was last archived or opened."""
    active_at: float
    """When something last happened in it."""
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 4_320
    """Minutes of silence."""
    applied_tags: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    message_count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A channel, forum, thread or direct message."""

    id: str
    guild_id: str | None
    type: int
    name: str
    parent_id: str | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    slowmode: int = 0
    flags: int = 0
    overwrites: tuple[Overwrite, ...] = ()
    tags: tuple[Tag, ...] = ()
    default_auto_archive: int | None = None
    last_message_id: str | None = None
    thread: ThreadState | None = None
    recipients: tuple[str, ...] = ()

    @property
    def is_thread(self) -> bool:
        """Whether it lives under another channel and can be archived."""
        return self.thread is not None

    @property
    def own_thread(self) -> ThreadState:
        """A thread's state. Only for threads."""
        assert self.thread is not None
        return self.thread


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file of a message."""

    id: str
    filename: str
    content: bytes
    content_type: str
    description: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """One emoji and who put it there. A custom one is `name:id`."""

    emoji: str
    users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as it is now."""

    id: str
    channel_id: str
    guild_id: str | None
    author_id: str
    created_at: float
    content: str = ""
    type: int = DEFAULT
    edited_at: float | None = None
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    mentions: tuple[str, ...] = ()
    mention_roles: tuple[str, ...] = ()
    mention_everyone: bool = False
    pings: frozenset[str] = frozenset()
    """Users whose screens lit up when it was posted."""
    nonce: str | int | None = None
    flags: int = 0
    pinned: bool = False
    reference: JsonObject | None = None
    webhook_id: str | None = None
    webhook_name: str | None = None
    webhook_avatar: str | None = None
    app_id: str | None = None
    interaction: JsonObject | None = None
    only_for: str | None = None
    """An ephemeral message's one reader."""

    @property
    def is_loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """An address by which messages come into a channel."""

    id: str
    channel_id: str
    guild_id: str
    token: str
    name: str
    app_id: str | None
    user_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """An application command. `spec` is what the app registered."""

    id: str
    app_id: str
    guild_id: str | None
    type: int
    name: str
    version: str
    spec: JsonObject


@dataclass(frozen=True, kw_only=True, slots=True)
class Modal:
    """A form on somebody's screen."""

    custom_id: str
    title: str
    components: tuple[Json, ...]
    user_id: str
    app_id: str
    channel_id: str
    guild_id: str | None
    message_id: str | None = None
    """Of the message whose button opened it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interaction:
    """Something a person asked of an app, and what came of it."""

    id: str
    token: str
    app_id: str
    type: int
    user_id: str
    channel_id: str
    guild_id: str | None
    created_at: float
    data: JsonObject
    message_id: str | None = None
    """Of the message whose component was used."""
    answer: Literal[None, "message", "thinking", "update", "choices", "modal"] = None
    answered_at: float | None = None
    original_id: str | None = None
    """The message of its first response."""
    ephemeral: bool = False
    choices: tuple[Json, ...] = ()
    modal: Modal | None = field(default=None)
