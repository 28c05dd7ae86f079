"""What boards, pages and the API read on SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec
from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, literal_column, select

from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.events import Event
from bridge.domain.ids import ContactId, ConversationId, IdentityId, MessageId
from bridge.domain.message import Message, MessageLink
from bridge.domain.ticket import Ticket
from bridge.ports.queries import ConversationFilter
from storage import tables
from storage.mapping import conversations, customers, lines, promises
from storage.mapping.row import Cell, Read
from storage.sqlite import listing, sql
from storage.sqlite.readers import Readers

V = TypeVar("V")

_encode = msgspec.json.Encoder().encode
_NO_END = 2**63 - 1


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
        return await self._one(_NUMBERED, (number,), conversations.conversation)

    async def find(self, conversation: ConversationId) -> Conversation | None:
        """One conversation by its internal id, ended or not."""
        return await self._one(_CONVERSATION, (conversation,), conversations.conversation)

    async def lines(
        self, conversation: ConversationId, before: MessageId | None, limit: int
    ) -> Sequence[Message]:
        """Lines, newest last, at most `limit`, older than `before`."""
        end = _NO_END if before is None else before
        return (await self._all(_LINES, (conversation, end, limit), lines.message))[::-1]

    async def last_lines(
        self, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Message]:
        """The last line of each."""
        last = await self._all(_LAST_LINES, (_listed(conversations),), lines.message)
        return {message.conversation: message for message in last}

    async def events(self, conversation: ConversationId, limit: int = 500) -> Sequence[Event]:
        """A conversation's history, oldest first."""
        return await self._all(_EVENTS, (conversation, limit), lines.event)

    async def desk_events(self, after: int, limit: int) -> Sequence[Event]:
        """The whole desk's history from an id on, oldest first."""
        return await self._all(_DESK_EVENTS, (after, limit), lines.event)

    async def bindings(self, conversation: ConversationId) -> Sequence[Binding]:
        """All thread bindings a conversation ever had, oldest first."""
        return await self._all(_BINDINGS, (conversation,), conversations.binding)

    async def contacts(self, ids: Sequence[ContactId]) -> dict[ContactId, Contact]:
        """Contacts by id."""
        found = await self._all(_CONTACTS, (_listed(ids),), customers.contact)
        return {contact.id: contact for contact in found}

    async def identities(self, ids: Sequence[IdentityId]) -> dict[IdentityId, Identity]:
        """Identities by id."""
        found = await self._all(_IDENTITIES, (_listed(ids),), customers.identity)
        return {identity.id: identity for identity in found}

    async def tickets(self, contact: ContactId) -> Sequence[Ticket]:
        """A contact's tickets, newest first."""
        return await self._all(_TICKETS, (contact,), customers.ticket)

    async def links(self, message: MessageId, scope: str) -> Sequence[MessageLink]:
        """A message as one side knows it, by part."""
        return await self._all(_LINKS, (message, scope), lines.message_link)

    async def deliveries(self, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        """Deliveries in these states, newest first."""
        statement = _deliveries([state.value for state in states], limit)
        return await self._all(*sql.rendered(statement), promises.delivery)

    async def _all(
        self, statement: str, values: tuple[Cell, ...], value: Callable[[Read], V]
    ) -> list[V]:
        def run(connection: sqlite3.Connection) -> list[V]:
            return [value(row) for row in connection.execute(statement, values).fetchall()]

        return await self._readers.read(run)

    async def _one(
        self, statement: str, values: tuple[Cell, ...], value: Callable[[Read], V]
    ) -> V | None:
        found = await self._all(statement, values, value)
        return found[0] if found else None


def _listed(ids: Sequence[int]) -> str:
    return _encode(ids).decode()


def _deliveries(states: list[str], limit: int) -> Select[tuple[object, ...]]:
    table = tables.delivery
    listed = ", ".join(f"'{state}'" for state in states)
    # Written out, so that SQLite sees when a partial index is meant; they are our own words.
    chosen: ColumnElement[bool] = literal_column(f"delivery.state IN ({listed})")
    return select(table).where(chosen).order_by(table.c.id.desc()).limit(limit)


_of: BindParameter[int] = bindparam("of")
_ids = select(func.json_each(bindparam("ids")).table_valued("value").c.value)

_conversation, _message, _event = tables.conversation.c, tables.message.c, tables.event.c
_binding, _ticket, _link = tables.binding.c, tables.ticket.c, tables.message_link.c

_NUMBERED = sql.compiled(select(tables.conversation).where(_conversation.number == _of))
_CONVERSATION = sql.compiled(select(tables.conversation).where(_conversation.id == _of))
_LINES = sql.compiled(
    sql.first(
        select(tables.message)
        .where(_message.conversation == _of, _message.id < bindparam("before"))
        .order_by(_message.id.desc())
    )
)
_EVENTS = sql.compiled(
    sql.first(select(tables.event).where(_event.conversation == _of).order_by(_event.id))
)
_DESK_EVENTS = sql.compiled(
    sql.first(select(tables.event).where(_event.id > bindparam("after")).order_by(_event.id))
)
_BINDINGS = sql.compiled(
    select(tables.binding).where(_binding.conversation == _of).order_by(_binding.id)
)
_CONTACTS = sql.compiled(select(tables.contact).where(tables.contact.c.id.in_(_ids)))
_IDENTITIES = sql.compiled(select(tables.identity).where(tables.identity.c.id.in_(_ids)))
_TICKETS = sql.compiled(
    select(tables.ticket).where(_ticket.contact == _of).order_by(_ticket.id.desc())
)
_LINKS = sql.compiled(
    select(tables.message_link)
    .where(_link.message == _of, _link.scope == bindparam("scope"))
    .order_by(_link.part, _link.external_id)
)
_each = func.json_each(bindparam("ids")).table_valued("value")
_newest = (
    select(func.max(_message.id))
    .where(_message.conversation == _each.c.value)
    .correlate(_each)
    .scalar_subquery()
)
_LAST_LINES = sql.compiled(
    select(tables.message).where(_message.id.in_(select(_newest).select_from(_each)))
)
