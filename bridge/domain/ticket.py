"""A contact's case."""

from bridge.domain.ids import AgentId, ContactId, ConversationId, Instant, TicketId
from bridge.domain.value import Value


class Ticket(Value):
    """A case of a contact; it is there in his next conversation too.

    `type` and `status` are words of the desk's settings; `closed` is derived from the status.
    """

    id: TicketId
    number: int
    contact: ContactId
    conversation: ConversationId | None
    type: str
    status: str
    description: str
    opened_by: AgentId
    opened_at: Instant
    changed_at: Instant
    closed: bool = False

    @property
    def name(self) -> str:
        """What people call it: `T7`. `#7` is a conversation."""
        return f"T{self.number}"
