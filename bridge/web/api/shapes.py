"""What the API answers, made from the engine's views."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from bridge.domain.agent import Role
from bridge.domain.content import Content
from bridge.domain.conversation import State
from bridge.domain.events import Event
from bridge.domain.ids import QueueId
from bridge.domain.message import Author
from bridge.domain.queue import NamePolicy, Queue, Strategy, Visibility
from bridge.domain.ticket import Ticket
from bridge.ports import queries
from bridge.web.api.fields import Shape, maybe_moment, moment
from bridge.web.api.queue_rules import QueueRules, rules_of
from bridge.web.tokens import TokenRecord, TokenScope

PriorityWord = Literal["urgent", "high", "normal", "low"]


class PromiseShape(Shape):
    """A time that the queue promises; `met` is null while it may still be kept."""

    due: datetime
    met: bool | None


class ConversationShape(Shape):
    """One conversation in a list.

    `taking` is the promise that somebody has it, `answering` that of a first human answer.
    """

    number: int
    public_id: str
    state: State
    customer: str
    channel: str
    priority: str
    queue: str | None
    agent: str | None
    opened_at: datetime
    waiting_since: datetime | None
    last_line: str
    last_at: datetime | None
    taking: PromiseShape | None
    answering: PromiseShape | None


class ConversationPage(Shape):
    """Some conversations; ask again with `before` = `next` for more."""

    conversations: tuple[ConversationShape, ...]
    next: int | None


class TicketShape(Shape):
    """A case of the contact."""

    number: int
    type: str
    status: str
    description: str
    closed: bool
    opened_at: datetime


class WaitsShape(Shape):
    """Why a conversation still waits."""

    place: int
    refusals: dict[str, int]


class ConversationDetail(Shape):
    """One conversation with its card's facts.

    `billed` counts what the platform says that it bills, by its own categories. While it waits,
    `waits` says at which place, and how many agents cannot have it for which reason.
    """

    conversation: ConversationShape
    language: str
    reason: str
    summary: str
    reply_window_until: datetime | None
    tickets: tuple[TicketShape, ...]
    billed: dict[str, int]
    waits: WaitsShape | None


class FileShape(Shape):
    """A file that came with a message."""

    id: str
    kind: str
    mime: str
    size: int
    name: str


class MessageShape(Shape):
    """One line; `internal` ones never reached the customer."""

    id: str
    at: datetime
    author: Author
    name: str
    text: str
    files: tuple[FileShape, ...]
    choices: tuple[str, ...]
    quoted: str | None
    internal: bool
    edited: bool
    deleted: bool
    receipt: str


class MessagePage(Shape):
    """Lines, newest last; ask again with `before` = `next` for older ones."""

    messages: tuple[MessageShape, ...]
    next: str | None


class EventShape(Shape):
    """One fact of the history."""

    id: str
    at: datetime
    kind: str
    actor: str
    actor_name: str
    cause: str
    data: dict[str, str]
    sentence: str | None


class EventPage(Shape):
    """Facts, oldest first; ask again with `after` = `next` for newer ones."""

    events: tuple[EventShape, ...]
    next: str | None


class AgentShape(Shape):
    """One agent."""

    handle: str
    name: str
    role: Role
    active: bool
    connected: bool
    available: bool
    reason: str
    capacity: int
    holding: tuple[int, ...]
    queues: tuple[str, ...]


class AgentPage(Shape):
    """Some agents; ask again with `after` = `next` for more."""

    agents: tuple[AgentShape, ...]
    next: str | None


class QueueShape(Shape):
    """One queue with who waits and who is there."""

    name: str
    title: str
    active: bool
    strategy: Strategy
    visibility: Visibility
    names: NamePolicy
    waiting: tuple[int, ...]
    oldest_since: datetime | None
    connected: tuple[str, ...]
    disconnected: tuple[str, ...]
    rooms: tuple[str, ...]
    rules: QueueRules


class QueueList(Shape):
    """Every queue."""

    queues: tuple[QueueShape, ...]


class Done(Shape):
    """A change was made; `code` says it to programs, `message` to people."""

    code: str
    message: str
    data: dict[str, str]


class InvitationShape(Shape):
    """A one-time way in for a person."""

    url: str
    expires_at: datetime


class CheckShape(Shape):
    """One thing that was looked at."""

    name: str
    ok: bool
    warning: bool
    detail: str
    fix: str


class CheckList(Shape):
    """Everything that was looked at."""

    checks: tuple[CheckShape, ...]


class TokenShape(Shape):
    """A token, without its text."""

    id: str
    name: str
    scopes: tuple[TokenScope, ...]
    channel: str | None
    bot: str | None
    created_at: datetime


class TokenList(Shape):
    """Every token."""

    tokens: tuple[TokenShape, ...]


class NewToken(Shape):
    """A token's text is shown this once."""

    id: str
    token: str


def conversation_shape(row: queries.ConversationRow) -> ConversationShape:
    """A row of a list."""
    return ConversationShape(
        number=row.number,
        public_id=row.public_id,
        state=row.state,
        customer=row.customer,
        channel=row.channel,
        priority=row.priority.word,
        queue=row.queue or None,
        agent=row.agent or None,
        opened_at=moment(row.opened_at),
        waiting_since=maybe_moment(row.since),
        last_line=row.last_line,
        last_at=maybe_moment(row.last_at),
        taking=_promise(row.taking),
        answering=_promise(row.answering),
    )


def _waits(waits: queries.Waits) -> WaitsShape:
    return WaitsShape(place=waits.place, refusals=waits.refusals)


def _promise(promised: queries.Promised | None) -> PromiseShape | None:
    return None if promised is None else PromiseShape(due=moment(promised.due), met=promised.met)


def conversation_detail(view: queries.ConversationView) -> ConversationDetail:
    """A card."""
    card = view.card
    return ConversationDetail(
        conversation=conversation_shape(view.row),
        language=card.language,
        reason=card.reason,
        summary=card.summary,
        reply_window_until=maybe_moment(card.window_until),
        tickets=tuple(map(ticket_shape, card.tickets)),
        billed=view.billed,
        waits=None if view.waits is None else _waits(view.waits),
    )


def ticket_shape(ticket: Ticket) -> TicketShape:
    """A case."""
    return TicketShape(
        number=ticket.number,
        type=ticket.type,
        status=ticket.status,
        description=ticket.description,
        closed=ticket.closed,
        opened_at=moment(ticket.opened_at),
    )


def message_shape(line: queries.LineView) -> MessageShape:
    """A line."""
    content: Content = line.content
    return MessageShape(
        id=str(line.id),
        at=moment(line.at),
        author=line.author,
        name=line.name,
        text=content.words(),
        files=tuple(
            FileShape(id=f.id, kind=f.kind, mime=f.mime, size=f.size, name=f.name)
            for f in content.files
        ),
        choices=tuple(choice.label for choice in content.choices),
        quoted=content.quote.excerpt if content.quote else None,
        internal=line.internal,
        edited=line.edited,
        deleted=line.deleted,
        receipt=line.receipt.name.lower(),
    )


def event_shape(event: Event, sentence: str | None = None) -> EventShape:
    """A fact."""
    return EventShape(
        id=str(event.id),
        at=moment(event.at),
        kind=event.kind,
        actor=event.actor.kind,
        actor_name=event.actor.name,
        cause=event.cause,
        data=event.data,
        sentence=sentence,
    )


def agent_shape(row: queries.AgentRow) -> AgentShape:
    """An agent."""
    return AgentShape(
        handle=row.handle,
        name=row.name,
        role=row.role,
        active=row.active,
        connected=row.connected,
        available=row.available,
        reason=row.reason,
        capacity=row.capacity,
        holding=tuple(each.number for each in row.holding),
        queues=row.queues,
    )


def queue_shape(
    row: queries.QueueRow, queue: Queue, name_of: Callable[[QueueId], str]
) -> QueueShape:
    """A queue: the board's row and its rules."""
    return QueueShape(
        name=row.name,
        title=row.title,
        active=queue.active,
        strategy=queue.strategy,
        visibility=queue.visibility,
        names=queue.names,
        waiting=tuple(each.number for each in row.waiting),
        oldest_since=maybe_moment(row.oldest_since),
        connected=tuple(each.handle for each in row.connected),
        disconnected=tuple(each.handle for each in row.disconnected),
        rooms=tuple(row.rooms),
        rules=rules_of(queue, name_of),
    )


def token_shape(record: TokenRecord) -> TokenShape:
    """A token, as far as it may be shown."""
    return TokenShape(
        id=record.id,
        name=record.name,
        scopes=tuple(sorted(map(TokenScope, record.scopes))),
        channel=record.channel,
        bot=record.bot,
        created_at=moment(record.created_at),
    )
