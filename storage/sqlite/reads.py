"""What boards, pages and the API read on SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.events import Event
from bridge.domain.ids import ContactId, ConversationId, IdentityId, MessageId
from bridge.domain.message import Message, MessageLink
from bridge.domain.ticket import Ticket
from bridge.ports.queries import ConversationFilter
from storage.mapping import conversations, customers, lines, promises
from storage.mapping.row import Cell, Read
from storage.sqlite import listing
from storage.sqlite.compiled import SQL
from storage.sqlite.readers import Readers

V = TypeVar("V")

_encode = msgspec.json.Encoder().encode
_NO_END = 2**63 - 1

# The states that have an index of their own: few deliveries are in them at any time.
_FEW = {
    "deliveries_open": {DeliveryState.PENDING, DeliveryState.SENDING},
    "deliveries_bad": {DeliveryState.UNKNOWN, DeliveryState.DEAD},
}


class SqliteReads:
    """See `bridge.ports.store.Reads`."""

    def __init__(self, readers: Readers) -> None:
        """It reads what is committed, beside the writer."""
        self._readers = readers

    async def conversations(self, where: ConversationFilter) -> Sequence[Conversation]:
        """Open ones before ended ones; by priority, then waiting time (ended: newest first).

        `mine` says nothing here: the caller turns it into `agent`.
        """
        return await self._readers.read(partial(listing.page, where=where))

    async def conversation(self, number: int) -> Conversation | None:
        """One conversation, ended or not."""
        return await self._one(
            "conversations_by_number", (_listed([number]),), conversations.conversation
        )

    async def find(self, conversation: ConversationId) -> Conversation | None:
        """One conversation by its internal id, ended or not."""
        return await self._one(
            "conversations_by_id", (_listed([conversation]),), conversations.conversation
        )

    async def lines(
        self, conversation: ConversationId, before: MessageId | None, limit: int
    ) -> Sequence[Message]:
        """Lines, newest last, at most `limit`, older than `before`."""
        end = _NO_END if before is None else before
        return (await self._all("lines", (conversation, end, limit), lines.message))[::-1]

    async def last_lines(
        self, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Message]:
        """What each customer said last; where none has yet, the last line of somebody else."""
        last = await self._all("last_lines", (_listed(conversations),), lines.message)
        return {message.conversation: message for message in last}

    async def events(self, conversation: ConversationId, limit: int = 500) -> Sequence[Event]:
        """A conversation's history, oldest first."""
        return await self._all("events", (conversation, limit), lines.event)

    async def billed(self, conversation: ConversationId) -> dict[str, int]:
        """How many messages of a conversation the platform bills, by its category."""
        return dict(await self._all("billed", (conversation,), _counted))

    async def desk_events(self, after: int, limit: int) -> Sequence[Event]:
        """The whole desk's history from an id on, oldest first."""
        return await self._all("desk_events", (after, limit), lines.event)

    async def bindings(self, conversation: ConversationId) -> Sequence[Binding]:
        """All thread bindings a conversation ever had, oldest first."""
        return await self._all("bindings", (conversation,), conversations.binding)

    async def contacts(self, ids: Sequence[ContactId]) -> dict[ContactId, Contact]:
        """Contacts by id."""
        found = await self._all("contacts_by_id", (_listed(ids),), customers.contact)
        return {contact.id: contact for contact in found}

    async def identities(self, ids: Sequence[IdentityId]) -> dict[IdentityId, Identity]:
        """Identities by id."""
        found = await self._all("identities_by_id", (_listed(ids),), customers.identity)
        return {identity.id: identity for identity in found}

    async def tickets(self, contact: ContactId) -> Sequence[Ticket]:
        """A contact's tickets, newest first."""
        return await self._all("tickets", (contact,), customers.ticket)

    async def links(self, message: MessageId, scope: str) -> Sequence[MessageLink]:
        """A message as one side knows it, by part."""
        return await self._all("links", (message, scope), lines.message_link)

    async def deliveries(self, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        """Deliveries in these states, newest first."""
        wanted = set(states)
        name = next((name for name, few in _FEW.items() if wanted <= few), "deliveries")
        return await self._all(name, (_listed(states), limit), promises.delivery)

    async def _all(
        self, name: str, values: tuple[Cell, ...], value: Callable[[Read], V]
    ) -> list[V]:
        def run(connection: sqlite3.Connection) -> list[V]:
            return [value(row) for row in connection.execute(SQL[name], values).fetchall()]

        return await self._readers.read(run)

    async def _one(
        self, name: str, values: tuple[Cell, ...], value: Callable[[Read], V]
    ) -> V | None:
        found = await self._all(name, values, value)
        return found[0] if found else None


def _counted(row: Read) -> tuple[str, int]:
    return row[0], row[1]


def _listed(keys: Sequence[int] | Sequence[str]) -> str:
    return _encode(keys).decode()
