"""A line of a conversation as we keep it, and what became of it."""

from enum import IntEnum, StrEnum

from bridge.domain.content import Content
from bridge.domain.ids import (
    AgentId,
    BindingId,
    ChannelId,
    ConversationId,
    ExternalId,
    Instant,
    MessageId,
)
from bridge.domain.value import Value


class Author(StrEnum):
    """Who wrote a line."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class Receipt(IntEnum):
    """What the platform said of a line to the customer; it never goes down, failed is final."""

    NONE = 0
    ACCEPTED = 1
    DELIVERED = 2
    READ = 3
    UNKNOWN = 4
    FAILED = 5


class Message(Value):
    """One line. `internal` lines (notes) never reach the customer."""

    id: MessageId
    conversation: ConversationId
    at: Instant
    author: Author
    name: str
    content: Content
    agent: AgentId | None = None
    internal: bool = False
    edited_at: Instant | None = None
    deleted_at: Instant | None = None
    receipt: Receipt = Receipt.NONE
    receipt_reason: str = ""


class MessageLink(Value):
    """One message as one platform knows it, unique by (scope, external_id).

    `part` counts the pieces of a message that was split.
    """

    message: MessageId
    conversation: ConversationId
    scope: str
    external_id: ExternalId
    part: int = 0


class Billed(Value):
    """One message that the platform bills, under the name that it has there; `category` is its.

    What it costs is the platform's to say: no price is known here.
    """

    channel: ChannelId
    external_id: ExternalId
    conversation: ConversationId
    category: str
    at: Instant


def channel_scope(channel: ChannelId) -> str:
    """Where external ids of a channel are unique."""
    return f"channel:{channel}"


def thread_scope(binding: BindingId) -> str:
    """Where external ids of a thread are unique."""
    return f"thread:{binding}"


def merge_receipt(old: Receipt, new: Receipt) -> Receipt:
    """The receipt to show after `new` arrived: never lower, `failed` only over not delivered.

    An `unknown` is settled by any evidence.
    """
    if old is Receipt.UNKNOWN:
        return new
    if new is Receipt.FAILED:
        return new if old <= Receipt.ACCEPTED else old
    if new is Receipt.UNKNOWN:
        return new if old is Receipt.NONE else old
    if old is Receipt.FAILED:
        return old
    return max(old, new)
