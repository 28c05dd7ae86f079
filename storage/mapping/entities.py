"""How each entity is written: its statements, its row, and what must come first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation, Hold
from bridge.domain.held import HeldReply
from bridge.domain.message import Message
from bridge.domain.queue import Queue, Room
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.store import Entity
from storage.mapping import conversations, customers, lines, people
from storage.mapping.row import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of entity is written.

    `key` counts the columns of the primary key, which come first in a row. `is_open` tells the
    rows that a partial unique index counts: those that free a place are written before them.
    """

    table: str
    row: Callable[[Any], Row]  # each kind has its own; the dictionary below pairs them
    key: int = 1
    is_open: Callable[[Any], bool] | None = None


def _message_row(message: Message) -> Row:
    """What may change of a message, then its id."""
    whole = lines.message_row(message)
    return (*whole[4:], whole[0])


def _goes_on(conversation: Conversation) -> bool:
    return conversation.open


def _is_held(hold: Hold) -> bool:
    return hold.ended_at is None


def _is_bound(binding: Binding) -> bool:
    return binding.closed_at is None


KINDS: dict[type[Entity], Kind] = {
    Contact: Kind("contact", customers.contact_row),
    Identity: Kind("identity", customers.identity_row),
    Queue: Kind("queue", people.queue_row),
    Agent: Kind("agent", people.agent_row),
    AgentIdentity: Kind("agent_identity", people.agent_identity_row, key=2),
    Membership: Kind("membership", people.membership_row, key=2),
    Room: Kind("room", people.room_row, key=2),
    Template: Kind("template", people.template_row),
    Conversation: Kind("conversation", conversations.conversation_row, is_open=_goes_on),
    Hold: Kind("hold", conversations.hold_row, is_open=_is_held),
    Binding: Kind("binding", conversations.binding_row, is_open=_is_bound),
    HeldReply: Kind("held_reply", conversations.held_reply_row),
    Ticket: Kind("ticket", customers.ticket_row),
    Message: Kind("message", _message_row),
}
"""In the order in which they are put, so that what a row refers to is there before it."""


@dataclass(frozen=True, slots=True)
class Touch:
    """How what changes often of a kind is written: these columns, then the primary key.

    No index has one of them: the database writes the row anew and leaves the indexes alone.
    """

    columns: tuple[str, ...]
    row: Callable[[Any], Row]  # as in `Kind`


TOUCHES: dict[type[Entity], Touch] = {
    Conversation: Touch(conversations.TOUCHED, conversations.touched_row),
    Identity: Touch(customers.TOUCHED, customers.touched_row),
    Agent: Touch(people.AGENT_TOUCHED, people.touched_agent_row),
    Membership: Touch(people.MEMBERSHIP_TOUCHED, people.touched_membership_row),
}
"""What `Changes.touches` may have."""
