"""What a Slack workspace is made of. Every change makes a new record."""

from dataclasses import dataclass, field
from typing import Literal

from bridge.simulators.common.wire import Json, JsonObject

ChannelKind = Literal["public", "private", "im", "mpim"]
Cause = Literal["post", "edit"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A workspace of a company."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Somebody with an account, or an app's bot user."""

    id: str
    name: str
    """The handle, without @."""
    real_name: str
    team_id: str
    email: str | None = None
    title: str = ""
    locale: str = "en-US"
    tz: str = "Etc/UTC"
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    """A guest of several channels."""
    is_ultra_restricted: bool = False
    """A guest of a single channel."""
    is_stranger: bool = False
    """Somebody of another company, met in a shared channel."""
    deleted: bool = False
    """Deactivated."""
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    updated: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A channel, or the direct messages of an app and one person."""

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: tuple[str, ...] = ()
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_general: bool = False
    shared_with: tuple[str, ...] = ()
    """Ids of other companies' teams (Slack Connect)."""
    previous_names: tuple[str, ...] = ()
    user: str | None = None
    """The person, in direct messages with an app."""

    @property
    def is_ext_shared(self) -> bool:
        """Whether another company reads here."""
        return bool(self.shared_with)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """Something in a message that is more than its characters."""

    kind: Literal["user", "usergroup", "broadcast", "channel", "link", "date"]
    target: str
    """A user's, group's or channel's id, `here|channel|everyone`, or an address."""
    where: str
    """`text`, `blocks[0].text`, `attachments[1].text`."""
    label: str = ""
    cause: Cause = "post"

    @property
    def pings(self) -> bool:
        """Whether somebody's screen lights up."""
        return self.kind in ("user", "usergroup", "broadcast")


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """Who last changed a message, and when."""

    user: str
    ts: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """One emoji and who put it there, in their order."""

    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message as Slack keeps it."""

    channel: str
    ts: str
    text: str
    """After Slack's own processing: escaped, links and mentions in angle brackets."""
    thread_ts: str | None = None
    """Of a reply; a root has none until it is asked for."""
    subtype: str | None = None
    user: str | None = None
    """Missing on messages under a customised name."""
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icons: JsonObject | None = None
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    files: tuple[str, ...] = ()
    metadata: JsonObject | None = None
    client_msg_id: str | None = None
    reactions: tuple[Reaction, ...] = ()
    edited: Edited | None = None
    entities: tuple[Entity, ...] = ()
    """Everything active that this message ever had, each with what brought it."""
    unfurl_links: bool = True
    unfurl_media: bool = True
    visible_at: float = 0.0
    """When history begins to show it."""
    extra: JsonObject = field(default_factory=dict)
    """What a subtype carries besides (`inviter`, `old_name`)."""

    @property
    def root_ts(self) -> str:
        """The thread that it is in or would begin."""
        return self.thread_ts or self.ts

    @property
    def is_reply(self) -> bool:
        """Whether it stands under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def pings(self) -> tuple[Entity, ...]:
        """What in it notifies somebody."""
        return tuple(entity for entity in self.entities if entity.pings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ephemeral:
    """What only one person sees, until the page is loaded again."""

    channel: str
    ts: str
    user: str
    """Who sees it."""
    text: str
    app_id: str
    bot_id: str
    thread_ts: str | None = None
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    shown: bool = True
    """False where Slack would not show it: not a member, or a thread that is not active."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file, from the moment an upload address was asked for."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int
    owner: str
    created: int
    content: bytes | None = None
    """None until the bytes came."""
    completed: bool = False
    shares: tuple[tuple[str, str], ...] = ()
    """(channel, ts) of the messages that show it."""
    access: Literal["visible", "check_file_info"] = "visible"
    deleted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A modal or a home tab as one person sees it."""

    id: str
    app_id: str
    user: str
    kind: Literal["modal", "home"]
    content: JsonObject
    """The view as the app gave it, blocks with their ids."""
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    errors: JsonObject = field(default_factory=dict)
    """What the app said is wrong with the last submission, by block id."""
