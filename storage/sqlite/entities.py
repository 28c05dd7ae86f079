"""How each entity is written: its table, its row, and what must come first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation, Hold, State
from bridge.domain.held import HeldReply
from bridge.domain.message import Message
from bridge.domain.queue import Queue, Room
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.store import Entity
from storage import tables
from storage.mapping import conversations, customers, lines, people
from storage.mapping.row import Row
from storage.sqlite import sql


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of entity is written.

    `key` counts the columns of the primary key, which come first in a row. `is_open` tells the
    rows that a partial unique index counts: those that free a place are written before them.
    """

    row: Callable[[Any], Row]  # each kind has its own; the dictionary below pairs them
    put: str
    remove: str
    key: int
    is_open: Callable[[Any], bool] | None = None


def _kind(
    table: Table,
    row: Callable[[Any], Row],
    is_open: Callable[[Any], bool] | None = None,
) -> Kind:
    return Kind(
        row=row,
        put=sql.upserted(table),
        remove=sql.removed(table),
        key=len(table.primary_key.columns),
        is_open=is_open,
    )


def _message_row(message: Message) -> Row:
    """What may change of a message, then its id."""
    whole = lines.message_row(message)
    return (*whole[4:], whole[0])


KINDS: dict[type[Entity], Kind] = {
    Contact: _kind(tables.contact, customers.contact_row),
    Identity: _kind(tables.identity, customers.identity_row),
    Queue: _kind(tables.queue, people.queue_row),
    Agent: _kind(tables.agent, people.agent_row),
    AgentIdentity: _kind(tables.agent_identity, people.agent_identity_row),
    Membership: _kind(tables.membership, people.membership_row),
    Room: _kind(tables.room, people.room_row),
    Template: _kind(tables.template, people.template_row),
    Conversation: _kind(
        tables.conversation,
        conversations.conversation_row,
        lambda conversation: conversation.state is not State.ENDED,
    ),
    Hold: _kind(tables.hold, conversations.hold_row, lambda hold: hold.ended_at is None),
    Binding: _kind(
        tables.binding, conversations.binding_row, lambda binding: binding.closed_at is None
    ),
    HeldReply: _kind(tables.held_reply, conversations.held_reply_row),
    Ticket: _kind(tables.ticket, customers.ticket_row),
    Message: Kind(
        row=_message_row, put=sql.changed_message(), remove=sql.removed(tables.message), key=1
    ),
}
"""In the order in which they are put, so that what a row refers to is there before it."""
