"""The customer: a contact, and that contact on one channel."""

from bridge.domain.ids import Address, ChannelId, ContactId, IdentityId, Instant, Language
from bridge.domain.value import Value


class Contact(Value):
    """A customer, whatever channels he writes on; tickets belong to him."""

    id: ContactId
    name: str
    created_at: Instant


class Identity(Value):
    """A contact on one channel. Conversations, lanes and bot sessions hang on it.

    `address` is the name the channel knows him by now; other addresses are learned over time.
    `anonymous`: his address was made up for him, so nobody looks for him by it.
    """

    id: IdentityId
    contact: ContactId
    channel: ChannelId
    address: Address
    name: str
    language: Language | None = None
    last_agent: int | None = None
    last_agent_at: Instant | None = None
    anonymous: bool = False
