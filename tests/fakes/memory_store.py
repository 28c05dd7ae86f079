"""A store that keeps everything in dicts: the ports' promises without a disk, for unit tests."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.binding import Binding
from bridge.domain.contact import Contact, Identity
from bridge.domain.conversation import Conversation, Hold
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.errors import StorageUnavailable
from bridge.domain.events import Event
from bridge.domain.held import HeldReply
from bridge.domain.ids import ContactId, ConversationId, DeliveryId, IdentityId, Instant, MessageId
from bridge.domain.message import Author, Billed, Message, MessageLink
from bridge.domain.queue import Queue, Room
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.queries import ConversationFilter
from bridge.ports.store import (
    ArrivedBefore,
    Changes,
    CommitRefused,
    Committed,
    DeskRows,
    DuplicateInbox,
    Entity,
    Facts,
    InboxRow,
    Merged,
    Needs,
)
from tests.fakes.arrivals import MemoryArrivals

V = TypeVar("V")


class MemoryStore:
    """`Store` and `Reads` over dicts.

    `broken` makes every commit fail as a full disk does, `breaks_after` all after so many; one
    with a line that says what it `refuses` is refused.
    """

    def __init__(self) -> None:
        """Nothing is stored."""
        self.entities: dict[type, dict[object, Entity]] = defaultdict(dict)
        self.inbox: list[InboxRow] = []
        self.messages: dict[MessageId, Message] = {}
        self.all_links: list[MessageLink] = []
        self.all_deliveries: dict[DeliveryId, Delivery] = {}
        self.history: list[Event] = []
        self.digests: set[bytes] = set()
        self.aliases: dict[tuple[object, object], IdentityId] = {}
        self.arrivals = MemoryArrivals()
        self.broken = False
        self.breaks_after: int | None = None
        self.refuses = ""
        self.commits = self.overtaken = 0
        self.bills: dict[tuple[object, object], Billed] = {}

    # --- Store ------------------------------------------------------------------------------

    async def open_desk(self) -> DeskRows:
        conversations = tuple(c for c in self._all(Conversation) if c.open)
        ids = {c.id for c in conversations}
        return DeskRows(
            agents=self._all(Agent),
            agent_identities=self._all(AgentIdentity),
            queues=self._all(Queue),
            memberships=self._all(Membership),
            rooms=self._all(Room),
            templates=self._all(Template),
            identities=self._all(Identity),
            conversations=conversations,
            holds=tuple(h for h in self._all(Hold) if h.ended_at is None),
            bindings=tuple(
                b for b in self._all(Binding) if b.closed_at is None and b.conversation in ids
            ),
            tickets=self._all(Ticket),
            held=self._all(HeldReply),
            last_id=max((row.id for row in self.inbox), default=0) + 1_000_000,
            last_number=max((c.number for c in self._all(Conversation)), default=0),
            last_ticket=max((t.number for t in self._all(Ticket)), default=0),
            last_journal=0,
            last_seen=max((row.at for row in self.inbox), default=Instant(0)),
        )

    async def load(self, needs: Needs) -> Facts:
        named = {self.aliases[key] for key in needs.addresses if key in self.aliases}
        identities = [
            i
            for i in self._all(Identity)
            if i.id in named | needs.identities or i.contact in needs.contacts
        ]
        links = [k for k in self.all_links if (k.scope, k.external_id) in needs.links]
        messages = {k.message: self.messages[k.message] for k in links}
        messages |= {m: self.messages[m] for m in needs.messages if m in self.messages}
        bindings = [b for b in self._all(Binding) if (b.workspace, b.thread) in needs.threads]
        promised = [self.all_deliveries[d] for d in needs.deliveries if d in self.all_deliveries]
        wanted = {m.conversation for m in messages.values()}
        wanted |= {delivery.conversation for delivery in promised}
        wanted |= {b.conversation for b in bindings}
        conversations = [
            c for c in self._all(Conversation) if c.number in needs.numbers or c.id in wanted
        ]
        identities += [
            i for i in self._all(Identity) if i.id in {c.identity for c in conversations}
        ]
        contacts = {i.contact for i in identities} | {c.contact for c in conversations}
        return Facts(
            identities=tuple(identities),
            contacts=tuple(c for c in self._all(Contact) if c.id in contacts),
            tickets=tuple(t for t in self._all(Ticket) if t.contact in contacts),
            links=tuple(links),
            messages=tuple(messages.values()),
            bindings=tuple(
                b for b in self._all(Binding) if b.conversation in {c.id for c in conversations}
            ),
            conversations=tuple(conversations),
            deliveries=tuple(promised),
            aliases=tuple((*key, id_) for key in needs.addresses if (id_ := self.aliases.get(key))),
        )

    async def commit(self, changes: Changes) -> Committed:
        if self.broken or self.commits == self.breaks_after:
            raise StorageUnavailable("the disk is full")
        known = set()
        seen: set[object] = {*self.digests, *((k.scope, k.external_id) for k in self.all_links)}
        for row in changes.inbox:
            names = {*row.digests, row.line} - {None}
            if seen & names:
                known.add(row.id)
            seen |= names
        if known:
            raise DuplicateInbox(frozenset(known))
        if self.refuses and any(m.content.words() == self.refuses for m in changes.messages):
            raise CommitRefused("such a line is refused")
        if changes.unless_arrived and self.arrivals.there:
            self.overtaken += 1
            raise ArrivedBefore
        self._write(changes)
        return Committed(lost_marks=self._mark(changes))

    async def open_deliveries(self) -> Sequence[Delivery]:
        return [
            d
            for d in self.all_deliveries.values()
            if d.state in (DeliveryState.PENDING, DeliveryState.SENDING)
        ]

    def _write(self, changes: Changes) -> None:
        self.commits += 1
        self.arrivals.decided(changes.arrived)
        for row in changes.inbox:
            self.inbox.append(row)
            self.digests |= set(row.digests)
        self.messages |= {message.id: message for message in changes.messages}
        for (kind, key), value in (changes.puts | changes.touches).items():
            if isinstance(value, Message):
                self.messages[value.id] = value
            else:
                self.entities[kind][key] = value
        for kind, key in changes.removes:
            self.entities[kind].pop(key, None)
        for merged in changes.merged:
            self._merge(merged)
        self.aliases |= {(c, a): identity for c, a, identity in changes.addresses}
        self.all_links += changes.links
        self.all_deliveries |= {delivery.id: delivery for delivery in changes.deliveries}
        self.history += changes.events
        for bill in changes.billed:
            self.bills.setdefault((bill.channel, bill.external_id), bill)

    def _merge(self, merged: Merged) -> None:
        for name, identity in self.aliases.items():
            if identity == merged.gone.id:
                self.aliases[name] = merged.into.id
        tickets = self.entities[Ticket]
        for ticket in self._all(Ticket):
            if ticket.contact == merged.gone.contact:
                tickets[ticket.id] = replace(ticket, contact=merged.into.contact)

    def _mark(self, changes: Changes) -> frozenset[DeliveryId]:
        lost = set()
        for mark in changes.marks:
            delivery = self.all_deliveries.get(mark.id)
            if delivery is None or delivery.state not in mark.when:
                lost.add(mark.id)
            else:
                self.all_deliveries[mark.id] = replace(
                    delivery, state=mark.state, attempts=mark.attempts, error=mark.error
                )
        return frozenset(lost)

    def _all(self, kind: type[V]) -> tuple[V, ...]:
        return tuple(self.entities[kind].values())  # type: ignore[arg-type]  # all are of this kind

    # --- Reads ------------------------------------------------------------------------------

    async def conversations(self, where: ConversationFilter) -> Sequence[Conversation]:
        found = [c for c in self._all(Conversation) if not where.states or c.state in where.states]
        return sorted(found, key=lambda c: (c.priority, c.since or c.opened_at))[: where.limit]

    async def conversation(self, number: int) -> Conversation | None:
        return next((c for c in self._all(Conversation) if c.number == number), None)

    async def find(self, conversation: ConversationId) -> Conversation | None:
        return next((c for c in self._all(Conversation) if c.id == conversation), None)

    async def lines(
        self, conversation: ConversationId, before: MessageId | None, limit: int
    ) -> Sequence[Message]:
        found = [
            m
            for m in self.messages.values()
            if m.conversation == conversation and (before is None or m.id < before)
        ]
        return sorted(found, key=lambda m: m.id)[-limit:]

    async def last_lines(
        self, conversations: Sequence[ConversationId]
    ) -> dict[ConversationId, Message]:
        said = [m for m in self.messages.values() if m.author is not Author.SYSTEM]
        newest = sorted(said, key=lambda m: (m.author is Author.CUSTOMER, m.id))
        return {m.conversation: m for m in newest if m.conversation in conversations}

    async def events(self, conversation: ConversationId, limit: int = 500) -> Sequence[Event]:
        return [e for e in self.history if e.conversation == conversation][:limit]

    async def knows(self, digest: bytes) -> bool:
        return digest in self.digests

    async def billed(self, conversation: ConversationId) -> dict[str, int]:
        found = [b.category for b in self.bills.values() if b.conversation == conversation]
        return dict(sorted(Counter(found).items()))

    async def desk_events(self, after: int, limit: int) -> Sequence[Event]:
        return [e for e in self.history if e.id > after][:limit]

    async def bindings(self, conversation: ConversationId) -> Sequence[Binding]:
        return [b for b in self._all(Binding) if b.conversation == conversation]

    async def contacts(self, ids: Sequence[ContactId]) -> dict[ContactId, Contact]:
        return {c.id: c for c in self._all(Contact) if c.id in ids}

    async def identities(self, ids: Sequence[IdentityId]) -> dict[IdentityId, Identity]:
        return {i.id: i for i in self._all(Identity) if i.id in ids}

    async def tickets(self, contact: ContactId) -> Sequence[Ticket]:
        return sorted((t for t in self._all(Ticket) if t.contact == contact), key=lambda t: -t.id)

    async def links(self, message: MessageId, scope: str) -> Sequence[MessageLink]:
        return [k for k in self.all_links if (k.message, k.scope) == (message, scope)]

    async def deliveries(self, states: Sequence[DeliveryState], limit: int) -> Sequence[Delivery]:
        return [d for d in self.all_deliveries.values() if d.state in states][:limit]
