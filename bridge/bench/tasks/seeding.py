"""Puts a past into a database: customers, conversations and lines, without living it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from secrets import token_bytes

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.binding import Binding, Purpose
from bridge.domain.contact import Contact, Identity
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation, Hold, HoldKind, State
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side, bot_lane
from bridge.domain.events import SYSTEM, Event, EventKind
from bridge.domain.ids import (
    HOUR,
    Address,
    AgentId,
    BindingId,
    ChannelId,
    ContactId,
    ConversationId,
    DeliveryId,
    EventId,
    ExternalId,
    HoldId,
    IdentityId,
    InboxId,
    Instant,
    MessageId,
    PublicId,
    QueueId,
    RoomRef,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.message import Author, Message, MessageLink, channel_scope
from bridge.domain.queue import Queue
from bridge.ports.store import Changes, InboxRow, JournalEntry

SITE, TEAM = ChannelId("site"), WorkspaceId("team")
START = Instant(1_790_000_000_000)
_VISITOR = "visitor:"
_EVENTS = (
    EventKind.CONTACT_CREATED,
    EventKind.CONVERSATION_CREATED,
    EventKind.QUEUED,
    EventKind.ASSIGNED,
    EventKind.PRIORITY_CHANGED,
    EventKind.ENDED,
)
_DIGESTS = 10
_WORDS = text_content("Bom dia! Fiz um pedido na semana passada e ate agora nao recebi nada. " * 4)


@dataclass(slots=True)
class Past:
    """Makes what is to be written; every id is larger than the one before.

    Customers' addresses begin with `kind`; what is made is as old as `start`.
    """

    kind: str = _VISITOR
    start: Instant = START
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    ids: "count[int]" = field(init=False)

    def __post_init__(self) -> None:
        """Ids grow with time, as a desk's own do."""
        self.ids = count(self.start << 12)

    def conversation(
        self, changes: Changes, *, ended: bool = False, name: str = "Maria Silva"
    ) -> Conversation:
        """A customer and his conversation, with the bot or over."""
        number = next(self.numbers)
        contact = Contact(id=ContactId(next(self.ids)), name=name, created_at=self.start)
        identity = Identity(
            id=IdentityId(next(self.ids)),
            contact=contact.id,
            channel=SITE,
            address=self._address(number),
            name=contact.name,
            anonymous=self.kind == _VISITOR,
        )
        conversation = Conversation(
            id=ConversationId(next(self.ids)),
            number=number,
            public_id=PublicId(f"{number:032x}"),
            identity=identity.id,
            contact=contact.id,
            channel=SITE,
            opened_at=self.start,
            state=State.ENDED if ended else State.BOT,
            ended_at=self.start if ended else None,
        )
        _put(changes, contact, identity, conversation)
        return conversation

    def queue(self, changes: Changes, name: str = "support") -> Queue:
        """A queue."""
        queue = Queue(id=QueueId(next(self.ids)), name=name, title=name.title())
        _put(changes, queue)
        return queue

    def agent(self, changes: Changes, slots: int) -> Agent:
        """An agent who can have so many conversations at once."""
        number = next(self.numbers)
        agent = Agent(
            id=AgentId(next(self.ids)),
            handle=f"ana{number}",
            name=f"Ana {number}",
            capacity=slots,
            available=True,
        )
        _put(changes, agent)
        return agent

    def assign(
        self, changes: Changes, conversation: Conversation, agent: Agent, queue: Queue, slot: int
    ) -> None:
        """The agent has it, in a thread."""
        hold, binding = self._hold(conversation, agent, slot), self._binding(conversation)
        held = replace(
            conversation,
            state=State.ASSIGNED,
            agent=agent.id,
            queue=queue.id,
            epoch=3,
            since=self.start,
            assigned_at=self.start,
            last_customer_at=self.start,
            reason="asked",
        )
        _put(changes, held, hold, binding)

    def over(
        self, changes: Changes, conversation: Conversation, agent: Agent, queue: Queue
    ) -> Conversation:
        """The agent had it, in a thread, and it came to its end: with its events and digests."""
        end = Instant(self.start + HOUR // 2)
        ended = replace(
            conversation,
            state=State.ENDED,
            queue=queue.id,
            epoch=4,
            since=self.start,
            assigned_at=self.start,
            last_customer_at=self.start,
            ended_at=end,
            end_cause="returned",
            reason="asked",
        )
        hold = replace(self._hold(conversation, agent, 1), ended_at=end, end_cause="returned")
        binding = replace(self._binding(conversation), closed_at=end, close_cause="returned")
        _put(changes, ended, hold, binding)
        for kind in _EVENTS:
            changes.events.append(self._event(kind, conversation, agent, queue))
        self.known(changes, _DIGESTS)
        return ended

    def known(self, changes: Changes, number: int) -> None:
        """So many things came in that are no lines: each is known by its digest for ever."""
        for _ in range(number):
            row = InboxId(next(self.ids))
            digests = (token_bytes(16),)
            changes.inbox.append(
                InboxRow(id=row, at=self.start, kind="receipt_changed", digests=digests)
            )

    def lines(self, changes: Changes, conversations: Iterable[Conversation]) -> None:
        """Everything that the engine writes for one line of each customer."""
        for conversation in conversations:
            self._line(changes, conversation)

    def _hold(self, conversation: Conversation, agent: Agent, slot: int) -> Hold:
        return Hold(
            id=HoldId(next(self.ids)),
            conversation=conversation.id,
            agent=agent.id,
            kind=HoldKind.ASSIGNMENT,
            cause="distributed",
            started_at=self.start,
            slot=slot,
            capacity_at=agent.capacity,
        )

    def _binding(self, conversation: Conversation) -> Binding:
        return Binding(
            id=BindingId(next(self.ids)),
            conversation=conversation.id,
            workspace=TEAM,
            room=RoomRef("support"),
            purpose=Purpose.WORK,
            opened_at=self.start,
            thread=ThreadRef(f"support.{conversation.number:020d}"),
            mirrors=True,
        )

    def _event(
        self, kind: EventKind, conversation: Conversation, agent: Agent, queue: Queue
    ) -> Event:
        return Event(
            id=EventId(next(self.ids)),
            at=self.start,
            kind=kind,
            actor=SYSTEM,
            conversation=conversation.id,
            agent=agent.id,
            queue=queue.id,
            cause="asked",
            data={"queue": queue.name, "agent": agent.name},
        )

    def _address(self, number: int) -> Address:
        return Address(f"{self.kind}{number:022d}")

    def _line(self, changes: Changes, conversation: Conversation) -> None:
        number = next(self.ids)
        at = Instant(self.start + number % 1_000_000)
        name = f"{self._address(conversation.number)}/{number:036d}"
        scope = channel_scope(SITE)
        message = Message(
            id=MessageId(next(self.ids)),
            conversation=conversation.id,
            at=at,
            author=Author.CUSTOMER,
            name="Maria Silva",
            content=_WORDS,
        )
        changes.inbox.append(
            InboxRow(
                id=InboxId(number),
                at=at,
                kind="message_received",
                digests=(),
                line=(scope, ExternalId(name)),
            )
        )
        changes.messages.append(message)
        changes.links.append(
            MessageLink(
                message=message.id,
                conversation=conversation.id,
                scope=scope,
                external_id=ExternalId(name),
            )
        )
        changes.deliveries.append(_done(DeliveryId(next(self.ids)), conversation, message))
        changes.journal.append(
            JournalEntry(adapter="channels.site", journal=name[:30], key=name[31:], body=b"{}")
        )


def _done(id: DeliveryId, conversation: Conversation, message: Message) -> Delivery:
    return Delivery(
        id=id,
        lane=bot_lane(conversation.identity),
        side=Side.CHANNEL,
        place=SITE,
        conversation=conversation.id,
        identity=conversation.identity,
        body=PostLine(
            message=message.id, content=message.content, author=message.author, name=message.name
        ),
        state=DeliveryState.SENT,
        created_at=message.at,
    )


Made = Contact | Identity | Conversation | Agent | Queue | Hold | Binding


def _put(changes: Changes, *entities: Made) -> None:
    for entity in entities:
        changes.puts[type(entity), entity.id] = entity
