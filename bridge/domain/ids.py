"""Names for every identifier, so that no two can be mixed up."""

from typing import NewType

# Internal ids: strictly growing 63-bit integers, given by the engine's writer.
AgentId = NewType("AgentId", int)
BindingId = NewType("BindingId", int)
ContactId = NewType("ContactId", int)
ConversationId = NewType("ConversationId", int)
DeliveryId = NewType("DeliveryId", int)
EventId = NewType("EventId", int)
HoldId = NewType("HoldId", int)
IdentityId = NewType("IdentityId", int)
InboxId = NewType("InboxId", int)
MessageId = NewType("MessageId", int)
QueueId = NewType("QueueId", int)
TemplateId = NewType("TemplateId", int)
TicketId = NewType("TicketId", int)

# Public ids: 128 random bits as 32 hexadecimal digits; they may appear in addresses.
PublicId = NewType("PublicId", str)
FileId = NewType("FileId", str)

# Names an operator gives in the settings; immutable.
BotId = NewType("BotId", str)
ChannelId = NewType("ChannelId", str)
WorkspaceId = NewType("WorkspaceId", str)

# Names the platforms give.
Address = NewType("Address", str)
"""A customer's name on one channel (a visitor id, a phone number in E.164, a chat id)."""
ExternalId = NewType("ExternalId", str)
RoomRef = NewType("RoomRef", str)
ThreadRef = NewType("ThreadRef", str)
WorkspaceUserId = NewType("WorkspaceUserId", str)

SourceKey = NewType("SourceKey", str)
"""What makes one thing that came in unique at its source; stored as a keyed digest."""

Instant = NewType("Instant", int)
"""A moment: milliseconds since 1970-01-01 UTC."""

Millis = NewType("Millis", int)
"""A length of time in milliseconds."""

Language = NewType("Language", str)
"""A locale we speak: `en` or `pt_BR`."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def after(moment: Instant, length: int) -> Instant:
    """The moment `length` milliseconds later."""
    return Instant(moment + length)
