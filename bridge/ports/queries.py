"""What can be asked to be shown, and the views that answer; nothing here changes anything."""

from typing import TypeAlias

from bridge.domain.agent import Agent, Role
from bridge.domain.card import CardAction, ConversationCard
from bridge.domain.content import Content
from bridge.domain.conversation import Priority, State
from bridge.domain.events import Event
from bridge.domain.ids import AgentId, Instant, Language, MessageId, RoomRef, ThreadRef
from bridge.domain.message import Author, Receipt
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.domain.value import Value
from bridge.ports.commands import ArgumentKind


class ConversationFilter(Value):
    """The filters of `/conversations` and of the board; None leaves a filter out.

    `text` is matched against the customer's name, his address and the number. `mine` narrows to
    what the asker holds.
    """

    states: tuple[State, ...] = ()
    queue: str | None = None
    agent: str | None = None
    priority: Priority | None = None
    channel: str | None = None
    text: str = ""
    since: Instant | None = None
    mine: bool = False
    limit: int = 50
    before: int | None = None


class ListConversations(Value):
    """Conversations, highest priority first: all for an admin, own and waiting for an agent."""

    filter: ConversationFilter = ConversationFilter()


class ShowQueues(Value):
    """The queue board; `queue` narrows to one by name."""

    queue: str | None = None


class ShowConversation(Value):
    """One conversation by number, with its lines (newest last) before `before`."""

    number: int
    before: MessageId | None = None
    limit: int = 50


class ShowEvents(Value):
    """A conversation's history."""

    number: int


class ShowActions(Value):
    """The buttons that the asker may press on a conversation's card, in this thread."""

    number: int
    thread: ThreadRef


class ShowTickets(Value):
    """The cases of a conversation's contact, open ones first."""

    number: int


class ShowHome(Value):
    """What an agent's home shows: himself, what he holds, who waits for him."""


class Complete(Value):
    """Choices for one argument of a command, matching what was typed so far."""

    kind: ArgumentKind
    prefix: str = ""
    number: int | None = None


class ShowAgents(Value):
    """Everybody, for admins."""


Query: TypeAlias = (
    ListConversations
    | ShowQueues
    | ShowConversation
    | ShowEvents
    | ShowActions
    | ShowTickets
    | ShowHome
    | Complete
    | ShowAgents
)


class Promised(Value):
    """A promised time of the queue: when it ends, and whether it was kept (None: still open)."""

    due: Instant
    met: bool | None = None


class ConversationRow(Value):
    """One line of a list of conversations.

    `opens` says, in the reader's language, when the queue opens for which it is kept; empty: no.
    `taking` and `answering` are what its queue promises: that somebody has it, that he answers.
    """

    number: int
    public_id: str
    state: State
    customer: str
    channel: str
    priority: Priority
    queue: str = ""
    queue_title: str = ""
    agent: str = ""
    agent_name: str = ""
    opened_at: Instant = Instant(0)
    since: Instant | None = None
    last_line: str = ""
    last_at: Instant | None = None
    thread: ThreadRef | None = None
    room: RoomRef | None = None
    watched: ThreadRef | None = None
    opens: str = ""
    overdue_since: Instant | None = None
    taking: Promised | None = None
    answering: Promised | None = None


class Conversations(Value):
    """The answer to `ListConversations`; `next` is what `before` must be for the next page."""

    rows: tuple[ConversationRow, ...]
    next: int | None = None


class AgentRow(Value):
    """One agent on a board. He holds `held` conversations; `holding` are those that the asker
    may see.
    """

    id: AgentId
    handle: str
    name: str
    role: Role
    connected: bool
    available: bool
    reason: str
    capacity: int
    held: int = 0
    holding: tuple[ConversationRow, ...] = ()
    queues: tuple[str, ...] = ()
    active: bool = True


class QueueRow(Value):
    """One queue on a board: who is there, who waits.

    `closed` says so, and when it opens, in the reader's language; empty while it is open.
    """

    name: str
    title: str
    waiting: tuple[ConversationRow, ...]
    oldest_since: Instant | None
    connected: tuple[AgentRow, ...]
    disconnected: tuple[AgentRow, ...]
    rooms: tuple[RoomRef, ...] = ()
    closed: str = ""


class Queues(Value):
    """The answer to `ShowQueues`."""

    rows: tuple[QueueRow, ...]


class LineView(Value):
    """One line of a conversation for a reader."""

    id: MessageId
    at: Instant
    author: Author
    name: str
    content: Content
    internal: bool = False
    edited: bool = False
    deleted: bool = False
    receipt: Receipt = Receipt.NONE


class Waits(Value):
    """Why a conversation still waits: its place, and how many agents cannot have it, by reason."""

    place: int
    refusals: dict[str, int]


class ConversationView(Value):
    """The answer to `ShowConversation`. `billed` counts what the platform bills, by category."""

    card: ConversationCard
    row: ConversationRow
    lines: tuple[LineView, ...]
    more: bool = False
    billed: dict[str, int] = {}
    waits: Waits | None = None


class History(Value):
    """The answer to `ShowEvents`, each event as a sentence in the asker's language.

    `remarks` are more of them: why it still waits, and what the platform bills of it.
    """

    number: int
    events: tuple[Event, ...]
    sentences: tuple[str, ...]
    remarks: tuple[str, ...] = ()


class Actions(Value):
    """The answer to `ShowActions`."""

    rows: tuple[CardAction, ...]


class Tickets(Value):
    """The answer to `ShowTickets`."""

    number: int
    customer: str
    rows: tuple[Ticket, ...]


MOST_WAITING = 50
"""How many of those who wait a home shows: every page of every agent reads it."""


class QueueCount(Value):
    """One queue and how many wait in it."""

    name: str
    title: str
    waiting: int


class Home(Value):
    """The answer to `ShowHome`.

    Of those who wait for him, `waits` in number, `waiting` has the most urgent, `MOST_WAITING` at
    most. `counts` are of his queues, for an admin of all. `commands` are those he may type. `given`
    says whether some queue of his gives customers out by itself, `taken` whether some queue lets
    them wait until somebody takes them.
    """

    agent: Agent
    language: Language
    holding: tuple[ConversationRow, ...]
    waiting: tuple[ConversationRow, ...]
    queues: tuple[str, ...]
    waits: int = 0
    counts: tuple[QueueCount, ...] = ()
    commands: tuple[str, ...] = ()
    given: bool = True
    taken: bool = False


class Option(Value):
    """One choice: what is sent and what is shown."""

    value: str
    label: str
    hint: str = ""


class Choices(Value):
    """The answer to `Complete`; templates and tickets carry their whole for a form.

    `phones` says that a template may go to a telephone number that never wrote.
    """

    options: tuple[Option, ...]
    templates: tuple[Template, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    phones: bool = False


class Agents(Value):
    """The answer to `ShowAgents`."""

    rows: tuple[AgentRow, ...]


View: TypeAlias = (
    Conversations
    | Queues
    | ConversationView
    | History
    | Actions
    | Tickets
    | Home
    | Choices
    | Agents
)
