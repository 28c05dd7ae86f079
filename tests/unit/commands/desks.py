"""A small desk to read from, the same in every test of the commands.

| who  | queues  | is                                   | holds |
| ---- | ------- | ------------------------------------ | ----- |
| ana  | sales   | available, room for 2                | #10   |
| bia  | support | available, full                      | #15   |
| dan  | sales   | unavailable                          |       |
| eva  | –       | available                            |       |
| rita | –       | an admin                             |       |
| gus  | sales   | no longer active                     |       |

#11 waits in sales, #12 in support, #13 is with the bot, #14 (sales) has ended.
"""

from dataclasses import dataclass, field

from msgspec.structs import replace

from bridge.commands.request import Request
from bridge.domain.agent import Agent, Role
from bridge.domain.contact import Identity
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    HOUR,
    Address,
    AgentId,
    ChannelId,
    ContactId,
    ConversationId,
    IdentityId,
    Instant,
    Language,
    MessageId,
    PublicId,
    QueueId,
    RoomRef,
    TemplateId,
    TicketId,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Message
from bridge.domain.queue import Queue
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.capabilities import ChannelCapabilities
from bridge.routing.opening import Calendar

NOW = Instant(1_793_872_800_000)  # 2026-11-05 10:00 UTC
ANA, BIA, DAN, EVA, GUS, RITA = (AgentId(n) for n in (1, 2, 3, 4, 5, 9))
SALES, SUPPORT, CLOSED = (QueueId(n) for n in (1, 2, 3))
WEB, WHATSAPP, TELEGRAM = (ChannelId(name) for name in ("web", "wa", "tg"))
CUSTOMER = ContactId(100)
WORKSPACE = WorkspaceId("local")
LINE = MessageId(501)
WELCOME, HOURS = TemplateId(1), TemplateId(3)


@dataclass(frozen=True)
class Channel:
    label: str
    capabilities: ChannelCapabilities
    labels: dict[Language, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Places:
    channels: dict[ChannelId, Channel]


@dataclass(frozen=True)
class Options:
    default_region: str = "BR"
    starts_per_minute: int = 30
    ticket_types: tuple[str, ...] = ("question", "problem")
    ticket_statuses: tuple[str, ...] = ("open", "in progress", "closed")
    closed_statuses: frozenset[str] = frozenset({"closed"})


@dataclass
class FakeDesk:
    """Answers every question of `DeskView` from plain dictionaries."""

    by_agent: dict[AgentId, Agent]
    by_queue: dict[QueueId, Queue]
    members: dict[AgentId, frozenset[QueueId]]
    by_conversation: dict[ConversationId, Conversation]
    identities: dict[IdentityId, Identity]
    by_ticket: dict[TicketId, Ticket]
    by_template: dict[TemplateId, Template]
    messages: dict[MessageId, Message]
    users: dict[tuple[WorkspaceId, WorkspaceUserId], AgentId]
    places: Places
    options: Options = field(default_factory=Options)

    @property
    def agents(self) -> list[Agent]:
        return list(self.by_agent.values())

    @property
    def queues(self) -> list[Queue]:
        return list(self.by_queue.values())

    def agent(self, agent: AgentId) -> Agent | None:
        return self.by_agent.get(agent)

    def agent_by_handle(self, word: str) -> Agent | None:
        handle = word.removeprefix("@").lower()
        return next((agent for agent in self.agents if agent.handle == handle), None)

    def agent_of(self, workspace: WorkspaceId, user: WorkspaceUserId) -> Agent | None:
        agent = self.users.get((workspace, user))
        return None if agent is None else self.by_agent[agent]

    def memberships(self, agent: AgentId) -> frozenset[QueueId]:
        return self.members.get(agent, frozenset())

    def load(self, agent: AgentId) -> int:
        return len(self.held_by(agent))

    def held_by(self, agent: AgentId) -> list[Conversation]:
        return [each for each in self.by_conversation.values() if each.agent == agent]

    def begun_by(self, agent: AgentId, since: int) -> int:
        held = self.held_by(agent)
        return sum(1 for c in held if c.started_by == agent and c.opened_at > since)

    def queue(self, queue: QueueId) -> Queue | None:
        return self.by_queue.get(queue)

    def queue_by_name(self, word: str) -> Queue | None:
        wanted = word.lower()
        return next((q for q in self.queues if wanted in (q.name, q.title.lower())), None)

    def waiting_in(self, queue: QueueId) -> int:
        return sum(
            each.queue == queue and each.state is State.WAITING
            for each in self.by_conversation.values()
        )

    def parked_in(self, queue: QueueId) -> int:
        return sum(
            each.queue == queue and each.state is State.PARKED
            for each in self.by_conversation.values()
        )

    def opens_at(self, queue: QueueId, now: Instant) -> Instant | None:
        hours = self.by_queue[queue].hours
        return now if hours is None else Calendar(hours).opens_at(now)

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        return self.by_conversation.get(conversation)

    def conversation_by_number(self, number: int) -> Conversation | None:
        return next((c for c in self.by_conversation.values() if c.number == number), None)

    def current(self, identity: IdentityId) -> Conversation | None:
        mine = (c for c in self.by_conversation.values() if c.identity == identity and c.open)
        return next(mine, None)

    def identity(self, identity: IdentityId) -> Identity | None:
        return self.identities.get(identity)

    def identity_at(self, channel: ChannelId, address: Address) -> Identity | None:
        wanted = (channel, address)
        found = (i for i in self.identities.values() if (i.channel, i.address) == wanted)
        return next(found, None)

    def tickets(self, contact: ContactId) -> list[Ticket]:
        return [ticket for ticket in self.by_ticket.values() if ticket.contact == contact]

    def templates(self) -> list[Template]:
        return list(self.by_template.values())

    # --- what a test changes ----------------------------------------------------------------

    def change_agent(self, agent: AgentId, **changes: object) -> None:
        self.by_agent[agent] = replace(self.by_agent[agent], **changes)

    def change_queue(self, queue: QueueId, **changes: object) -> None:
        self.by_queue[queue] = replace(self.by_queue[queue], **changes)

    def change(self, number: int, **changes: object) -> None:
        found = self.conversation_by_number(number)
        assert found is not None
        self.by_conversation[found.id] = replace(found, **changes)


def identified(number: int) -> ConversationId:
    """The id of a conversation of this desk."""
    return ConversationId(number * 10)


def actor(agent: AgentId) -> Actor:
    """One of the agents, as he acts."""
    kind = ActorKind.ADMIN if agent == RITA else ActorKind.AGENT
    return Actor(kind=kind, name={ANA: "Ana", RITA: "Rita"}.get(agent, "?"), agent=agent)


def asked(
    desk: FakeDesk,
    text: str = "",
    *,
    by: AgentId = ANA,
    thread: int | None = None,
    arguments: dict[str, str] | None = None,
    language: str = "en",
    confirmed: bool = False,
    room: str | None = None,
    workspace: WorkspaceId | None = WORKSPACE,
) -> Request:
    """What an agent asks, in a thread (`thread` is its conversation's number) or outside."""
    return Request(
        actor=actor(by),
        now=NOW,
        language=Language(language),
        text=text,
        arguments=arguments or {},
        conversation=None if thread is None else desk.conversation_by_number(thread),
        workspace=workspace,
        room=None if room is None else RoomRef(room),
        confirmed=confirmed,
    )


def make_desk() -> FakeDesk:
    """The desk of the docstring."""
    conversations = [
        _conversation(10, State.ASSIGNED, SALES, ANA),
        _conversation(11, State.WAITING, SALES),
        _conversation(12, State.WAITING, SUPPORT),
        _conversation(13, State.BOT),
        _conversation(14, State.ENDED, SALES),
        _conversation(15, State.ASSIGNED, SUPPORT, BIA),
    ]
    return FakeDesk(
        by_agent={agent.id: agent for agent in _agents()},
        by_queue={queue.id: queue for queue in _queues()},
        members={
            ANA: frozenset({SALES}),
            BIA: frozenset({SUPPORT}),
            DAN: frozenset({SALES}),
            GUS: frozenset({SALES}),
        },
        by_conversation={each.id: each for each in conversations},
        identities={each.identity: _identity(each) for each in conversations},
        by_ticket={ticket.id: ticket for ticket in _tickets()},
        by_template={template.id: template for template in _templates()},
        messages={LINE: _line()},
        users={(WORKSPACE, WorkspaceUserId("U2")): BIA},
        places=Places(channels=_channels()),
    )


def _agents() -> list[Agent]:
    return [
        Agent(id=ANA, handle="ana", name="Ana", available=True, capacity=2),
        Agent(id=BIA, handle="bia", name="Bia", available=True, capacity=1),
        Agent(id=DAN, handle="dan", name="Dan", capacity=2),
        Agent(id=EVA, handle="eva", name="Eva", available=True),
        Agent(id=GUS, handle="gus", name="Gus", active=False),
        Agent(id=RITA, handle="rita", name="Rita", role=Role.ADMIN, capacity=1),
    ]


def _queues() -> list[Queue]:
    return [
        Queue(id=SALES, name="sales", title="Sales"),
        Queue(id=SUPPORT, name="support", title="Suporte Técnico"),
        Queue(id=CLOSED, name="night", title="Night", active=False),
    ]


def _conversation(
    number: int, state: State, queue: QueueId | None = None, agent: AgentId | None = None
) -> Conversation:
    return Conversation(
        id=identified(number),
        number=number,
        public_id=PublicId(f"{number:032x}"),
        identity=IdentityId(number),
        contact=CUSTOMER,
        channel=WEB,
        opened_at=NOW,
        state=state,
        queue=queue,
        agent=agent,
        last_customer_at=Instant(NOW - 2 * HOUR),
        last_our_at=Instant(NOW - HOUR),
    )


def _identity(conversation: Conversation) -> Identity:
    return Identity(
        id=conversation.identity,
        contact=CUSTOMER,
        channel=WEB,
        address=Address(f"visitor{conversation.number}"),
        name="Carla",
    )


def _tickets() -> list[Ticket]:
    return [
        Ticket(
            id=TicketId(number * 10),
            number=number,
            contact=CUSTOMER,
            conversation=None,
            type="problem",
            status="closed" if closed else "open",
            description="the card",
            opened_by=ANA,
            opened_at=NOW,
            changed_at=NOW,
            closed=closed,
        )
        for number, closed in ((7, False), (8, True))
    ]


def _templates() -> list[Template]:
    return [
        Template(id=WELCOME, name="welcome", language="en", body="Hi {{name}}, about {{topic}}."),
        Template(
            id=TemplateId(2), name="welcome", language="pt_BR", body="Oi {{name}}: {{topic}}."
        ),
        Template(id=HOURS, name="2a_hours", language="en", body="We open at 9."),
        Template(id=TemplateId(4), name="promo", language="en", body="!", approved=False),
        Template(id=TemplateId(5), name="receipt", language="en", body="Here.", channel=WHATSAPP),
    ]


def _line() -> Message:
    return Message(
        id=LINE,
        conversation=identified(10),
        at=NOW,
        author=Author.AGENT,
        name="Ana",
        content=text_content("ask @bia"),
        agent=ANA,
        internal=True,
    )


def _channels() -> dict[ChannelId, Channel]:
    return {
        WEB: Channel(
            "Web chat",
            ChannelCapabilities(starts_conversations=True),
            {Language("pt_BR"): "Chat do site"},
        ),
        WHATSAPP: Channel(
            "WhatsApp",
            ChannelCapabilities(starts_conversations=True, phones=True, reply_window=24 * HOUR),
        ),
        TELEGRAM: Channel("Telegram", ChannelCapabilities()),
    }
