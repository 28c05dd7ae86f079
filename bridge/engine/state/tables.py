"""The desk's tables and their indexes: what is in memory, and what a batch brings and takes."""

from operator import attrgetter

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation, Hold, State
from bridge.domain.delivery import Delivery
from bridge.domain.held import HeldReply
from bridge.domain.ids import (
    Address,
    AgentId,
    BindingId,
    ChannelId,
    ContactId,
    ConversationId,
    DeliveryId,
    ExternalId,
    IdentityId,
    MessageId,
    QueueId,
    RoomRef,
    TemplateId,
    ThreadRef,
    TicketId,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Message, MessageLink
from bridge.domain.queue import Queue, Room
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.engine.state.table import Counts, Groups, Ledger, Named, Table, Undone, Unique
from bridge.ports.store import Changes, DeskRows, Facts


class DeskTables:
    """Everything that is open, by key and by the derived keys that decisions ask for."""

    def __init__(self) -> None:
        """Empty tables under one ledger."""
        self.ledger = Ledger()
        self._people(self.ledger)
        self._customers(self.ledger)
        self._conversations(self.ledger)
        self.last_number = 0
        self.last_ticket = 0
        self.aliases: dict[tuple[ChannelId, Address], IdentityId] = {}
        self.promised: dict[str, Delivery] = {}
        self.messages: Undone[MessageId, Message] = Undone(self.ledger)
        self.links: Undone[tuple[str, ExternalId], MessageLink] = Undone(self.ledger)
        self.kept: dict[MessageId, Message] = {}
        self.in_flight: dict[MessageId, set[DeliveryId]] = {}
        self.flying: Undone[MessageId, Message] = Undone(self.ledger)
        self._guests: list[Facts] = []

    def _people(self, ledger: Ledger) -> None:
        self._handles: Unique[Agent, AgentId, str] = Unique(attrgetter("handle"))
        self.agents: Table[AgentId, Agent] = Table(ledger, attrgetter("id"), self._handles)
        self._users: Groups[AgentIdentity, tuple[WorkspaceId, WorkspaceUserId], AgentId] = Groups(
            attrgetter("agent")
        )
        self.agent_identities: Table[tuple[WorkspaceId, WorkspaceUserId], AgentIdentity] = Table(
            ledger, lambda i: (i.workspace, i.user), self._users
        )
        self._queue_names: Unique[Queue, QueueId, str] = Unique(attrgetter("name"))
        self.queues: Table[QueueId, Queue] = Table(ledger, attrgetter("id"), self._queue_names)
        self._by_agent: Groups[Membership, tuple[AgentId, QueueId], AgentId] = Groups(
            attrgetter("agent")
        )
        self._by_queue: Groups[Membership, tuple[AgentId, QueueId], QueueId] = Groups(
            attrgetter("queue")
        )
        self.members: Table[tuple[AgentId, QueueId], Membership] = Table(
            ledger, lambda m: (m.agent, m.queue), self._by_agent, self._by_queue
        )
        self._rooms_of: Groups[Room, tuple[WorkspaceId, RoomRef], tuple[QueueId | None]] = Groups(
            lambda r: (r.queue,)  # monitor rooms are a group, too
        )
        self.rooms: Table[tuple[WorkspaceId, RoomRef], Room] = Table(
            ledger, lambda r: (r.workspace, r.ref), self._rooms_of
        )
        self.template_table: Table[TemplateId, Template] = Table(ledger, attrgetter("id"))

    def _customers(self, ledger: Ledger) -> None:
        # An identity says all that decisions ask of its contact: only those that a batch makes or
        # renames are here, while it is decided.
        self.contacts: Table[ContactId, Contact] = Table(ledger, attrgetter("id"))
        self._addresses: Named[Identity, IdentityId, ChannelId, Address] = Named(
            attrgetter("channel"), lambda i: i.address if i.merged is None else None
        )
        self.identities: Table[IdentityId, Identity] = Table(
            ledger, attrgetter("id"), self._addresses
        )
        self._tickets_of: Groups[Ticket, TicketId, ContactId] = Groups(attrgetter("contact"))
        self.ticket_table: Table[TicketId, Ticket] = Table(
            ledger, attrgetter("id"), self._tickets_of
        )

    def _conversations(self, ledger: Ledger) -> None:
        self._numbers: Unique[Conversation, ConversationId, int] = Unique(attrgetter("number"))
        self._of_contact: Groups[Conversation, ConversationId, ContactId] = Groups(
            attrgetter("contact")
        )
        self._waiting: Counts[Conversation, ConversationId, QueueId] = Counts(
            lambda c: c.queue if c.state in (State.WAITING, State.OFFERED) else None
        )
        self._parked: Groups[Conversation, ConversationId, QueueId] = Groups(
            lambda c: c.queue if c.state is State.PARKED else None
        )
        self.conversations: Table[ConversationId, Conversation] = Table(
            ledger, attrgetter("id"), self._numbers, self._of_contact, self._waiting, self._parked
        )
        self._agent_holds: Groups[Hold, ConversationId, AgentId] = Groups(
            lambda h: h.agent if h.ended_at is None else None
        )
        # At most one of a conversation's holds is open: the newest is all that is asked for.
        self.holds: Table[ConversationId, Hold] = Table(
            ledger, attrgetter("conversation"), self._agent_holds, row=attrgetter("id")
        )
        self._threads: Named[Binding, BindingId, WorkspaceId, ThreadRef] = Named(
            attrgetter("workspace"), attrgetter("thread")
        )
        self._bindings_of: Groups[Binding, BindingId, ConversationId] = Groups(
            attrgetter("conversation")
        )
        self.bindings: Table[BindingId, Binding] = Table(
            ledger, attrgetter("id"), self._threads, self._bindings_of
        )
        self._held_in: Groups[HeldReply, MessageId, ConversationId] = Groups(
            attrgetter("conversation")
        )
        self.held: Table[MessageId, HeldReply] = Table(ledger, attrgetter("message"), self._held_in)

    # --- what a batch brings and takes ------------------------------------------------------

    def open(self, rows: DeskRows) -> None:
        """Fill the desk at start."""
        self.last_number, self.last_ticket = rows.last_number, rows.last_ticket
        self.agents.admit_all(rows.agents)
        self.agent_identities.admit_all(rows.agent_identities)
        self.queues.admit_all(rows.queues)
        self.members.admit_all(rows.memberships)
        self.rooms.admit_all(rows.rooms)
        self.template_table.admit_all(rows.templates)
        self.identities.admit_all(rows.identities)
        self.conversations.admit_all(rows.conversations)
        self.holds.admit_all(rows.holds)
        self.bindings.admit_all(rows.bindings)
        self.ticket_table.admit_all(rows.tickets)
        self.held.admit_all(rows.held)

    def admit(self, facts: Facts) -> None:
        """Take in what a batch needs to know, unless memory knows better.

        It stays until a batch is on disk, be it the one that it came for or a later one.
        """
        if facts.identities or facts.contacts or facts.conversations:
            self._guests.append(facts)
        for contact in facts.contacts:
            if contact.id not in self.contacts:
                self.contacts.admit(contact)
        for identity in facts.identities:
            if identity.id not in self.identities:
                self.identities.admit(identity)
        for conversation in facts.conversations:
            if conversation.id not in self.conversations:
                self.conversations.admit(conversation)
        for binding in facts.bindings:
            if binding.id not in self.bindings:
                self.bindings.admit(binding)
        for ticket in facts.tickets:
            if ticket.id not in self.ticket_table:
                self.ticket_table.admit(ticket)
        self.aliases.update({(c, a): identity for c, a, identity in facts.aliases})
        self.promised.update({f"d{each.id}": each for each in facts.deliveries})
        self.messages.update({message.id: message for message in facts.messages})
        self.links.update({(link.scope, link.external_id): link for link in facts.links})

    def release(self, changes: Changes) -> None:
        """Forget what no open conversation needs any more, after a batch is on disk."""
        guests, self._guests = self._guests, []
        identities = {identity.id for facts in guests for identity in facts.identities}
        contacts = {contact.id for facts in guests for contact in facts.contacts}
        ended = {conversation.id for facts in guests for conversation in facts.conversations}
        for value in changes.puts.values():
            if isinstance(value, Conversation):
                if not value.open:
                    ended.add(value.id)
            elif isinstance(value, Hold) and self.holds.get(value.conversation) is value:
                if value.ended_at is not None:
                    self.holds.release(value.conversation)
            elif isinstance(value, Binding) and value.closed_at is not None:
                self.bindings.release(value.id)
        for id_ in ended:
            found = self.conversations.get(id_)
            if found is not None and not found.open:
                identities.add(found.identity)
                contacts.add(found.contact)
                self._release_conversation(found)
        for identity_id in identities:
            if self.current(identity_id) is None:
                self.identities.release(identity_id)
        for contact_id in contacts:
            if not any(c.open for c in self._of_contact.get(contact_id)):
                self._release_tickets(contact_id)
        for message_id in [id_ for id_ in self.kept if id_ not in self.held]:
            del self.kept[message_id]
        self.contacts.release_all()
        self.messages.clear()
        self.links.clear()
        self.aliases.clear()
        self.promised.clear()

    def current(self, identity: IdentityId) -> Conversation | None:
        """The identity's conversation that has not ended."""
        known = self.identities.get(identity)
        if known is not None:
            for conversation in self._of_contact.get(known.contact):
                if conversation.identity == identity and conversation.open:
                    return conversation
        return None

    def _release_conversation(self, conversation: Conversation) -> None:
        for binding in self._bindings_of.get(conversation.id):
            self.bindings.release(binding.id)
        self.conversations.release(conversation.id)

    def _release_tickets(self, contact: ContactId) -> None:
        for ticket in self._tickets_of.get(contact):
            self.ticket_table.release(ticket.id)
