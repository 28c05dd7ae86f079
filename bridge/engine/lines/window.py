"""The time in which a channel takes free text: since the customer's last line, by his platform."""

from msgspec.structs import replace

from bridge.domain.conversation import Conversation
from bridge.domain.ids import ConversationId, Instant
from bridge.engine.step import Step

CLOSED = "window_closed"
"""What a platform's refusal is called when the time was over by its own clock."""


def last_line_at(step: Step, conversation: Conversation, at: Instant | None) -> Instant:
    """When the customer's newest line was written: what came late was not written now."""
    window = step.channel(conversation).capabilities.reply_window
    if window is None or at is None:
        return step.now
    return max(conversation.last_customer_at or at, min(at, step.now))


def close(step: Step, conversation_id: ConversationId) -> None:
    """The platform says that the time is over: it is, whatever we had counted."""
    conversation = step.desk.conversation(conversation_id)
    if conversation is None or not conversation.open:
        return
    window = step.channel(conversation).capabilities.reply_window
    last = conversation.last_customer_at
    if window is not None and last is not None and step.now - last < window:
        over = Instant(step.now - window)
        step.touch(replace(conversation, last_customer_at=over))
        step.redraw(conversation.id)
