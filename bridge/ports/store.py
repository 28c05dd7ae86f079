"""What the engine asks of the database: one load at start, bulk facts, one commit per batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation, Hold
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.erasure import Erasure
from bridge.domain.events import Event
from bridge.domain.held import HeldReply
from bridge.domain.ids import (
    Address,
    ChannelId,
    ContactId,
    ConversationId,
    DeliveryId,
    ExternalId,
    IdentityId,
    InboxId,
    Instant,
    MessageId,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.message import Billed, Message, MessageLink
from bridge.domain.queue import Queue, Room
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.ports.queries import ConversationFilter

Entity: TypeAlias = (
    Agent
    | AgentIdentity
    | Binding
    | Contact
    | Conversation
    | HeldReply
    | Hold
    | Identity
    | Membership
    | Message
    | Queue
    | Room
    | Template
    | Ticket
)


class InboxRow(Value):
    """Something that came in. `digests` are 16 bytes each, unique for ever.

    `state` is `done`, or `dead` with `error` when deciding it raised; then `body` is what came in,
    and the row is kept. Of all else only its digests are: what it said is in what was decided.

    `line` is the scope and the external id of the line that it brought, when it is done: it is a
    duplicate when a line of that name is stored.
    """

    id: InboxId
    at: Instant
    kind: str
    digests: tuple[bytes, ...]
    line: tuple[str, ExternalId] | None = None
    body: bytes = b""
    state: str = "done"
    error: str = ""

    @property
    def dead(self) -> bool:
        """True when it could not be decided."""
        return self.state == "dead"


class DeliveryMark(Value):
    """A compare-and-set on a delivery: only a row in one of `when` takes `state`."""

    id: DeliveryId
    when: tuple[DeliveryState, ...]
    state: DeliveryState
    at: Instant
    attempts: int = 0
    due_at: Instant | None = None
    error: str = ""


class Merged(Value):
    """Two turned out to be one: the names and the cases of `gone` are those of `into` now."""

    gone: Identity
    into: Identity


class JournalEntry(Value):
    """One entry of an adapter's journal on its way to disk; `seq` is given by the writer."""

    adapter: str
    journal: str
    key: str
    body: bytes
    seq: int = 0


class DocumentWrite(Value):
    """One document of an adapter on its way to disk; `body` None removes it."""

    adapter: str
    collection: str
    key: str
    body: bytes | None


@dataclass(slots=True)
class Changes:
    """Everything one batch writes, in one transaction.

    `puts` and `removes` are entities by table and primary key. A message in `messages` is new;
    one in `puts` exists already. What is in `billed` may be known: it is billed once. What is
    `merged` is so before `addresses`. In `touches` is what is on disk and of which nothing is new
    but what changes often. Of a conversation, by an ordinary line: when who wrote last
    (`replied_at`, `last_customer_at`, `last_our_at`), the bot's part (`bot_due`, `bot_memory`),
    `language` and `warned`. By distribution, of an agent `last_seq` and `idle_since`, of a
    membership `last_seq`, of an identity `last_agent` and `last_agent_at`.
    Of whom an erasure is in `erased`, nobody is found by his addresses any more.
    The arrivals in `arrived` (`bridge.ports.arrivals`) are decided and wait no more; with
    `unless_arrived` all of it is only written if none waits, else `ArrivedBefore` is raised.
    """

    inbox: list[InboxRow] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    links: list[MessageLink] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    marks: list[DeliveryMark] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    billed: list[Billed] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    addresses: list[tuple[ChannelId, Address, IdentityId]] = field(default_factory=list)
    erased: list[Erasure] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    documents: list[DocumentWrite] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    puts: dict[tuple[type, object], Entity] = field(default_factory=dict)
    touches: dict[tuple[type, object], Entity] = field(default_factory=dict)
    removes: dict[tuple[type, object], Entity] = field(default_factory=dict)
    unless_arrived: bool = False

    def empty(self) -> bool:
        """True when there is nothing to write."""
        return not (
            self.inbox
            or self.messages
            or self.links
            or self.deliveries
            or self.marks
            or self.events
            or self.billed
            or self.merged
            or self.addresses
            or self.erased
            or self.journal
            or self.documents
            or self.arrived
            or self.puts
            or self.touches
            or self.removes
        )


class DuplicateInbox(Exception):
    """Some inbox rows were known already; nothing of the batch was written."""

    def __init__(self, rows: frozenset[InboxId]) -> None:
        """Name the rows, so that the batch can be decided again without them."""
        super().__init__(f"{len(rows)} rows were known")
        self.rows = rows


class ArrivedBefore(Exception):
    """Another process took something in before this batch was written: nothing of it was.

    What waits in `Arrivals` is to be decided before it, so that lines that one customer sent to
    two processes keep their order.
    """


class CommitRefused(Exception):
    """A constraint of the database refuses the batch: a fault of ours; nothing was written."""


class Committed(Value):
    """What a commit found out: marks that lost their compare-and-set."""

    lost_marks: frozenset[DeliveryId] = frozenset()


class DeskRows(Value):
    """What the engine keeps in memory, read once at start.

    `erased` are the digests of the addresses of everybody who was erased.
    """

    agents: tuple[Agent, ...]
    agent_identities: tuple[AgentIdentity, ...]
    queues: tuple[Queue, ...]
    memberships: tuple[Membership, ...]
    rooms: tuple[Room, ...]
    templates: tuple[Template, ...]
    identities: tuple[Identity, ...]
    conversations: tuple[Conversation, ...]
    holds: tuple[Hold, ...]
    bindings: tuple[Binding, ...]
    tickets: tuple[Ticket, ...]
    held: tuple[HeldReply, ...]
    last_id: int
    last_number: int
    last_ticket: int
    last_journal: int
    last_seen: Instant
    erased: tuple[bytes, ...] = ()


class Needs(Value):
    """Facts a batch needs that may not be in memory.

    Of `contacts` it is who they are on every channel, and every name of theirs.
    """

    addresses: frozenset[tuple[ChannelId, Address]] = frozenset()
    links: frozenset[tuple[str, ExternalId]] = frozenset()
    threads: frozenset[tuple[WorkspaceId, ThreadRef]] = frozenset()
    numbers: frozenset[int] = frozenset()
    messages: frozenset[MessageId] = frozenset()
    identities: frozenset[IdentityId] = frozenset()
    deliveries: frozenset[DeliveryId] = frozenset()
    contacts: frozenset[ContactId] = frozenset()

    def __bool__(self) -> bool:
        """True when anything is needed."""
        return bool(
            self.addresses
            or self.links
            or self.threads
            or self.numbers
            or self.messages
            or self.identities
            or self.deliveries
            or self.contacts
        )


class Facts(Value):
    """What was found of `Needs`, with what belongs to it (a link brings its message, ...)."""

    identities: tuple[Identity, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    links: tuple[MessageLink, ...] = ()
    messages: tuple[Message, ...] = ()
    bindings: tuple[Binding, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    aliases: tuple[tuple[ChannelId, Address, IdentityId], ...] = ()


class Store(Protocol):
    """The engine's database. One writer; every method raises `StorageUnavailable`."""

    async def open_desk(self) -> DeskRows:
        """Everything that is kept in memory."""
        ...

    async def load(self, needs: Needs) -> Facts:
        """Look up in bulk what a batch needs."""
        ...

    async def commit(self, changes: Changes) -> Committed:
        """Write all of it durably in one transaction, or nothing.

        Raises `DuplicateInbox` when a digest is known, `ArrivedBefore` when something waits and
        nothing may, `StorageUnavailable` when the disk is locked, full or read-only,
        `CommitRefused` when a constraint is violated.
        """
        ...

    async def open_deliveries(self) -> Sequence[Delivery]:
        """Deliveries that are pending or sending, by id; read at start."""
        ...


class Reads(Protocol):
    """Reads for boards, pages and the API; they never wait for the writer."""

    async def conversations(self, where: ConversationFilter) -> Sequence[Conversation]:
        """By priority then waiting time; names in the filter are resolved by the caller."""
        ...

    async def conversation(self, number: int) -> Conversation | None:
        """One conversation, ended or not."""
        ...

    async def find(self, conversation: ConversationId) -> Conversation | None:
        """One conversation by its internal id, ended or not."""
        ...

    async def lines(
        self, conversation: ConversationId, before: MessageId | None, limit: int
    ) -> Sequence[Message]:
        """Lines, newest last, at most `limit`, older than `before`."""
        ...

    async def last_lines(
        self, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Message]:
        """What each customer said last; where none has yet, the last line of somebody else.

        The desk's own remarks are left out.
        """
        ...

    async def events(self, conversation: ConversationId, limit: int = 500) -> Sequence[Event]:
        """A conversation's history, oldest first."""
        ...

    async def knows(self, digest: bytes) -> bool:
        """Whether something of this source was taken."""
        ...

    async def billed(self, conversation: ConversationId) -> dict[str, int]:
        """How many messages of a conversation the platform bills, by its category."""
        ...

    async def desk_events(self, after: int, limit: int) -> Sequence[Event]:
        """The whole desk's history from an id on, oldest first."""
        ...

    async def bindings(self, conversation: ConversationId) -> Sequence[Binding]:
        """All thread bindings a conversation ever had, oldest first."""
        ...

    async def contacts(self, ids: Sequence[ContactId]) -> dict[ContactId, Contact]:
        """Contacts by id."""
        ...

    async def identities(self, ids: Sequence[IdentityId]) -> dict[IdentityId, Identity]:
        """Identities by id."""
        ...

    async def tickets(self, contact: ContactId) -> Sequence[Ticket]:
        """A contact's tickets, newest first."""
        ...

    async def links(self, message: MessageId, scope: str) -> Sequence[MessageLink]:
        """A message as one side knows it, by part."""
        ...

    async def deliveries(self, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        """Deliveries in these states, newest first."""
        ...
