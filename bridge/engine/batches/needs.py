"""What a row has to know that may not be in memory."""

from collections.abc import Sequence

from bridge.commands.request import named_message, named_number
from bridge.domain.contact import Identity
from bridge.domain.delivery import Delivery, OpenThread, PostLine, Side
from bridge.domain.ids import (
    Address,
    BindingId,
    ChannelId,
    ContactId,
    DeliveryId,
    ExternalId,
    IdentityId,
    MessageId,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.message import channel_scope, thread_scope
from bridge.domain.moves import EraseContact, Move, RetryLine, SendAnyway, StartConversation
from bridge.engine.batches.batch import Batch
from bridge.engine.commanding import starts
from bridge.engine.control.bots import BotAnswered, BotSpoke
from bridge.engine.decide import Inbound, MoveAsked
from bridge.engine.lines import inward
from bridge.engine.settle import Settled
from bridge.engine.state.desk import Desk
from bridge.ports.channel import (
    AddressChanged,
    CustomerLeft,
    HumanEchoed,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    ReceiptChanged,
    WishesChanged,
)
from bridge.ports.commands import CommandInvoked
from bridge.ports.store import Needs, Store
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted


class Wishlist:
    """Collects needs, leaving out what memory has."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is needed yet."""
        self._desk = desk
        self.addresses: set[tuple[ChannelId, Address]] = set()
        self.links: set[tuple[str, ExternalId]] = set()
        self.threads: set[tuple[WorkspaceId, ThreadRef]] = set()
        self.numbers: set[int] = set()
        self.messages: set[MessageId] = set()
        self.identities: set[IdentityId] = set()
        self.deliveries: set[DeliveryId] = set()
        self.contacts: set[ContactId] = set()

    def opened(self, delivery: Delivery) -> None:
        """A thread that opened: closed meanwhile, it is not in memory."""
        if delivery.binding is not None and delivery.binding not in self._desk.bindings:
            self.deliveries.add(delivery.id)

    def needs(self) -> Needs:
        """What has to be loaded."""
        return Needs(
            addresses=frozenset(self.addresses),
            links=frozenset(self.links),
            threads=frozenset(self.threads),
            numbers=frozenset(self.numbers),
            messages=frozenset(self.messages),
            identities=frozenset(self.identities),
            deliveries=frozenset(self.deliveries),
            contacts=frozenset(self.contacts),
        )

    def address(self, channel: ChannelId, address: Address) -> None:
        """Who has this address?"""
        if self._desk.identity_at(channel, address) is None:
            self.addresses.add((channel, address))

    def customer(self, event: MessageReceived) -> None:
        """Who writes? If he goes by another name now, the contact is needed too."""
        known = self._desk.identity_at(event.channel, event.address)
        for name in event.also:
            self.address(event.channel, name)
        if known is None:
            self.addresses.add((event.channel, event.address))
        elif event.name != known.name and self._is_renamed(known, event):
            self.identities.add(known.id)

    def _is_renamed(self, known: Identity, event: MessageReceived) -> bool:
        renamed = inward.called(known, event) != known.name
        return renamed and known.contact not in self._desk.contacts

    def link(self, scope: str, external_id: ExternalId) -> None:
        """Which line is this?"""
        if (scope, external_id) not in self._desk.links:
            self.links.add((scope, external_id))

    def receipt(self, event: ReceiptChanged) -> None:
        """Which line of ours is this? Its call's key says so where the answer was lost."""
        self.link(channel_scope(event.channel), event.external_id)
        promised = self._desk.promised.get(event.key)
        if promised is not None and isinstance(promised.body, PostLine):
            self.message(promised.body.message)
        elif event.key[:1] == "d" and event.key[1:].isdecimal():
            self.deliveries.add(DeliveryId(int(event.key[1:])))

    def thread(self, workspace: WorkspaceId, thread: ThreadRef) -> BindingId | None:
        """Which binding is this thread?"""
        binding = self._desk.binding_at(workspace, thread)
        if binding is None:
            self.threads.add((workspace, thread))
            return None
        return binding.id

    def number(self, number: int) -> None:
        """Which conversation has this number?"""
        if self._desk.conversation_by_number(number) is None:
            self.numbers.add(number)

    def identity(self, identity: IdentityId) -> None:
        """Who is this customer?"""
        if self._desk.identity(identity) is None:
            self.identities.add(identity)

    def message(self, message: MessageId) -> None:
        """What does this line say?"""
        if self._desk.line(message) is None:
            self.messages.add(message)


async def load(store: Store, desk: Desk, batch: Batch) -> None:
    """Bring in what memory lacks. A thread must be known before its lines: two rounds."""
    events, endings = batch.events(), batch.endings()
    asked = _needs_of(desk, events, endings)
    if not asked:
        return
    desk.admit(await store.load(asked))
    more = _needs_of(desk, events, endings)
    if more and more != asked:
        desk.admit(await store.load(more))


def _needs_of(desk: Desk, events: Sequence[Inbound], endings: Sequence[Settled]) -> Needs:
    wishes = Wishlist(desk)
    for event in events:
        _wish(wishes, desk, event)
    for ending in endings:
        _wish_ending(wishes, ending)
    return wishes.needs()


def _wish(wishes: Wishlist, desk: Desk, event: Inbound) -> None:
    match event:
        case MessageReceived():
            wishes.customer(event)
            if event.quoted is not None:
                wishes.link(channel_scope(event.channel), event.quoted)
        case ReceiptChanged():
            wishes.receipt(event)
        case HumanEchoed():
            for name in (event.address, *event.also):
                wishes.address(event.channel, name)
        case CustomerLeft() | WishesChanged():
            wishes.address(event.channel, event.address)
        case AddressChanged():
            wishes.address(event.channel, event.address)
            for name in (event.new, *event.also):
                wishes.address(event.channel, name)
        case MessageEdited() | MessageDeleted() | Reacted():
            wishes.link(channel_scope(event.channel), event.external_id)
        case AgentPosted():
            binding = wishes.thread(event.workspace, event.thread)
            if binding is not None and event.quoted is not None:
                wishes.link(thread_scope(binding), event.quoted)
        case AgentEdited() | AgentDeleted() | AgentReacted():
            binding = wishes.thread(event.workspace, event.thread)
            if binding is not None:
                wishes.link(thread_scope(binding), event.external_id)
        case BotAnswered():
            wishes.identity(event.identity)
        case BotSpoke():
            wishes.number(event.number)
            wishes.identity(event.identity)
        case CommandInvoked():
            _wish_command(wishes, desk, event)
        case MoveAsked(move=move):
            _wish_move(wishes, move)
        case _:
            pass


def _wish_move(wishes: Wishlist, move: Move) -> None:
    match move:
        case StartConversation(channel=channel, address=address):
            wishes.address(channel, address)
        case RetryLine(message=message) | SendAnyway(message=message):
            wishes.message(message)
        case EraseContact(contact=contact):
            wishes.contacts.add(contact)
        case _:
            pass


def _wish_ending(wishes: Wishlist, ending: Settled) -> None:
    for address in ending.addresses:
        wishes.address(ChannelId(ending.delivery.place), address)
    body = ending.delivery.body
    if ending.delivery.side is Side.CHANNEL and isinstance(body, PostLine):
        wishes.message(body.message)  # not in memory when the call was promised before a restart
    elif isinstance(body, OpenThread):
        wishes.opened(ending.delivery)


def _wish_command(wishes: Wishlist, desk: Desk, event: CommandInvoked) -> None:
    if event.thread is not None:
        wishes.thread(event.workspace, event.thread)
    number = named_number(event)
    if number is not None:
        wishes.number(number)
    message = named_message(event)
    if message is not None:
        wishes.message(message)
    start = starts(desk, event)
    if start is not None:
        wishes.address(start.channel, start.address)
