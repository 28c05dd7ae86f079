"""The customer: a contact, and that contact on one channel."""

from enum import StrEnum

from bridge.domain.conversation import Conversation
from bridge.domain.ids import Address, ChannelId, ContactId, IdentityId, Instant, Language
from bridge.domain.value import Value


class Contact(Value):
    """A customer, whatever channels he writes on; tickets belong to him."""

    id: ContactId
    name: str
    created_at: Instant


class Refuses(StrEnum):
    """What a customer does not want to be sent: it is a person's wish, and no trouble of ours."""

    NOTHING = "nothing"
    MARKETING = "marketing"
    EVERYTHING = "everything"


class Identity(Value):
    """A contact on one channel. Conversations, lanes and bot sessions hang on it.

    `address` is the name the channel knows him by now; other addresses are learned over time.
    `certain` is the one that never becomes somebody else's, where his platform has such a name: a
    telephone number may. `anonymous`: his address was made up for him, so nobody looks for him by
    it. `heard_at` is when he wrote last in what has ended. `refuses` lasts until he says or does
    otherwise. `merged` is who he turned out to be:
    this one is kept for what was said to him then, and nobody is found here any more.
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
    certain: Address | None = None
    heard_at: Instant | None = None
    merged: IdentityId | None = None
    refuses: Refuses = Refuses.NOTHING


def heard(conversation: Conversation, identity: Identity | None) -> Instant | None:
    """When the customer wrote last, in this conversation or in one that has ended; None: never."""
    before = None if identity is None else identity.heard_at
    moments = (conversation.last_customer_at, before)
    return max((each for each in moments if each is not None), default=None)
