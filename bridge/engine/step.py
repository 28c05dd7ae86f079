"""One decision at hand: the moment, fresh ids, and what it wants written and done."""

from dataclasses import dataclass, field
from functools import partial

from bridge.domain.contact import Identity
from bridge.domain.content import Content
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import (
    Delivery,
    DeliveryState,
    OfferedCommand,
)
from bridge.domain.erasure import Erasure
from bridge.domain.events import Actor, Event, EventKind
from bridge.domain.ids import (
    Address,
    AgentId,
    BindingId,
    ChannelId,
    ConversationId,
    DeliveryId,
    EventId,
    ExternalId,
    Instant,
    MessageId,
    QueueId,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Billed, Message, MessageLink
from bridge.domain.value import Value
from bridge.engine.fresh_ids import FreshIds
from bridge.engine.state.desk import Desk
from bridge.engine.state.options import ChannelPlace
from bridge.ports.queries import Query
from bridge.ports.store import DeliveryMark, Merged


class Question(Value):
    """Something that a person asked in a thread to be shown: it is read and whispered to him."""

    query: Query
    actor: Actor
    workspace: WorkspaceId
    user: WorkspaceUserId
    thread: ThreadRef


@dataclass(slots=True)
class Effects:
    """What has to be done once the batch is on disk."""

    deliveries: list[Delivery] = field(default_factory=list)
    cancelled: set[DeliveryId] = field(default_factory=set)
    redraws: dict[BindingId, None] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    rules_changed: bool = False


class ThreadLine(Value):
    """One line of ours for the working thread; it notifies nobody but who is in `mention`."""

    conversation: ConversationId
    key: str
    data: dict[str, str]
    mention: tuple[AgentId, ...] = ()


class PrivateLine(Value):
    """One line of ours for one agent alone, about a conversation; buttons may go with it."""

    conversation: ConversationId
    key: str
    data: dict[str, str]
    to: AgentId
    offers: tuple[OfferedCommand, ...] = ()


class Step:
    """What a decision is given besides the desk; it collects what follows from it.

    One serves for a batch, for most rows use little of it: each row begins with `begin`. Of the row
    at hand it knows what the router is told (conversations that `moved`, agents that `shifted`,
    `rules_changed`, or that it shall `look_again`), what is said once the threads are where they
    belong (`lines`, `private`, `tell_place`), and in which workspace it was done (`via`).
    """

    def __init__(self, desk: Desk, now: Instant, ids: FreshIds, effects: Effects) -> None:
        """The writer supplies ids and the moment."""
        self.desk = desk
        self.now = now
        self.new_id = ids.next
        self.new_public_id = ids.public
        self.effects = effects
        self._changes = desk.ledger.changes
        self.moved: dict[ConversationId, None] = {}
        self.shifted: dict[AgentId, None] = {}
        self.lines: list[ThreadLine] = []
        self.private: list[PrivateLine] = []
        self.tell_place: dict[ConversationId, None] = {}
        self.via: WorkspaceId | None = None
        self.rules_changed = False
        self.look_again = False

    def begin(self) -> None:
        """The next row: forget what concerned only the last one."""
        self.via = None
        self.rules_changed = self.look_again = False
        if self.moved or self.shifted or self.lines or self.private or self.tell_place:
            self.moved.clear()
            self.shifted.clear()
            self.lines.clear()
            self.private.clear()
            self.tell_place.clear()

    # --- history ----------------------------------------------------------------------------

    def event(
        self,
        kind: EventKind,
        actor: Actor,
        *,
        conversation: ConversationId | None = None,
        agent: AgentId | None = None,
        queue: QueueId | None = None,
        cause: str = "",
        **data: str,
    ) -> None:
        """Add a fact to the history."""
        self._changes.events.append(
            Event(
                id=EventId(self.new_id()),
                at=self.now,
                kind=kind,
                actor=actor,
                conversation=conversation,
                agent=agent,
                queue=queue,
                cause=cause,
                data=data,
            )
        )

    # --- lines ------------------------------------------------------------------------------

    def message(
        self,
        conversation: ConversationId,
        author: Author,
        name: str,
        content: Content,
        *,
        agent: AgentId | None = None,
        internal: bool = False,
    ) -> Message:
        """A new line of a conversation."""
        message = Message(
            id=MessageId(self.new_id()),
            conversation=conversation,
            at=self.now,
            author=author,
            name=name,
            content=content,
            agent=agent,
            internal=internal,
        )
        self._changes.messages.append(message)
        self.desk.messages[message.id] = message
        self.hint("conversations")  # lists show the last line
        return message

    def change_message(self, message: Message) -> None:
        """Write a line that exists already."""
        self._changes.puts[Message, message.id] = message
        self.desk.messages[message.id] = message
        if message.id in self.desk.flying:
            self.desk.flying[message.id] = message

    def link(self, link: MessageLink) -> None:
        """Tie a line to what a platform calls it."""
        self._changes.links.append(link)
        self.desk.links[link.scope, link.external_id] = link

    def bill(
        self, message: Message, channel: ChannelId, external_id: ExternalId, category: str
    ) -> None:
        """The platform bills this line, or a part of it, under this name."""
        self._changes.billed.append(
            Billed(
                channel=channel,
                external_id=external_id,
                conversation=message.conversation,
                category=category,
                at=self.now,
            )
        )

    def say(self, conversation: ConversationId, key: str, *mention: AgentId, **data: str) -> None:
        """Tell the thread, once it is where it belongs; `key` is in the catalogue."""
        self.lines.append(
            ThreadLine(conversation=conversation, key=key, data=data, mention=mention)
        )

    def tell(
        self,
        conversation: ConversationId,
        key: str,
        to: AgentId,
        *offers: OfferedCommand,
        **data: str,
    ) -> None:
        """Tell one agent, once the threads are where they belong; `key` is in the catalogue."""
        self.private.append(
            PrivateLine(conversation=conversation, key=key, data=data, to=to, offers=offers)
        )

    # --- promises ---------------------------------------------------------------------------

    def deliver(self, delivery: Delivery) -> Delivery:
        """Promise a call."""
        self._changes.deliveries.append(delivery)
        return delivery

    def mark(self, mark: DeliveryMark) -> None:
        """Change a promise's state by compare-and-set."""
        self._changes.marks.append(mark)

    def cancel(self, delivery: DeliveryId) -> None:
        """Take a promise back if its call has not begun."""
        self._changes.marks.append(
            DeliveryMark(
                id=delivery,
                when=(DeliveryState.PENDING,),
                state=DeliveryState.CANCELLED,
                at=self.now,
            )
        )
        self.effects.cancelled.add(delivery)

    # --- what others look at ----------------------------------------------------------------

    def redraw(self, conversation: ConversationId) -> None:
        """The cards of this conversation show something old now."""
        for binding in self.desk.bindings_of(conversation):
            if binding.closed_at is None:
                self.effects.redraws[binding.id] = None

    def hint(self, what: str) -> None:
        """Pages that show this (`queues`, `agents`, `conversations`) are out of date."""
        self.effects.hints.add(what)

    # --- the desk ---------------------------------------------------------------------------

    def channel(self, conversation: Conversation) -> ChannelPlace:
        """The conversation's channel."""
        return self.desk.places.channels[conversation.channel]

    def identity(self, conversation: Conversation) -> Identity:
        """The conversation's customer on this channel."""
        return self.desk.identities[conversation.identity]

    def put(self, conversation: Conversation) -> Conversation:
        """Write a conversation whose control, place or priority changed."""
        self.desk.conversations.put(conversation)
        self.moved[conversation.id] = None
        self.hint("conversations")
        return conversation

    def shift(self, agent: AgentId) -> None:
        """An agent's load or availability changed: the router must know."""
        self.shifted[agent] = None
        self.hint("agents")
        self.hint("queues")

    def touch(self, conversation: Conversation) -> Conversation:
        """Write a conversation of which only the times of the last lines changed."""
        return self.desk.conversations.touch(conversation)

    def learn_address(self, identity: Identity, address: Address) -> None:
        """The platform knows the customer by this name; the first one, or one more."""
        if self.desk.aliases.get((identity.channel, address)) != identity.id:
            self._changes.addresses.append((identity.channel, address, identity.id))
            self.desk.known_as(identity, address)

    def erase(self, erasure: Erasure) -> None:
        """Nobody is found by his names any more, and what comes again of them is recognised."""
        self._changes.erased.append(erasure)
        for name in erasure.names:
            self.desk.unknown(*name)
        new = self.desk.erased.add(erasure.digests)
        self.desk.ledger.remember(partial(self.desk.erased.remove, new))
        self.hint("conversations")

    def merge(self, gone: Identity, into: Identity) -> None:
        """Whoever looks for the one finds the other from now on."""
        self._changes.merged.append(Merged(gone=gone, into=into))
