"""Puts a past into a database: customers, conversations and lines, without living it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.binding import Binding, Purpose
from bridge.domain.contact import Contact, Identity
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation, Hold, HoldKind, State
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side, bot_lane
from bridge.domain.ids import (
    Address,
    AgentId,
    BindingId,
    ChannelId,
    ContactId,
    ConversationId,
    DeliveryId,
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
_START = Instant(1_790_000_000_000)
_WORDS = text_content("Bom dia! Fiz um pedido na semana passada e ate agora nao recebi nada. " * 4)


@dataclass(slots=True)
class Past:
    """Makes what is to be written; every id is larger than the one before."""

    _ids: "count[int]" = field(default_factory=lambda: count(_START << 12))
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def conversation(self, changes: Changes, *, ended: bool = False) -> Conversation:
        """A customer and his conversation, with the bot or over."""
        number = next(self._numbers)
        contact = Contact(id=ContactId(next(self._ids)), name="Maria Silva", created_at=_START)
        identity = Identity(
            id=IdentityId(next(self._ids)),
            contact=contact.id,
            channel=SITE,
            address=Address(f"visitor:{number:022d}"),
            name=contact.name,
            anonymous=True,
        )
        conversation = Conversation(
            id=ConversationId(next(self._ids)),
            number=number,
            public_id=PublicId(f"{number:032x}"),
            identity=identity.id,
            contact=contact.id,
            channel=SITE,
            opened_at=_START,
            state=State.ENDED if ended else State.BOT,
            ended_at=_START if ended else None,
        )
        _put(changes, contact, identity, conversation)
        return conversation

    def queue(self, changes: Changes) -> Queue:
        """A queue."""
        queue = Queue(id=QueueId(next(self._ids)), name="support", title="Support")
        _put(changes, queue)
        return queue

    def agent(self, changes: Changes, slots: int) -> Agent:
        """An agent who can have so many conversations at once."""
        number = next(self._numbers)
        agent = Agent(
            id=AgentId(next(self._ids)),
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
        hold = Hold(
            id=HoldId(next(self._ids)),
            conversation=conversation.id,
            agent=agent.id,
            kind=HoldKind.ASSIGNMENT,
            cause="distributed",
            started_at=_START,
            slot=slot,
            capacity_at=agent.capacity,
        )
        binding = Binding(
            id=BindingId(next(self._ids)),
            conversation=conversation.id,
            workspace=TEAM,
            room=RoomRef("support"),
            purpose=Purpose.WORK,
            opened_at=_START,
            thread=ThreadRef(f"support.{conversation.number:020d}"),
            mirrors=True,
        )
        held = replace(
            conversation,
            state=State.ASSIGNED,
            agent=agent.id,
            queue=queue.id,
            epoch=3,
            since=_START,
            assigned_at=_START,
            last_customer_at=_START,
            reason="asked",
        )
        _put(changes, held, hold, binding)

    def lines(self, changes: Changes, conversations: Iterable[Conversation]) -> None:
        """Everything that the engine writes for one line of each customer."""
        for conversation in conversations:
            self._line(changes, conversation)

    def _line(self, changes: Changes, conversation: Conversation) -> None:
        number = next(self._ids)
        at = Instant(_START + number % 1_000_000)
        name = f"visitor:{conversation.number:022d}/{number:036d}"
        scope = channel_scope(SITE)
        message = Message(
            id=MessageId(next(self._ids)),
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
        changes.deliveries.append(_done(DeliveryId(next(self._ids)), conversation, message))
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
