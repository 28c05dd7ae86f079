"""What commands ask of the desk: questions only, answered from memory."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from bridge.domain.agent import Agent
from bridge.domain.contact import Identity
from bridge.domain.conversation import Conversation
from bridge.domain.ids import (
    Address,
    AgentId,
    ChannelId,
    ContactId,
    ConversationId,
    IdentityId,
    Instant,
    Language,
    MessageId,
    QueueId,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Message
from bridge.domain.queue import Queue
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.capabilities import ChannelCapabilities


class ChannelView(Protocol):
    """One channel: what people call it and what it can do."""

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def labels(self) -> Mapping[Language, str]:
        """What they call it in other languages."""
        ...

    @property
    def capabilities(self) -> ChannelCapabilities:
        """What it can do."""
        ...


class PlacesView(Protocol):
    """Everything that is configured."""

    @property
    def channels(self) -> Mapping[ChannelId, ChannelView]:
        """Every channel by its id."""
        ...


class OptionsView(Protocol):
    """The desk's settings that commands need."""

    @property
    def default_region(self) -> str:
        """The country of a phone number without country code, as ISO 3166."""
        ...

    @property
    def starts_per_minute(self) -> int:
        """How many conversations one agent may begin in a minute; 0: as many as he likes."""
        ...

    @property
    def ticket_types(self) -> tuple[str, ...]:
        """The types a ticket may have; the first is the usual one."""
        ...

    @property
    def ticket_statuses(self) -> tuple[str, ...]:
        """The statuses a ticket may have; the first is what a new one has."""
        ...

    @property
    def closed_statuses(self) -> frozenset[str]:
        """The statuses that mean it is closed."""
        ...


class DeskView(Protocol):
    """The desk, to be read. A conversation, ticket or line that is not resident is brought in
    before (`request.named_number`, `request.named_message` say which); what is not there does
    not exist for a command.
    """

    @property
    def options(self) -> OptionsView:
        """The settings."""
        ...

    @property
    def places(self) -> PlacesView:
        """The channels and workspaces."""
        ...

    @property
    def agents(self) -> Iterable[Agent]:
        """Everybody, active or not."""
        ...

    @property
    def queues(self) -> Iterable[Queue]:
        """Every queue, active or not."""
        ...

    @property
    def messages(self) -> Mapping[MessageId, Message]:
        """The lines brought in for what is being decided."""
        ...

    def agent(self, agent: AgentId) -> Agent | None:
        """One agent."""
        ...

    def agent_by_handle(self, word: str) -> Agent | None:
        """The agent that people call `@word`."""
        ...

    def agent_of(self, workspace: WorkspaceId, user: WorkspaceUserId) -> Agent | None:
        """The active agent behind a workspace user."""
        ...

    def memberships(self, agent: AgentId) -> frozenset[QueueId]:
        """The queues an agent answers."""
        ...

    def load(self, agent: AgentId) -> int:
        """How many of an agent's slots are taken."""
        ...

    def held_by(self, agent: AgentId) -> Iterable[Conversation]:
        """The conversations an agent is in control of, with or without a slot."""
        ...

    def begun_by(self, agent: AgentId, since: int) -> int:
        """How many of the conversations that he holds he began himself since then."""
        ...

    def queue(self, queue: QueueId) -> Queue | None:
        """One queue."""
        ...

    def queue_by_name(self, word: str) -> Queue | None:
        """The queue that people call so, by name or title."""
        ...

    def waiting_in(self, queue: QueueId) -> int:
        """How many conversations wait in a queue, or are offered from it."""
        ...

    def parked_in(self, queue: QueueId) -> int:
        """How many are kept until a queue opens."""
        ...

    def opens_at(self, queue: QueueId, now: Instant) -> Instant | None:
        """When a queue is open next: `now` while it is; None: not within a year."""
        ...

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """One conversation."""
        ...

    def conversation_by_number(self, number: int) -> Conversation | None:
        """The conversation that people call `#number`."""
        ...

    def current(self, identity: IdentityId) -> Conversation | None:
        """The identity's conversation that has not ended."""
        ...

    def identity(self, identity: IdentityId) -> Identity | None:
        """One identity."""
        ...

    def identity_at(self, channel: ChannelId, address: Address) -> Identity | None:
        """The identity known by this address."""
        ...

    def tickets(self, contact: ContactId) -> Iterable[Ticket]:
        """A contact's tickets."""
        ...

    def templates(self) -> Iterable[Template]:
        """All templates."""
        ...
