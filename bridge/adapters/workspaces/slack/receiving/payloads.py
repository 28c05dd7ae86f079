"""The shapes of what Slack sends, as far as we read them; what we do not read is left out.

Shapes: https://docs.slack.dev/reference/events/message and the types of node-slack-sdk.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import msgspec

from bridge.domain.value import Value

Payload: TypeAlias = dict[str, Any]  # Slack's JSON, read where it is needed

Handler: TypeAlias = Callable[[Payload], Awaitable[None]]
"""Takes one kind of event."""

Shape = TypeVar("Shape", bound=Value)


class Edit(Value):
    """Who changed a message, and when."""

    user: str = ""
    ts: str = ""


class Metadata(Value):
    """What an app hid in its own message."""

    event_type: str = ""
    event_payload: dict[str, Any] = {}  # an app's own fields


class SlackFile(Value):
    """A file as Slack describes it; `mode` says whether its bytes are there for us."""

    id: str
    name: str | None = None
    title: str | None = None
    mimetype: str | None = None
    size: int = 0
    mode: str = ""
    file_access: str = ""
    url_private: str = ""
    url_private_download: str = ""

    @property
    def called(self) -> str:
        """What people call it."""
        return self.name or self.title or self.id


class Message(Value):
    """A `message` event, or a message inside one or in a thread's history.

    `message_changed` and `message_deleted` carry the message in `message` and
    `previous_message`. A reply has `thread_ts` and it is not its own `ts`.
    """

    type: str = ""
    subtype: str | None = None
    channel: str = ""
    channel_type: str = ""
    user: str | None = None
    text: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    team: str | None = None
    user_team: str | None = None
    client_msg_id: str | None = None
    edited: Edit | None = None
    blocks: list[Payload] | None = None
    files: tuple[SlackFile, ...] | None = None
    metadata: Metadata | None = None
    message: "Message | None" = None
    previous_message: "Message | None" = None
    deleted_ts: str | None = None
    parent_user_id: str | None = None
    event_ts: str = ""


class Item(Value):
    """What a reaction is about."""

    type: str = ""
    channel: str = ""
    ts: str = ""


class Reaction(Value):
    """A `reaction_added` or `reaction_removed` event; it does not say which thread."""

    type: str
    user: str
    reaction: str
    item: Item
    event_ts: str = ""


def message_of(event: Payload) -> Message | None:
    """The event as a message; None for what is none."""
    return _converted(event, Message)


def messages_of(answer: Payload) -> tuple[Payload, ...]:
    """The messages of a page of history, as they came."""
    rows = answer.get("messages")
    return tuple(each for each in rows if isinstance(each, dict)) if isinstance(rows, list) else ()


def reaction_of(event: Payload) -> Reaction | None:
    """The event as a reaction; None for what is none."""
    reaction = _converted(event, Reaction)
    return reaction if reaction is not None and reaction.item.type == "message" else None


def file_of(described: object) -> SlackFile | None:
    """The file as `files.info` describes it; None for what is none."""
    return _converted(described, SlackFile)


def _converted(event: object, shape: type[Shape]) -> Shape | None:
    try:
        return msgspec.convert(event, shape, strict=False)
    except msgspec.ValidationError:
        return None
