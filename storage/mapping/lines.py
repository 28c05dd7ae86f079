"""Rows of what was said and what happened: messages, their names outside, events."""

import msgspec

from bridge.domain.content import Content
from bridge.domain.events import Actor, Event, EventKind
from bridge.domain.message import Author, Billed, Message, MessageLink, Receipt
from storage.mapping.row import Read, Row

_encode = msgspec.json.Encoder().encode
_content = msgspec.json.Decoder(Content).decode
_actor = msgspec.json.Decoder(Actor).decode
_data = msgspec.json.Decoder(dict[str, str]).decode


def message_row(message: Message) -> Row:
    """The row of a message."""
    return (
        message.id,
        message.conversation,
        message.at,
        message.author._value_,
        message.name,
        _encode(message.content).decode(),
        message.agent,
        message.internal,
        message.edited_at,
        message.deleted_at,
        message.receipt._value_,
        message.receipt_reason,
    )


def message(row: Read) -> Message:
    """The message of a row."""
    return Message(
        id=row[0],
        conversation=row[1],
        at=row[2],
        author=Author(row[3]),
        name=row[4],
        content=_content(row[5]),
        agent=row[6],
        internal=bool(row[7]),
        edited_at=row[8],
        deleted_at=row[9],
        receipt=Receipt(row[10]),
        receipt_reason=row[11],
    )


def message_link_row(link: MessageLink) -> Row:
    """The row of a link."""
    return (link.scope, link.external_id, link.message, link.conversation, link.part)


def message_link(row: Read) -> MessageLink:
    """The link of a row."""
    return MessageLink(
        scope=row[0], external_id=row[1], message=row[2], conversation=row[3], part=row[4]
    )


def billed_row(billed: Billed) -> Row:
    """The row of a message that its platform bills."""
    return (billed.channel, billed.external_id, billed.conversation, billed.category, billed.at)


def event_row(event: Event) -> Row:
    """The row of an event."""
    return (
        event.id,
        event.at,
        event.kind._value_,
        _encode(event.actor).decode(),
        event.conversation,
        event.agent,
        event.queue,
        event.cause,
        _encode(event.data).decode(),
    )


def event(row: Read) -> Event:
    """The event of a row."""
    return Event(
        id=row[0],
        at=row[1],
        kind=EventKind(row[2]),
        actor=_actor(row[3]),
        conversation=row[4],
        agent=row[5],
        queue=row[6],
        cause=row[7],
        data=_data(row[8]),
    )
