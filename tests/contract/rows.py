"""Values to be stored, new at every call; only what a test is about is said."""

from itertools import count

from msgspec.structs import replace

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.binding import Binding, Purpose
from bridge.domain.contact import Contact, Identity
from bridge.domain.content import (
    text_content,
)
from bridge.domain.conversation import Conversation, Hold, HoldKind, State
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.events import Actor, ActorKind, Event, EventKind
from bridge.domain.held import HeldReply
from bridge.domain.ids import (
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
    TicketId,
    WorkspaceId,
)
from bridge.domain.message import Author, Message, MessageLink
from bridge.domain.queue import Queue, Room
from bridge.domain.ticket import Ticket
from bridge.ports.store import Changes, Entity, InboxRow

WEB = ChannelId("web")
LOCAL = WorkspaceId("local")
KEYS: dict[type, tuple[str, ...]] = {
    AgentIdentity: ("workspace", "user"),
    HeldReply: ("message",),
    Membership: ("agent", "queue"),
    Room: ("workspace", "ref"),
}

_ids = count(1_000)


def new_id() -> int:
    """An id that nothing else has."""
    return next(_ids)


def at(moment: int) -> Instant:
    """A moment, spelled short."""
    return Instant(moment)


def put(*entities: Entity) -> Changes:
    """The change that writes these."""
    changes = Changes()
    for entity in entities:
        changes.puts[type(entity), key_of(entity)] = entity
    return changes


def touch(conversation: Conversation) -> Changes:
    """The change that writes what a line changed of it."""
    changes = Changes()
    changes.touches[Conversation, conversation.id] = conversation
    return changes


def remove(*entities: Entity) -> Changes:
    """The change that removes these."""
    changes = Changes()
    for entity in entities:
        changes.removes[type(entity), key_of(entity)] = entity
    return changes


def key_of(entity: Entity) -> object:
    """The primary key."""
    names = KEYS.get(type(entity), ("id",))
    key = tuple(getattr(entity, name) for name in names)
    return key[0] if len(key) == 1 else key


def customer(
    name: str = "Bia", address: str = "", channel: ChannelId = WEB
) -> tuple[Contact, Identity]:
    """A new customer on a channel."""
    contact = Contact(id=ContactId(new_id()), name=name, created_at=at(1))
    identity = Identity(
        id=IdentityId(new_id()),
        contact=contact.id,
        channel=channel,
        address=Address(address or f"visitor-{contact.id}"),
        name=name,
    )
    return contact, identity


def conversation(identity: Identity, **changed: object) -> Conversation:
    """A new conversation of a customer, at the bot unless something else is said."""
    number = new_id()
    made = Conversation(
        id=ConversationId(number),
        number=number,
        public_id=PublicId(f"{number:032x}"),
        identity=identity.id,
        contact=identity.contact,
        channel=identity.channel,
        opened_at=at(10),
    )
    return changed_of(made, changed)


def changed_of(made: Conversation, changed: dict[str, object]) -> Conversation:
    """A conversation with other values; a state is enough to end it."""
    if changed.get("state") is State.ENDED:
        changed = {"ended_at": at(20), **changed}
    return replace(made, **changed)


def agent(handle: str = "") -> Agent:
    """A new agent."""
    number = new_id()
    handle = handle or f"agent{number}"
    return Agent(id=AgentId(number), handle=handle, name=handle.title())


def queue(name: str = "") -> Queue:
    """A new queue."""
    number = new_id()
    return Queue(id=QueueId(number), name=name or f"queue{number}", title="Queue")


def hold(of: Conversation, by: Agent, slot: int | None = 1, ended: int | None = None) -> Hold:
    """A new assignment."""
    return Hold(
        id=HoldId(new_id()),
        conversation=of.id,
        agent=by.id,
        kind=HoldKind.ASSIGNMENT,
        cause="taken",
        started_at=at(10),
        slot=slot,
        capacity_at=5,
        ended_at=None if ended is None else at(ended),
    )


def binding(
    of: Conversation,
    purpose: Purpose = Purpose.WORK,
    room: str = "support",
    closed: int | None = None,
    thread: str | None = None,
) -> Binding:
    """A new thread or card."""
    return Binding(
        id=BindingId(new_id()),
        conversation=of.id,
        workspace=LOCAL,
        room=RoomRef(room),
        purpose=purpose,
        opened_at=at(10),
        thread=None if thread is None else ThreadRef(thread),
        closed_at=None if closed is None else at(closed),
    )


def line(
    of: Conversation, text: str = "hello", author: Author = Author.CUSTOMER, moment: int = 10
) -> Message:
    """A new line."""
    return Message(
        id=MessageId(new_id()),
        conversation=of.id,
        at=at(moment),
        author=author,
        name="Bia",
        content=text_content(text),
    )


def link(of: Message, external_id: str, scope: str = "channel:web", part: int = 0) -> MessageLink:
    """How one side calls a line."""
    return MessageLink(
        message=of.id,
        conversation=of.conversation,
        scope=scope,
        external_id=ExternalId(external_id),
        part=part,
    )


def delivery(
    of: Message, state: DeliveryState = DeliveryState.PENDING, lane: str = "contact:1"
) -> Delivery:
    """A new promise to post a line."""
    return Delivery(
        id=DeliveryId(new_id()),
        lane=lane,
        side=Side.CHANNEL,
        place="web",
        conversation=of.conversation,
        body=PostLine(message=of.id, content=of.content, author=of.author, name=of.name),
        created_at=at(10),
        state=state,
    )


def event(of: Conversation | None = None, kind: EventKind = EventKind.QUEUED) -> Event:
    """A new fact."""
    return Event(
        id=EventId(new_id()),
        at=at(10),
        kind=kind,
        actor=Actor(kind=ActorKind.SYSTEM, name="Deskbridge"),
        conversation=None if of is None else of.id,
    )


def inbox(*digests: str, moment: int = 10) -> InboxRow:
    """Something that came in, unique by these words."""
    return InboxRow(
        id=InboxId(new_id()),
        at=at(moment),
        kind="message_received",
        digests=tuple(digest.encode().ljust(16, b".") for digest in digests),
        body=b"{}",
    )


def ticket(of: Contact, *, closed: bool = False) -> Ticket:
    """A new case."""
    number = new_id()
    return Ticket(
        id=TicketId(number),
        number=number,
        contact=of.id,
        conversation=None,
        type="question",
        status="closed" if closed else "open",
        description="The parcel did not come.",
        opened_by=AgentId(1),
        opened_at=at(10),
        changed_at=at(10),
        closed=closed,
    )
