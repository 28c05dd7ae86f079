"""What happened in Discord becomes an event for the desk, or nothing; pure.

Every message comes to us, our own, other bots' and Discord's own notices too: only what a person
wrote himself, as a plain line or an answer, is a line.
"""

from datetime import datetime
from enum import StrEnum

from bridge.adapters.workspaces.discord.client import Me
from bridge.adapters.workspaces.discord.receiving.payloads import (
    DEFAULT,
    REPLY,
    Member,
    Message,
    Reaction,
    User,
)
from bridge.domain.content import Content
from bridge.domain.ids import ExternalId, SourceKey, ThreadRef, WorkspaceId
from bridge.domain.value import Value
from bridge.ports.commands import WorkspaceUser
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted

_WRITTEN = frozenset({DEFAULT, REPLY})
"""Types of what a person wrote; all others are Discord's own notices or an app's answers."""


class Did(StrEnum):
    """What a person did to a line."""

    POST = "post"
    EDIT = "edit"


class Line(Value):
    """A person's line as it is now; `member` is his place in the server, where it is told."""

    did: Did
    thread: ThreadRef
    message: Message
    author: User
    member: Member | None = None

    @property
    def id(self) -> ExternalId:
        """The line's name."""
        return ExternalId(self.message.id)

    @property
    def edit(self) -> str:
        """The last change of it; empty when there was none."""
        return self.message.edited_timestamp or ""

    @property
    def edited_at(self) -> datetime | None:
        """When that was."""
        try:
            return datetime.fromisoformat(self.edit)
        except ValueError:
            return None


class OwnPost(Value):
    """A post of ours came back; `nonce` is what we gave it."""

    thread: ThreadRef
    id: str
    nonce: str = ""


class Missing(StrEnum):
    """What cannot cross and is no file; catalogue keys `discord.line.<missing>`."""

    UNREADABLE = "unreadable"
    STICKER = "sticker"
    POLL = "poll"
    FORWARD = "forward"


def read(message: Message, channel: str, me: Me) -> Line | OwnPost | None:
    """What a message is to us, live or in a history; None for what concerns nobody."""
    author, thread = message.author, ThreadRef(channel)
    if author is None:
        return None
    if author.id == me.user or message.application_id == me.application:
        return OwnPost(thread=thread, id=message.id, nonce=str(message.nonce or ""))
    if author.bot or author.system or message.webhook_id or message.application_id:
        return None
    if message.type not in _WRITTEN:
        return None
    return Line(did=Did.POST, thread=thread, message=message, author=author, member=message.member)


def missing(message: Message) -> tuple[Missing, ...]:
    """What of it cannot cross. Without the right to read it everything is empty."""
    found = []
    if message.is_forward:
        found.append(Missing.FORWARD)
    if message.sticker_items:
        found.append(Missing.STICKER)
    if message.poll is not None:
        found.append(Missing.POLL)
    if not (found or message.content or message.attachments):
        found.append(Missing.UNREADABLE)
    return tuple(found)


# --- events -----------------------------------------------------------------------------------


def posted(
    workspace: WorkspaceId, said: Line, user: WorkspaceUser, content: Content, *, mentions: bool
) -> AgentPosted:
    """A person's line. One of the history that was edited goes out as it is now."""
    keys = [f"msg:{said.id}"]
    if said.edit:
        keys.append(_edit_key(said))
    return AgentPosted(
        workspace=workspace,
        source=tuple(map(SourceKey, keys)),
        user=user,
        thread=said.thread,
        external_id=said.id,
        content=content,
        quoted=_quoted(said.message),
        mentions=mentions,
    )


def _quoted(message: Message) -> ExternalId | None:
    reference = message.message_reference
    if message.type != REPLY or reference is None or reference.message_id is None:
        return None
    return ExternalId(reference.message_id)


def _edit_key(said: Line) -> str:
    return f"edit:{said.id}:{said.edit}"


def edited(
    workspace: WorkspaceId, said: Line, user: WorkspaceUser, content: Content, *, mentions: bool
) -> AgentEdited:
    """A person changed his line."""
    return AgentEdited(
        workspace=workspace,
        source=(SourceKey(_edit_key(said)),),
        user=user,
        thread=said.thread,
        external_id=said.id,
        content=content,
        mentions=mentions,
    )


def deleted(
    workspace: WorkspaceId, thread: ThreadRef, line: str, user: WorkspaceUser
) -> AgentDeleted:
    """A line is not there any more; Discord does not say who took it away."""
    return AgentDeleted(
        workspace=workspace,
        source=(SourceKey(f"delete:{line}"),),
        user=user,
        thread=thread,
        external_id=ExternalId(line),
    )


def reacted(
    workspace: WorkspaceId, said: Reaction, name: str, user: WorkspaceUser, *, removed: bool
) -> AgentReacted | None:
    """A person's reaction; None for a server's own emoji, which nobody outside can see.

    `name` is the event's: nothing else tells the same emoji from one that was put there again.
    """
    if said.emoji.id is not None or not said.emoji.name:
        return None
    return AgentReacted(
        workspace=workspace,
        source=(SourceKey(f"reaction:{name}"),),
        user=user,
        thread=ThreadRef(said.channel_id),
        external_id=ExternalId(said.message_id),
        emoji=said.emoji.name,
        removed=removed,
    )
