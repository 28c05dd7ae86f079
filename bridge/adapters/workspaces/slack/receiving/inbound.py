"""What happened in Slack becomes an event for the desk, or nothing; pure.

Our own posts come back as events, and an edited or deleted post of ours under a customer's name
comes back without a `user`: the guard looks at every place where an app may be named.
"""

from enum import StrEnum

from bridge.adapters.workspaces.slack.client import Me
from bridge.adapters.workspaces.slack.people import Person
from bridge.adapters.workspaces.slack.receiving.payloads import Message, Reaction, SlackFile
from bridge.adapters.workspaces.slack.refs import line_id, thread_ref
from bridge.adapters.workspaces.slack.text.emoji import unicode_of
from bridge.adapters.workspaces.slack.text.links import permalink
from bridge.domain.content import Content
from bridge.domain.ids import ExternalId, Instant, SourceKey, ThreadRef, WorkspaceId
from bridge.domain.text import FormattedText, Link, Paragraph, Plain, Span, to_plain
from bridge.domain.value import Value
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import (
    AgentDeleted,
    AgentEdited,
    AgentPosted,
    AgentReacted,
    MemberChanged,
)

_PERSONAL = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of what a person wrote; all others are Slack's own notices or an app's."""


class Did(StrEnum):
    """What a person did to a line."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"


class Line(Value):
    """What happened to one line; `root` is None outside a thread.

    `message` is the line as it is now, for a deletion as it was. `edit` names the change.
    """

    did: Did
    channel: str
    root: str | None
    ts: str
    user: str
    message: Message
    edit: str = ""

    @property
    def thread(self) -> ThreadRef | None:
        """The thread it stands in."""
        return None if self.root is None else thread_ref(self.channel, self.root)


class OwnPost(Value):
    """A post of ours came back; `key` is what its metadata says, `root` its thread's."""

    channel: str
    ts: str
    root: str | None = None
    key: str = ""


def is_ours(message: Message, me: Me) -> bool:
    """Whether the app itself posted this, or the message inside."""
    named = (message, message.message, message.previous_message)
    return any(each is not None and _names(each, me) for each in named)


def _names(message: Message, me: Me) -> bool:
    return (
        (bool(me.user) and message.user == me.user)
        or (bool(me.bot) and message.bot_id == me.bot)
        or (bool(me.app) and message.app_id == me.app)
    )


def read(event: Message, me: Me) -> Line | OwnPost | None:
    """What a `message` event says; None for what concerns nobody: apps, notices, link previews."""
    if is_ours(event, me):
        return _own_post(event)
    match event.subtype:
        case "message_changed":
            return _changed(event)
        case "message_deleted":
            return _deleted(event)
        case _:
            return line(event, event.channel)


def line(message: Message, channel: str) -> Line | None:
    """A message that a person wrote, live or in a thread's history."""
    if message.subtype not in _PERSONAL or message.bot_id or not message.user or not message.ts:
        return None
    return Line(
        did=Did.POST,
        channel=channel,
        root=_root(message),
        ts=message.ts,
        user=message.user,
        message=message,
    )


def change(message: Message, channel: str) -> Line | None:
    """The last edit of a message that a person wrote, as its `edited` names it."""
    written = line(message, channel)
    if written is None or message.edited is None or not message.edited.ts:
        return None
    return Line(
        did=Did.EDIT,
        channel=channel,
        root=written.root,
        ts=written.ts,
        user=written.user,
        message=message,
        edit=message.edited.ts,
    )


def _own_post(event: Message) -> OwnPost | None:
    if event.subtype in ("message_changed", "message_deleted") or not event.ts:
        return None
    said = {} if event.metadata is None else event.metadata.event_payload
    return OwnPost(
        channel=event.channel,
        ts=event.ts,
        root=_root(event),
        key=str(said.get("key") or ""),
    )


def _changed(event: Message) -> Line | None:
    """An edit by its writer: link previews, reply counts and languages change a message, too."""
    now, before = event.message, event.previous_message
    if now is None or (before is not None and _same(now, before)):
        return None
    return change(now, event.channel)


def _same(now: Message, before: Message) -> bool:
    return now.text == before.text and _file_ids(now) == _file_ids(before)


def _file_ids(message: Message) -> tuple[str, ...]:
    return tuple(file.id for file in message.files or ())


def _deleted(event: Message) -> Line | None:
    was = event.previous_message
    if was is None:
        return None
    written = line(was, event.channel)
    if written is None:
        return None
    return Line(
        did=Did.DELETE,
        channel=event.channel,
        root=written.root,
        ts=event.deleted_ts or written.ts,
        user=written.user,
        message=was,
    )


def deleted_root(event: Message) -> ThreadRef | None:
    """The thread that a deleted message may have begun; one with replies leaves a tombstone."""
    if event.subtype == "message_deleted" and event.deleted_ts:
        return thread_ref(event.channel, event.deleted_ts)
    now = event.message
    if event.subtype == "message_changed" and now is not None and now.subtype == "tombstone":
        return thread_ref(event.channel, now.ts)
    return None


def _root(message: Message) -> str | None:
    """The root of the thread that it answers; a root answers nothing."""
    return None if message.thread_ts in (None, "", message.ts) else message.thread_ts


# --- events -----------------------------------------------------------------------------------


def posted(
    workspace: WorkspaceId,
    team: str,
    said: Line,
    thread: ThreadRef,
    user: WorkspaceUser,
    content: Content,
    *,
    mentions: bool,
) -> AgentPosted:
    """A person's line. A quoted line's address is taken out of the words: it leads inside."""
    text, quoted = without_quote(content.text, said)
    if quoted is not None:
        content = Content(text=text, files=content.files)
    return AgentPosted(
        workspace=workspace,
        source=_sources(team, said),
        user=user,
        thread=thread,
        external_id=line_id(said.ts),
        content=content,
        quoted=quoted,
        mentions=mentions,
    )


def _sources(team: str, said: Line) -> tuple[SourceKey, ...]:
    """Slack names a message by its place; one gesture may come twice with two of them.

    A line of the history that was edited goes out as it is now: the edit is known with it.
    """
    keys = [f"msg:{team}:{said.channel}:{said.ts}"]
    if said.message.client_msg_id:
        keys.append(f"cmid:{said.channel}:{said.message.client_msg_id}")
    if said.message.edited is not None:
        keys.append(_edit_key(team, said, said.message.edited.ts))
    return tuple(map(SourceKey, keys))


def _edit_key(team: str, said: Line, edit: str) -> str:
    return f"edit:{team}:{said.channel}:{said.ts}:{edit}"


def edited(
    workspace: WorkspaceId,
    team: str,
    said: Line,
    thread: ThreadRef,
    user: WorkspaceUser,
    content: Content,
    *,
    mentions: bool,
) -> AgentEdited:
    """A person changed his line."""
    return AgentEdited(
        workspace=workspace,
        source=(SourceKey(_edit_key(team, said, said.edit)),),
        user=user,
        thread=thread,
        external_id=line_id(said.ts),
        content=content,
        mentions=mentions,
    )


def deleted(
    workspace: WorkspaceId, team: str, channel: str, ts: str, thread: ThreadRef, user: WorkspaceUser
) -> AgentDeleted:
    """A person took his line back."""
    return AgentDeleted(
        workspace=workspace,
        source=(SourceKey(f"delete:{team}:{channel}:{ts}"),),
        user=user,
        thread=thread,
        external_id=line_id(ts),
    )


def reacted(
    workspace: WorkspaceId, team: str, said: Reaction, thread: ThreadRef, user: WorkspaceUser
) -> AgentReacted | None:
    """A person's reaction; None for a custom emoji, which nobody outside can see."""
    emoji = unicode_of(said.reaction)
    if emoji is None:
        return None
    place = f"{team}:{said.item.channel}:{said.item.ts}"
    what = f"{said.user}:{said.reaction}:{said.event_ts}"
    return AgentReacted(
        workspace=workspace,
        source=(SourceKey(f"{said.type}:{place}:{what}"),),
        user=user,
        thread=thread,
        external_id=line_id(said.item.ts),
        emoji=emoji,
        removed=said.type == "reaction_removed",
    )


def member_changed(workspace: WorkspaceId, team: str, person: Person) -> MemberChanged:
    """What Slack says now of a person's place in the workspace."""
    user = person.user
    return MemberChanged(
        workspace=workspace,
        source=(SourceKey(f"member:{team}:{user.id}:{user.kind.value}:{person.updated}"),),
        user=user,
    )


def member_met(
    workspace: WorkspaceId, team: str, person: Person, now: Instant
) -> MemberChanged | None:
    """A member as he says who he is; None for anybody who is none, or does not say.

    It is said again now and then: an agent may have been given the address meanwhile.
    """
    if person.user.kind is not UserKind.MEMBER or not person.email:
        return None
    return MemberChanged(
        workspace=workspace,
        source=(SourceKey(f"email:{team}:{person.user.id}:{now}"),),
        user=person.user,
        email=person.email,
    )


# --- quotes and files -------------------------------------------------------------------------


def without_quote(text: FormattedText, said: Line) -> tuple[FormattedText, ExternalId | None]:
    """Slack has no quotes: agents paste the link of a line. One of this thread is a quote.

    The words without that link, and the line; the words as they are when nothing else is said.
    """
    for at, block in enumerate(text):
        if not isinstance(block, Paragraph):
            continue
        for place, span in enumerate(block.spans):
            quoted = _quoted(span, said)
            if quoted is not None:
                spans = _trimmed(block.spans[:place], block.spans[place + 1 :])
                inner = (Paragraph(spans=spans),) if spans else ()
                rest = (*text[:at], *inner, *text[at + 1 :])
                return (rest, quoted) if to_plain(rest).strip() else (text, None)
    return text, None


def _quoted(span: Span, said: Line) -> ExternalId | None:
    found = permalink(span.url) if isinstance(span, Link) else None
    if found is None or (found.channel, found.root) != (said.channel, said.root):
        return None
    return line_id(found.ts)


def _trimmed(before: tuple[Span, ...], after: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans around a link that is gone, without the space that set it apart."""
    if not before:
        return _stripped(after, at_start=True)
    return (*_stripped(before, at_start=False), *after)


def _stripped(spans: tuple[Span, ...], *, at_start: bool) -> tuple[Span, ...]:
    place = 0 if at_start else len(spans) - 1
    if not spans or not isinstance(span := spans[place], Plain):
        return spans
    words = span.text.lstrip() if at_start else span.text.rstrip()
    kept = (Plain(text=words),) if words else ()
    return (*spans[:place], *kept, *spans[place + 1 :])


def files_of(message: Message) -> tuple[SlackFile, ...]:
    """The files that a message shares, without those that were deleted since."""
    return tuple(file for file in message.files or () if file.mode != "tombstone")
