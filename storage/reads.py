"""What boards, pages and the API read, on either database."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.events import Event
from bridge.domain.ids import ContactId, ConversationId, IdentityId, MessageId
from bridge.domain.message import Message, MessageLink
from bridge.domain.ticket import Ticket
from bridge.ports.queries import ConversationFilter
from storage.asking import Asking, every, listing, one
from storage.mapping import conversations, customers, lines, promises
from storage.mapping.row import Read

T = TypeVar("T")

_NO_END = 2**63 - 1

# The states that have an index of their own: few deliveries are in them at any time.
_FEW = {
    "deliveries_open": {DeliveryState.PENDING, DeliveryState.SENDING},
    "deliveries_bad": {DeliveryState.UNKNOWN, DeliveryState.DEAD},
}


class Reader(Protocol):
    """Reads what is committed, beside the writer."""

    async def ask(self, asking: Asking[T]) -> T:
        """What was found; all statements see one state. Raises `StorageUnavailable`."""
        ...


class StoredReads:
    """See `bridge.ports.store.Reads`."""

    def __init__(self, reader: Reader) -> None:
        """It reads what is committed, beside the writer."""
        self._reader = reader

    async def conversations(self, where: ConversationFilter) -> Sequence[Conversation]:
        """Open ones before ended ones; by priority, then waiting time (ended: newest first).

        `mine` says nothing here: the caller turns it into `agent`.
        """
        return await self._reader.ask(listing.page(where))

    async def conversation(self, number: int) -> Conversation | None:
        """One conversation, ended or not."""
        asking = one("conversations_by_number", ([number],), conversations.conversation)
        return await self._reader.ask(asking)

    async def find(self, conversation: ConversationId) -> Conversation | None:
        """One conversation by its internal id, ended or not."""
        asking = one("conversations_by_id", ([conversation],), conversations.conversation)
        return await self._reader.ask(asking)

    async def lines(
        self, conversation: ConversationId, before: MessageId | None, limit: int
    ) -> Sequence[Message]:
        """Lines, newest last, at most `limit`, older than `before`."""
        end = _NO_END if before is None else before
        asking = every("lines", (conversation, end, limit), lines.message)
        return (await self._reader.ask(asking))[::-1]

    async def last_lines(
        self, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Message]:
        """What each customer said last; where none has yet, the last line of somebody else."""
        last = await self._reader.ask(every("last_lines", (list(conversations),), lines.message))
        return {message.conversation: message for message in last}

    async def events(self, conversation: ConversationId, limit: int = 500) -> Sequence[Event]:
        """A conversation's history, oldest first."""
        return await self._reader.ask(every("events", (conversation, limit), lines.event))

    async def knows(self, digest: bytes) -> bool:
        """Whether something of this source was taken."""
        return await self._reader.ask(one("taken", (digest,), _there)) is not None

    async def billed(self, conversation: ConversationId) -> dict[str, int]:
        """How many messages of a conversation the platform bills, by its category."""
        return dict(await self._reader.ask(every("billed", (conversation,), _counted)))

    async def desk_events(self, after: int, limit: int) -> Sequence[Event]:
        """The whole desk's history from an id on, oldest first."""
        return await self._reader.ask(every("desk_events", (after, limit), lines.event))

    async def bindings(self, conversation: ConversationId) -> Sequence[Binding]:
        """All thread bindings a conversation ever had, oldest first."""
        asking = every("bindings", (conversation,), conversations.binding)
        return await self._reader.ask(asking)

    async def contacts(self, ids: Sequence[ContactId]) -> dict[ContactId, Contact]:
        """Contacts by id."""
        found = await self._reader.ask(every("contacts_by_id", (list(ids),), customers.contact))
        return {contact.id: contact for contact in found}

    async def identities(self, ids: Sequence[IdentityId]) -> dict[IdentityId, Identity]:
        """Identities by id."""
        found = await self._reader.ask(every("identities_by_id", (list(ids),), customers.identity))
        return {identity.id: identity for identity in found}

    async def tickets(self, contact: ContactId) -> Sequence[Ticket]:
        """A contact's tickets, newest first."""
        return await self._reader.ask(every("tickets", (contact,), customers.ticket))

    async def links(self, message: MessageId, scope: str) -> Sequence[MessageLink]:
        """A message as one side knows it, by part."""
        return await self._reader.ask(every("links", (message, scope), lines.message_link))

    async def deliveries(self, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        """Deliveries in these states, newest first."""
        wanted = set(states)
        name = next((name for name, few in _FEW.items() if wanted <= few), "deliveries")
        words: list[object] = [state.value for state in states]
        return await self._reader.ask(every(name, (words, limit), promises.delivery))


def _there(row: Read) -> bool:
    return bool(row)


def _counted(row: Read) -> tuple[str, int]:
    return row[0], row[1]
