"""The desk in memory, as decisions ask it."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from bridge.domain.agent import Agent, AgentIdentity, Membership, Role
from bridge.domain.binding import Binding, Purpose
from bridge.domain.contact import Identity
from bridge.domain.conversation import STARTED, Conversation, Hold, HoldKind
from bridge.domain.events import Actor, ActorKind
from bridge.domain.held import HeldReply
from bridge.domain.ids import (
    Address,
    AgentId,
    ChannelId,
    ContactId,
    ConversationId,
    DeliveryId,
    IdentityId,
    Instant,
    MessageId,
    QueueId,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Message
from bridge.domain.queue import Queue, Room
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.engine.state.calendars import Calendars
from bridge.engine.state.downtime import Downtime
from bridge.engine.state.erased import Erased
from bridge.engine.state.options import DeskOptions, Places
from bridge.engine.state.tables import DeskTables
from bridge.ports.commands import UserKind, WorkspaceUser

_OUTSIDERS = {
    UserKind.GUEST: ActorKind.GUEST,
    UserKind.EXTERNAL: ActorKind.EXTERNAL,
    UserKind.BOT: ActorKind.OTHER_BOT,
    UserKind.GONE: ActorKind.EXTERNAL,
}


class Desk(DeskTables):
    """One desk's state. Only the engine changes it; others read."""

    def __init__(self, options: DeskOptions, places: Places) -> None:
        """An empty desk; `open` fills it."""
        super().__init__()
        self.options = options
        self.places = places
        self.downtime = Downtime()
        self.calendars = Calendars()
        self.erased = Erased()
        self.connections: dict[AgentId, set[WorkspaceId]] = {}
        self.ended: Counter[tuple[str, str]] = Counter()
        """How many conversations ended since the start, by cause and queue."""

    # --- people -----------------------------------------------------------------------------

    def agent(self, agent: AgentId) -> Agent | None:
        """One agent."""
        return self.agents.get(agent)

    def agent_by_handle(self, word: str) -> Agent | None:
        """The agent a command calls `@word`; the full name works too when it is unique."""
        handle = word.removeprefix("@").strip().lower()
        found = self._handles.get(handle)
        if found is not None:
            return found
        named = [agent for agent in self.agents if agent.name.lower() == handle and agent.active]
        return named[0] if len(named) == 1 else None

    def agent_of(self, workspace: WorkspaceId, user: WorkspaceUserId) -> Agent | None:
        """The active agent behind a workspace user."""
        identity = self.agent_identities.get((workspace, user))
        agent = None if identity is None else self.agents.get(identity.agent)
        return agent if agent is not None and agent.active else None

    def users_of(self, agent: AgentId) -> tuple[AgentIdentity, ...]:
        """An agent's users in all workspaces."""
        return self._users.get(agent)

    def user_in(self, agent: AgentId, workspace: WorkspaceId) -> WorkspaceUserId | None:
        """An agent's user in one workspace."""
        for identity in self._users.get(agent):
            if identity.workspace == workspace:
                return identity.user
        return None

    def actor_of(self, workspace: WorkspaceId, user: WorkspaceUser) -> Actor:
        """Who this person is to us. Anyone but a member is never an agent."""
        if user.kind is not UserKind.MEMBER:
            return Actor(kind=_OUTSIDERS[user.kind], name=user.name)
        agent = self.agent_of(workspace, user.id)
        if agent is None:
            return Actor(kind=ActorKind.MEMBER, name=user.name)
        return agent_actor(agent, user.role)

    def connected(self, agent: Agent, now: Instant) -> bool:
        """An open page, or any action within the last minutes."""
        if self.connections.get(agent.id):
            return True
        return agent.last_seen is not None and now - agent.last_seen < self.options.connected_for

    def members_of(self, queue: QueueId) -> tuple[Membership, ...]:
        """Who answers a queue."""
        return self._by_queue.get(queue)

    def memberships(self, agent: AgentId) -> frozenset[QueueId]:
        """The queues an agent answers."""
        return frozenset(member.queue for member in self._by_agent.get(agent))

    def memberships_of(self, agent: AgentId) -> tuple[Membership, ...]:
        """The same, with levels."""
        return self._by_agent.get(agent)

    def agent_holds(self, agent: AgentId) -> tuple[Hold, ...]:
        """What an agent holds or is offered, oldest first."""
        return self._agent_holds.get(agent)

    def load(self, agent: AgentId) -> int:
        """How many of an agent's slots are taken."""
        return len([1 for hold in self._agent_holds.get(agent) if hold.slot is not None])

    def holds_nothing(self, agent: AgentId) -> bool:
        """True when an agent has no conversation and is offered none."""
        return self._agent_holds.count(agent) == 0

    def begun_by(self, agent: AgentId, since: int) -> int:
        """How many of the conversations that he holds he began himself since then."""
        holds = self._agent_holds.get(agent)
        return sum(1 for hold in holds if hold.cause == STARTED and hold.started_at > since)

    def free_slot(self, agent: Agent) -> int | None:
        """The lowest free slot, from 1 to the capacity."""
        taken = {hold.slot for hold in self._agent_holds.get(agent.id)}
        for slot in range(1, agent.capacity + 1):
            if slot not in taken:
                return slot
        return None

    # --- queues and rooms -------------------------------------------------------------------

    def queue(self, queue: QueueId) -> Queue | None:
        """One queue."""
        return self.queues.get(queue)

    def queue_by_name(self, word: str) -> Queue | None:
        """The queue a command calls by this word; the title works too."""
        name = word.strip().lower()
        found = self._queue_names.get(name)
        if found is not None:
            return found
        return next((queue for queue in self.queues if queue.title.lower() == name), None)

    def waiting_in(self, queue: QueueId) -> int:
        """How many conversations wait in a queue, or are offered from it."""
        return self._waiting.get(queue)

    def parked_in(self, queue: QueueId) -> int:
        """How many are kept until a queue opens."""
        return self._parked.count(queue)

    def parked(self, queue: QueueId) -> tuple[Conversation, ...]:
        """Those that are kept until a queue opens."""
        return self._parked.get(queue)

    def opens_at(self, queue: QueueId, now: Instant) -> Instant | None:
        """When a queue is open next: `now` while it is; None: not within a year."""
        return self.calendars.opens_at(self.queues[queue], now)

    def available_in(self, queue: QueueId) -> int:
        """How many of a queue's members are available."""
        agents = (self.agents.get(member.agent) for member in self._by_queue.get(queue))
        return sum(1 for a in agents if a is not None and a.active and a.available)

    def default_queue(self) -> Queue | None:
        """Where a hand-over without a queue goes: the setting, else the first active one."""
        named = self._queue_names.get(self.options.default_queue)
        if named is not None and named.active:
            return named
        return next((queue for queue in self.queues if queue.active), None)

    def rooms_of(self, queue: QueueId | None) -> tuple[Room, ...]:
        """The rooms bound to a queue; None asks for the monitor rooms."""
        workspaces = self.places.workspaces
        return tuple(
            [room for room in self._rooms_of.get((queue,)) if room.workspace in workspaces]
        )

    # --- customers --------------------------------------------------------------------------

    def identity_at(self, channel: ChannelId, address: Address) -> Identity | None:
        """The identity known by this address."""
        found = self._addresses.get(channel, address)
        if found is not None:
            return found
        alias = self.aliases.get((channel, address))
        return None if alias is None else self.identities.get(alias)

    def identity(self, identity: IdentityId) -> Identity | None:
        """One identity."""
        return self.identities.get(identity)

    def known_as(self, identity: Identity, address: Address) -> None:
        """From now on, while the batch is decided, this name leads to him."""
        name = (identity.channel, address)
        before = self.aliases.get(name)
        self.aliases[name] = identity.id

        def undo() -> None:
            if before is None:
                self.aliases.pop(name, None)
            else:
                self.aliases[name] = before

        self.ledger.remember(undo)

    def unknown(self, channel: ChannelId, address: Address) -> None:
        """From now on, while the batch is decided, this name leads to nobody."""
        before = self.aliases.pop((channel, address), None)
        if before is not None:
            self.ledger.remember(partial(self.aliases.__setitem__, (channel, address), before))

    def names_of(self, identity: Identity) -> tuple[Address, ...]:
        """His names that memory knows of."""
        others = (a for (c, a), i in self.aliases.items() if i == identity.id)
        return tuple(dict.fromkeys((identity.address, *others)))

    def tickets(self, contact: ContactId) -> tuple[Ticket, ...]:
        """A contact's tickets."""
        return self._tickets_of.get(contact)

    def ticket_by_number(self, number: int) -> Ticket | None:
        """One ticket by its number."""
        return next((ticket for ticket in self.ticket_table if ticket.number == number), None)

    def templates(self) -> tuple[Template, ...]:
        """All templates."""
        return tuple(self.template_table)

    # --- conversations ----------------------------------------------------------------------

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """One conversation."""
        return self.conversations.get(conversation)

    def conversation_by_number(self, number: int) -> Conversation | None:
        """The conversation people call `#number`."""
        return self._numbers.get(number)

    def next_number(self) -> int:
        """The number of a new conversation."""
        self.last_number += 1
        self.ledger.remember(lambda: setattr(self, "last_number", self.last_number - 1))
        return self.last_number

    def next_ticket(self) -> int:
        """The number of a new ticket."""
        self.last_ticket += 1
        self.ledger.remember(lambda: setattr(self, "last_ticket", self.last_ticket - 1))
        return self.last_ticket

    def count_end(self, cause: str, queue: QueueId | None) -> None:
        """One more conversation ended."""
        found = None if queue is None else self.queues.get(queue)
        key = (cause, "" if found is None else found.name)
        self.ended[key] += 1
        self.ledger.remember(lambda: self.ended.subtract((key,)))

    def held_in(self, conversation: ConversationId) -> tuple[HeldReply, ...]:
        """The replies kept back in a conversation."""
        return self._held_in.get(conversation)

    def open_of(self, contact: ContactId) -> tuple[Conversation, ...]:
        """A contact's conversations that are in memory."""
        return self._of_contact.get(contact)

    def hold_on(self, conversation: ConversationId) -> Hold | None:
        """The open hold, offer or assignment."""
        hold = self.holds.get(conversation)
        return hold if hold is not None and hold.ended_at is None else None

    def held_by(self, agent: AgentId) -> Iterator[Conversation]:
        """The conversations an agent is in control of."""
        for hold in self._agent_holds.get(agent):
            if hold.kind is HoldKind.ASSIGNMENT:
                yield self.conversations[hold.conversation]

    def bindings_of(self, conversation: ConversationId) -> tuple[Binding, ...]:
        """The open bindings, oldest first (and closed ones that a batch brought in)."""
        return self._bindings_of.get(conversation)

    def open_bindings(self, conversation: ConversationId) -> tuple[Binding, ...]:
        """The open bindings, oldest first."""
        return tuple([b for b in self._bindings_of.get(conversation) if b.closed_at is None])

    def work_binding(self, conversation: ConversationId) -> Binding | None:
        """The open working thread."""
        for binding in self._bindings_of.get(conversation):
            if binding.purpose is Purpose.WORK and binding.closed_at is None:
                return binding
        return None

    def binding_at(self, workspace: WorkspaceId, thread: ThreadRef) -> Binding | None:
        """The binding of a thread."""
        return self._threads.get(workspace, thread)

    # --- lines ------------------------------------------------------------------------------

    def line(self, message: MessageId) -> Message | None:
        """A line that a batch brought in, or that is on its way to the customer."""
        return self.messages.get(message) or self.flying.get(message)

    def took_off(self, message: Message, delivery: DeliveryId) -> None:
        """A call that carries this line is promised."""
        self._fly(message.id, delivery)
        self.flying[message.id] = message
        self.ledger.remember(partial(self._land, message.id, delivery))

    def landed(self, message: MessageId, delivery: DeliveryId) -> None:
        """That call is over, one way or the other."""
        if delivery not in self.in_flight.get(message, ()):
            return
        self._land(message, delivery)
        if message not in self.in_flight and message in self.flying:
            del self.flying[message]
        self.ledger.remember(partial(self._fly, message, delivery))

    def _fly(self, message: MessageId, delivery: DeliveryId) -> None:
        self.in_flight.setdefault(message, set()).add(delivery)

    def _land(self, message: MessageId, delivery: DeliveryId) -> None:
        self.in_flight[message].discard(delivery)
        if not self.in_flight[message]:
            del self.in_flight[message]


def agent_actor(agent: Agent, role: Role | None = None) -> Actor:
    """An agent as one who acts, in this role instead of his own."""
    kind = ActorKind.ADMIN if (role or agent.role) is Role.ADMIN else ActorKind.AGENT
    return Actor(kind=kind, name=agent.name, agent=agent.id)
