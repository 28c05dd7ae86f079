"""What a person typed or pressed becomes an event or a command for the desk; pure."""

import re
from collections.abc import Container, Mapping

from bridge.adapters.workspaces.local.people import User
from bridge.adapters.workspaces.local.timeline import Line
from bridge.domain.content import Content
from bridge.domain.ids import ExternalId, SourceKey, ThreadRef, WorkspaceId
from bridge.domain.value import Value
from bridge.ports.commands import ArgumentKind, CommandInvoked, CommandSpec
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""A client's own name for one thing it does; the same name does it once."""

_TYPED = re.compile(r"\s*[/!]([A-Za-z][A-Za-z-]{0,30})(?:\s+(.*))?\s*", re.DOTALL)
_MENTION = re.compile(r"(?<![\w.@/])@([a-z0-9][a-z0-9._-]{0,40})", re.IGNORECASE)


class Typed(Value):
    """A command as it was typed."""

    command: str
    text: str


def typed_command(text: str, commands: Container[str]) -> Typed | None:
    """The command a text is; None for a plain line, and for words that are no command."""
    found = _TYPED.fullmatch(text)
    if found is None or (name := found.group(1).lower()) not in commands:
        return None
    return Typed(command=name, text=(found.group(2) or "").strip())


def wants_form(spec: CommandSpec, typed: str) -> bool:
    """Whether a form is kinder than running the command as it was typed."""
    asked = [each for each in spec.arguments if each.kind is not ArgumentKind.CONVERSATION]
    return not rest_of(typed) and not spec.reads and any(each.required for each in asked)


def rest_of(typed: str) -> str:
    """What follows the conversation's number, if there is one."""
    return re.sub(r"^#\d+\s*", "", typed)


def called(text: str) -> frozenset[str]:
    """The handles that a text seems to call (`@ana`)."""
    return frozenset(found.lower().rstrip(".-") for found in _MENTION.findall(text))


def posted(
    workspace: WorkspaceId, user: User, thread: ThreadRef, line: Line, *, mentions: bool
) -> AgentPosted:
    """A person's line; its seq names it, so handing it over again is the same event."""
    return AgentPosted(
        workspace=workspace,
        source=(SourceKey(f"post:{thread}:{line.seq}"),),
        user=user.seen_as(),
        thread=thread,
        external_id=external_id(line.seq),
        content=line.content,
        quoted=None if line.quoted is None else external_id(line.quoted),
        mentions=mentions,
    )


def edited(
    workspace: WorkspaceId, user: User, thread: ThreadRef, key: str, line: Line, content: Content
) -> AgentEdited:
    """A person changed his line."""
    return AgentEdited(
        workspace=workspace,
        source=(SourceKey(f"edit:{thread}:{user.id}:{key}"),),
        user=user.seen_as(),
        thread=thread,
        external_id=external_id(line.seq),
        content=content,
    )


def deleted(workspace: WorkspaceId, user: User, thread: ThreadRef, line: Line) -> AgentDeleted:
    """A person took his line back."""
    return AgentDeleted(
        workspace=workspace,
        source=(SourceKey(f"delete:{thread}:{line.seq}"),),
        user=user.seen_as(),
        thread=thread,
        external_id=external_id(line.seq),
    )


def reacted(
    workspace: WorkspaceId,
    user: User,
    thread: ThreadRef,
    key: str,
    line: Line,
    emoji: str,
    *,
    removed: bool,
) -> AgentReacted:
    """A person reacted to a line, or took it back."""
    return AgentReacted(
        workspace=workspace,
        source=(SourceKey(f"react:{thread}:{user.id}:{key}"),),
        user=user.seen_as(),
        thread=thread,
        external_id=external_id(line.seq),
        emoji=emoji,
        removed=removed,
    )


def invoked(
    workspace: WorkspaceId,
    user: User,
    key: str,
    command: str,
    *,
    text: str = "",
    arguments: Mapping[str, str] | None = None,
    thread: ThreadRef | None = None,
    number: int | None = None,
    confirmed: bool = False,
) -> CommandInvoked:
    """A person ran a command, by words or by a button."""
    return CommandInvoked(
        workspace=workspace,
        source=(SourceKey(f"invoke:{user.id}:{key}"),),
        user=user.seen_as(),
        command=command,
        text=text,
        arguments=dict(arguments or {}),
        thread=thread,
        number=number,
        confirmed=confirmed,
    )


def external_id(seq: int) -> ExternalId:
    """The name of a line outside: its seq."""
    return ExternalId(str(seq))
