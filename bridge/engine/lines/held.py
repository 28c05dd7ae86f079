"""Replies that are kept back for a moment, so that a slip can still be mended."""

from msgspec.structs import replace

from bridge.domain.content import Content
from bridge.domain.conversation import Conversation
from bridge.domain.held import HeldReply
from bridge.domain.ids import MessageId, after
from bridge.domain.message import Message
from bridge.engine.lines import outward
from bridge.engine.step import Step


def keep(step: Step, conversation: Conversation, message: Message, length: int) -> None:
    """Keep a reply back for `length` milliseconds."""
    step.desk.kept[message.id] = message
    step.desk.held.put(
        HeldReply(message=message.id, conversation=conversation.id, due_at=after(step.now, length))
    )


def flush(step: Step, conversation: Conversation) -> None:
    """Let every reply of this conversation go out now."""
    for reply in step.desk.held_in(conversation.id):
        let_go(step, conversation, reply)


def let_go(step: Step, conversation: Conversation, reply: HeldReply) -> None:
    """Let one reply go out."""
    step.desk.held.remove(reply.message)
    outward.send(step, conversation, step.desk.kept[reply.message])


def change(step: Step, message: Message, content: Content) -> bool:
    """An edit in time changes what goes out; false when it is too late."""
    if message.id not in step.desk.held:
        return False
    changed = replace(message, content=content, edited_at=step.now)
    step.desk.kept[message.id] = changed
    step.change_message(changed)
    return True


def cancel(step: Step, message: MessageId) -> bool:
    """A deletion in time means that nothing goes out; false when it is too late."""
    if message not in step.desk.held:
        return False
    step.desk.held.remove(message)
    return True
