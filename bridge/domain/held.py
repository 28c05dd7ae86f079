"""A reply that is kept back for a moment before it goes to the customer."""

from bridge.domain.ids import ConversationId, Instant, MessageId
from bridge.domain.value import Value


class HeldReply(Value):
    """A line accepted from an agent that crosses at `due_at` unless it is taken back."""

    message: MessageId
    conversation: ConversationId
    due_at: Instant
