"""What the small desk behind the local workspace shows, and the conversations it shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.commands import registry
from bridge.domain.agent import Agent, Role
from bridge.domain.card import CardAction, CardLine, ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.errors import NotAuthorized, NotFound
from bridge.domain.events import Event
from bridge.domain.ids import Instant, Language, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.message import Receipt
from bridge.domain.template import Template
from bridge.domain.ticket import Ticket
from bridge.ports.commands import ArgumentKind, WorkspaceUser
from bridge.ports.queries import (
    Actions,
    AgentRow,
    Agents,
    Choices,
    Complete,
    ConversationRow,
    Conversations,
    ConversationView,
    History,
    Home,
    LineView,
    ListConversations,
    Option,
    Query,
    QueueCount,
    QueueRow,
    Queues,
    ShowActions,
    ShowAgents,
    ShowConversation,
    ShowEvents,
    ShowHome,
    ShowQueues,
    ShowTickets,
    Tickets,
    View,
)


@dataclass
class Talk:
    """One conversation of the fake."""

    number: int
    customer: str
    queue: str
    state: State = State.WAITING
    agent: str = ""
    priority: Priority = Priority.NORMAL
    since: Instant | None = None
    window: Instant | None = None
    reason: str = ""
    summary: str = ""
    channel: str = "Web chat"
    private: bool = False
    thread: ThreadRef | None = None
    monitor: ThreadRef | None = None
    watched: bool = False
    lines: list[LineView] = field(default_factory=list)
    events: list[tuple[Event, str]] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    receipt: Receipt = Receipt.NONE


class Showing:
    """Everything that is kept, and the views of it."""

    def __init__(self) -> None:
        self.agents: dict[str, Agent] = {}
        self.users: dict[WorkspaceUserId, str] = {}
        self.queues: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.talks: dict[int, Talk] = {}
        self.connected: set[WorkspaceUserId] = set()
        self.templates: tuple[Template, ...] = ()
        self.phones = True
        self.given, self.taken = True, False

    def card(self, talk: Talk) -> ConversationCard:
        main = {State.WAITING: "take", State.ASSIGNED: "return-to-bot"}.get(talk.state, "")
        names: tuple[str, ...] = ("take",) if talk.state is State.WAITING else ()
        if talk.state is State.ASSIGNED:
            names = ("return-to-bot", "transfer", "priority", "ticket", "template")
        return ConversationCard(
            number=talk.number,
            state=talk.state,
            customer=talk.customer,
            channel=talk.channel,
            language=Language("en"),
            queue=self.queues[talk.queue][0],
            agent=self.agents[talk.agent].name if talk.agent else "",
            priority=talk.priority,
            waiting_since=talk.since,
            window_until=talk.window,
            reason=talk.reason,
            summary=talk.summary,
            lines=tuple(
                CardLine(author=line.author, name=line.name, excerpt=line.content.excerpt())
                for line in talk.lines[-3:]
            ),
            tickets=tuple(talk.tickets),
            receipt=talk.receipt,
            actions=tuple(CardAction(command=n, primary=n == main) for n in names),
        )

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        who = self.agents.get(self.users.get(by.id, ""))
        if who is None:
            raise NotAuthorized("not an agent")
        match query:
            case ShowHome():
                return self._home(who)
            case ListConversations():
                return self._list(query, who)
            case ShowQueues():
                return Queues(rows=tuple(self._queue(name) for name in self._queues_of(who)))
            case ShowConversation():
                return self._conversation(query, who)
            case ShowEvents(number=number):
                events = self._known(number).events
                return History(
                    number=number,
                    events=tuple(event for event, _ in events),
                    sentences=tuple(sentence for _, sentence in events),
                )
            case ShowActions(number=number):
                return Actions(rows=self._actions(self._known(number), who))
            case ShowTickets(number=number):
                talk = self._known(number)
                return Tickets(number=number, customer=talk.customer, rows=tuple(talk.tickets))
            case ShowAgents():
                return Agents(rows=tuple(self._agent_row(agent) for agent in self.agents.values()))
            case Complete():
                return self._choices(query)

    def _home(self, who: Agent) -> Home:
        mine = [talk for talk in self.talks.values() if talk.agent == who.handle]
        waits = [t for t in self._sorted(State.WAITING) if t.queue in self._queues_of(who)]
        return Home(
            agent=who,
            language=who.language,
            holding=tuple(self._row(talk) for talk in mine),
            waiting=tuple(self._row(talk) for talk in waits),
            queues=tuple(self._queues_of(who)),
            waits=len(waits),
            counts=tuple(
                QueueCount(name=row.name, title=row.title, waiting=len(row.waiting))
                for row in (self._queue(name) for name in self._queues_of(who))
            ),
            commands=tuple(
                spec.name
                for spec in registry.declared()
                if spec.name != "watch" or who.role is Role.ADMIN
            ),
            given=self.given,
            taken=self.taken,
        )

    def _actions(self, talk: Talk, who: Agent) -> tuple[CardAction, ...]:
        """Whoever holds it may do everything; anybody else may only set its priority."""
        mine = talk.state is not State.ASSIGNED or talk.agent == who.handle
        return tuple(each for each in self.card(talk).actions if mine or each.command == "priority")

    def _queues_of(self, who: Agent) -> list[str]:
        admin = who.role is Role.ADMIN
        return [n for n, (_, members) in self.queues.items() if admin or who.handle in members]

    def _sorted(self, *states: State) -> list[Talk]:
        found = [talk for talk in self.talks.values() if not states or talk.state in states]
        return sorted(found, key=lambda talk: (talk.priority, talk.since or 0))

    def _list(self, query: ListConversations, who: Agent) -> Conversations:
        where = query.filter
        rows = []
        for talk in self._sorted(*where.states):
            own = who.role is Role.ADMIN or talk.agent == who.handle or talk.state is State.WAITING
            fits = (
                own
                and where.queue in (None, talk.queue)
                and where.agent in (None, talk.agent)
                and where.priority in (None, talk.priority)
                and where.text.lower() in f"{talk.customer} {talk.number}".lower()
            )
            if fits:
                rows.append(self._row(talk))
        return Conversations(rows=tuple(rows[: where.limit]))

    def _conversation(self, query: ShowConversation, who: Agent) -> ConversationView:
        talk = self._known(query.number)
        if who.role is not Role.ADMIN and talk.agent != who.handle:
            raise NotAuthorized("not yours")
        return ConversationView(
            card=self.card(talk), row=self._row(talk), lines=tuple(talk.lines[-query.limit :])
        )

    def _known(self, number: int) -> Talk:
        if number not in self.talks:
            raise NotFound(f"no conversation {number}")
        return self.talks[number]

    def _row(self, talk: Talk) -> ConversationRow:
        last = talk.lines[-1] if talk.lines else None
        return ConversationRow(
            number=talk.number,
            public_id=f"{talk.number:032x}",
            state=talk.state,
            customer=talk.customer,
            channel=talk.channel,
            priority=talk.priority,
            queue=talk.queue,
            queue_title=self.queues[talk.queue][0],
            agent=talk.agent,
            agent_name=self.agents[talk.agent].name if talk.agent else "",
            since=talk.since,
            last_line=last.content.excerpt() if last else "",
            last_at=last.at if last else None,
            thread=talk.thread,
            watched=talk.monitor if talk.watched else None,
        )

    def _agent_row(self, agent: Agent) -> AgentRow:
        user = next(user for user, handle in self.users.items() if handle == agent.handle)
        holding = [self._row(t) for t in self.talks.values() if t.agent == agent.handle]
        return AgentRow(
            id=agent.id,
            handle=agent.handle,
            name=agent.name,
            role=agent.role,
            connected=user in self.connected,
            available=agent.available,
            reason=agent.reason,
            capacity=agent.capacity,
            held=len(holding),
            holding=tuple(holding),
            queues=tuple(n for n, (_, members) in self.queues.items() if agent.handle in members),
        )

    def _queue(self, name: str) -> QueueRow:
        title, members = self.queues[name]
        waiting = [self._row(t) for t in self._sorted(State.WAITING) if t.queue == name]
        rows = [self._agent_row(self.agents[handle]) for handle in members]
        return QueueRow(
            name=name,
            title=title,
            waiting=tuple(waiting),
            oldest_since=min((row.since for row in waiting if row.since), default=None),
            connected=tuple(row for row in rows if row.connected),
            disconnected=tuple(row for row in rows if not row.connected),
            rooms=(RoomRef(name),),
        )

    def _choices(self, query: Complete) -> Choices:
        if query.kind is ArgumentKind.TEMPLATE:
            options = [Option(value=t.name, label=t.name, hint=t.language) for t in self.templates]
            return Choices(options=tuple(options), templates=self.templates, phones=self.phones)
        options = list(self._targets(query.kind))
        prefix = query.prefix.lower().removeprefix("@")
        fits = [o for o in options if prefix in f"{o.value} {o.label}".lower()]
        return Choices(options=tuple(fits))

    def _targets(self, kind: ArgumentKind) -> Iterable[Option]:
        if kind in (ArgumentKind.AGENT, ArgumentKind.TARGET):
            for agent in self.agents.values():
                hint = "available" if agent.available else "unavailable"
                yield Option(value=f"@{agent.handle}", label=agent.name, hint=hint)
        if kind in (ArgumentKind.QUEUE, ArgumentKind.TARGET):
            for name, (title, _) in self.queues.items():
                yield Option(value=name, label=title, hint=f"queue {name}")
