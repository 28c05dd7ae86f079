"""What customers do to lines that stand there, and what platforms say became of ours."""

from collections.abc import Iterator

from msgspec.structs import replace

from bridge.domain.binding import Binding
from bridge.domain.delivery import Mark, PostLine, ReactLine
from bridge.domain.ids import ChannelId, ExternalId
from bridge.domain.message import (
    Author,
    Message,
    MessageLink,
    Receipt,
    channel_scope,
    merge_receipt,
)
from bridge.engine import deliveries
from bridge.engine.lines import parts, trouble, window
from bridge.engine.lines.inward import shown_name
from bridge.engine.state.options import WorkspacePlace
from bridge.engine.step import Step
from bridge.ports.channel import (
    Accepted,
    MessageDeleted,
    MessageEdited,
    Reacted,
    ReceiptChanged,
)


def _found(step: Step, channel: ChannelId, external_id: ExternalId) -> Message | None:
    link = step.desk.links.get((channel_scope(channel), external_id))
    return None if link is None else step.desk.line(link.message)


def message_edited(step: Step, event: MessageEdited) -> Accepted:
    """A customer changed his own line; every thread that has it shows the new words."""
    message = _found(step, event.channel, event.external_id)
    if message is None or message.author is not Author.CUSTOMER or message.deleted_at:
        return Accepted()
    for binding, place in _followers(step, message):
        name = shown_name(step, event.channel, message, place.language)
        bodies = parts.changed(message, event.content, place.capabilities, place.language, name)
        for body in bodies:
            deliveries.to_thread(step, binding, body)
    step.change_message(replace(message, content=event.content, edited_at=step.now))
    step.redraw(message.conversation)
    return Accepted(message=message.id)


def message_deleted(step: Step, event: MessageDeleted) -> Accepted:
    """A customer took his own line back; threads show that it is gone."""
    message = _found(step, event.channel, event.external_id)
    if message is None or message.author is not Author.CUSTOMER or message.deleted_at:
        return Accepted()
    step.change_message(replace(message, deleted_at=step.now))
    for binding, place in _followers(step, message):
        for body in parts.gone(message, place.capabilities, place.language):
            deliveries.to_thread(step, binding, body)
    step.redraw(message.conversation)
    return Accepted(message=message.id)


def _followers(step: Step, message: Message) -> Iterator[tuple[Binding, WorkspacePlace]]:
    """The threads that follow the line's conversation."""
    for binding in step.desk.open_bindings(message.conversation):
        if binding.mirrors:
            yield binding, step.desk.places.workspaces[binding.workspace]


def reacted(step: Step, event: Reacted) -> Accepted:
    """A customer reacted to a line; threads show it on their copy."""
    message = _found(step, event.channel, event.external_id)
    if message is None:
        return Accepted()
    identity = step.desk.identity_at(event.channel, event.address)
    body = ReactLine(
        message=message.id,
        emoji=event.emoji,
        name="" if identity is None else identity.name,
        removed=event.removed,
    )
    for binding, _ in _followers(step, message):
        deliveries.to_thread(step, binding, body)
    return Accepted(message=message.id)


def _ours(step: Step, event: ReceiptChanged) -> Message | None:
    """The line; one whose call was never answered is known by its key, once."""
    found = _found(step, event.channel, event.external_id)
    delivery = None if found is not None else step.desk.promised.get(event.key)
    if delivery is None or delivery.place != event.channel:
        return found
    message = step.desk.line(delivery.body.message) if isinstance(delivery.body, PostLine) else None
    if message is not None and isinstance(delivery.body, PostLine):
        step.link(
            MessageLink(
                message=message.id,
                conversation=message.conversation,
                scope=channel_scope(event.channel),
                external_id=event.external_id,
                part=delivery.body.part,
            )
        )
    return message


def receipt_changed(step: Step, event: ReceiptChanged) -> Accepted:
    """The platform says what became of a line of ours; what is shown never goes down."""
    message = _ours(step, event)
    if message is None:
        return Accepted()
    if event.billed:
        step.bill(message, event.channel, event.external_id, event.billed)
    merged = merge_receipt(message.receipt, event.receipt)
    if merged is message.receipt:
        return Accepted(message=message.id)
    changed = replace(message, receipt=merged, receipt_reason=event.reason)
    step.change_message(changed)
    if merged is Receipt.FAILED:
        if event.reason == window.CLOSED:
            window.close(step, message.conversation, message.at)
        trouble.tell(step, changed, Mark.FAILED, event.reason or "failed")
    step.redraw(message.conversation)
    return Accepted(message=message.id)
