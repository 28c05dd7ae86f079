"""A small desk behind the local workspace: it keeps conversations and answers like the real one."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from itertools import count

from msgspec.structs import replace

from bridge.commands import registry
from bridge.domain.agent import Agent, Role
from bridge.domain.binding import Purpose
from bridge.domain.card import CardAction, CardLine, ConversationCard
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Priority, State
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import NotAuthorized, NotFound, StorageUnavailable
from bridge.domain.events import Actor, ActorKind, Event, EventKind
from bridge.domain.ids import (
    MINUTE,
    AgentId,
    BindingId,
    ContactId,
    ConversationId,
    EventId,
    Instant,
    Language,
    MessageId,
    RoomRef,
    TemplateId,
    ThreadRef,
    TicketId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Receipt
from bridge.domain.queue import MONITOR_ROOM
from bridge.domain.template import Template
from bridge.domain.text import plain
from bridge.domain.ticket import Ticket
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.channel import Accepted
from bridge.ports.clock import Clock
from bridge.ports.commands import Answer, ArgumentKind, CommandInvoked, CommandSpec, WorkspaceUser
from bridge.ports.queries import (
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
    QueueRow,
    Queues,
    ShowAgents,
    ShowConversation,
    ShowEvents,
    ShowHome,
    ShowQueues,
    ShowTickets,
    Tickets,
    View,
)
from bridge.ports.workspace import (
    AgentDeleted,
    AgentEdited,
    AgentPosted,
    BindingKey,
    ConnectionChanged,
    ShowsBoards,
    WorkspaceAdapter,
    WorkspaceEvent,
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


class FakeDesk:
    """`WorkspaceSink` over a handful of conversations, driving one workspace."""

    def __init__(self, workspace: WorkspaceAdapter, clock: Clock) -> None:
        self.workspace = workspace
        self.clock = clock
        self.agents: dict[str, Agent] = {}
        self.users: dict[WorkspaceUserId, str] = {}
        self.queues: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.talks: dict[int, Talk] = {}
        self.events: list[WorkspaceEvent] = []
        self.invoked: list[CommandInvoked] = []
        self.connected: set[WorkspaceUserId] = set()
        self.sources: dict[str, Accepted] = {}
        self.templates: tuple[Template, ...] = ()
        self.typed: list[tuple[ThreadRef, str]] = []
        self.down = False
        self._ids = count(1)

    def specs(self) -> tuple[CommandSpec, ...]:
        return registry.declared()

    # --- people and conversations -----------------------------------------------------------

    def agent(
        self,
        handle: str,
        name: str,
        user: WorkspaceUserId,
        *,
        role: Role = Role.AGENT,
        available: bool = True,
        language: str = "en",
    ) -> Agent:
        agent = Agent(
            id=AgentId(next(self._ids)),
            handle=handle,
            name=name,
            role=role,
            available=available,
            language=Language(language),
        )
        self.agents[handle] = agent
        self.users[user] = handle
        return agent

    def queue(self, name: str, title: str, *handles: str) -> None:
        self.queues[name] = (title, handles)

    async def waiting(self, customer: str, queue: str, *lines: str, **facts: object) -> Talk:
        """A conversation that waits in a queue, with its card in the queue's room."""
        number = 1040 + len(self.talks)
        talk = Talk(number=number, customer=customer, queue=queue, since=self.clock.now())
        for name, value in facts.items():
            setattr(talk, name, value)
        self.talks[number] = talk
        for line in lines:
            author = Author.BOT if line.startswith("bot: ") else Author.CUSTOMER
            self._line(talk, author, customer, text_content(line.removeprefix("bot: ")))
        self._event(talk, EventKind.QUEUED, f"Waiting in {self.queues[queue][0]}")
        talk.thread = await self._open(talk, Purpose.WAITING, RoomRef(queue))
        talk.monitor = await self._open(talk, Purpose.MONITOR, MONITOR_ROOM)
        await self.changed("conversations", "queues")
        return talk

    async def customer_says(self, talk: Talk, text: str, content: Content | None = None) -> None:
        said = content or text_content(text)
        line = self._line(talk, Author.CUSTOMER, talk.customer, said)
        if talk.state is State.ASSIGNED:
            await self.post(talk, line)
        await self.redraw(talk)

    async def post(self, talk: Talk, line: LineView, key: str = "") -> str:
        assert talk.thread is not None
        call = OutboundCall(
            key=key or f"line-{line.id}",
            kind=CallKind.POST,
            content=line.content,
            author=line.author,
            name=line.name,
        )
        return await self.workspace.post(talk.thread, call) or ""

    async def redraw(self, talk: Talk) -> None:
        for ref in (talk.thread, talk.monitor):
            if ref is not None:
                await self.workspace.redraw(ref, self.card(talk))
        await self.changed("conversations", "queues")

    async def changed(self, *what: str) -> None:
        assert isinstance(self.workspace, ShowsBoards)
        await self.workspace.desk_changed(frozenset(what))

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

    async def _open(self, talk: Talk, purpose: Purpose, room: RoomRef) -> ThreadRef:
        key = BindingKey(id=BindingId(next(self._ids)), number=talk.number, purpose=purpose)
        members: tuple[WorkspaceUserId, ...] = ()
        if talk.private and purpose is Purpose.WORK:
            members = tuple(user for user, handle in self.users.items() if handle == talk.agent)
        return await self.workspace.open_thread(key, room, self.card(talk), members)

    def _line(self, talk: Talk, author: Author, name: str, content: Content) -> LineView:
        line = LineView(
            id=MessageId(next(self._ids)),
            at=self.clock.now(),
            author=author,
            name="Deskbridge bot" if author is Author.BOT else name,
            content=content,
        )
        talk.lines.append(line)
        return line

    def _event(self, talk: Talk, kind: EventKind, sentence: str, who: str = "") -> None:
        actor = Actor(kind=ActorKind.AGENT if who else ActorKind.SYSTEM, name=who)
        event = Event(id=EventId(next(self._ids)), at=self.clock.now(), kind=kind, actor=actor)
        talk.events.append((event, sentence))

    # --- what comes in ----------------------------------------------------------------------

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        if self.down:
            raise StorageUnavailable("the disk is full")
        source = event.source[0]
        if source in self.sources:
            return replace(self.sources[source], duplicate=True)
        self.events.append(event)
        accepted = await self._accept(event)
        self.sources[source] = accepted
        return accepted

    async def _accept(self, event: WorkspaceEvent) -> Accepted:
        match event:
            case AgentPosted():
                return await self._agent_posted(event)
            case ConnectionChanged(connected=True):
                self.connected.add(event.user.id)
            case ConnectionChanged():
                self.connected.discard(event.user.id)
            case AgentEdited() | AgentDeleted() | _:
                pass
        await self.changed("agents")
        return Accepted()

    async def _agent_posted(self, event: AgentPosted) -> Accepted:
        talk = next(t for t in self.talks.values() if t.thread == event.thread)
        who = self.users.get(event.user.id, "")
        words = event.content.words().lower()
        line = self._line(talk, Author.AGENT, event.user.name, event.content)
        accepted = Accepted(message=line.id)
        if words.startswith(("//", "note:", "nota:")):
            talk.lines[-1] = replace(line, internal=True)
            await self.workspace.mark(event.thread, event.external_id, Mark.NOTE, False)
        elif talk.agent != who or event.mentions or words.startswith(("/", "!")):
            await self._keep(event, line)
        else:
            talk.receipt = Receipt.DELIVERED
            await self.redraw(talk)
        return accepted

    async def _keep(self, event: AgentPosted, line: LineView) -> None:
        await self.workspace.mark(event.thread, event.external_id, Mark.NOT_CROSSED, False)
        anyway = OfferedCommand(
            command="send-anyway", label="Send anyway", arguments={"message": str(line.id)}
        )
        text = plain("This did not go to the customer.")
        offers = (anyway,) if event.mentions else ()
        await self.workspace.whisper(event.user.id, event.thread, text, offers, f"kept-{line.id}")

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        self.typed.append((thread, by.name))

    async def invoke(self, command: CommandInvoked) -> Answer:
        if self.down:
            raise StorageUnavailable("the disk is full")
        self.invoked.append(command)
        who = self.agents.get(self.users.get(command.user.id, ""))
        if who is None:
            return _answer("not_an_agent", "You are not an agent here.", ok=False)
        return await self._carry_out(command, who)

    async def _carry_out(self, command: CommandInvoked, who: Agent) -> Answer:
        talk = self._talk(command)
        word = command.arguments
        text = command.text.strip()
        match command.command:
            case "available":
                return await self._available(who, word.get("state") or text, word.get("reason", ""))
            case "take" if talk is not None:
                return await self._take(talk, who)
            case "return-to-bot" if talk is not None:
                return await self._end(talk, who)
            case "priority" if talk is not None:
                level = (word.get("level") or text).upper()
                talk.priority = Priority[level]
                self._event(
                    talk, EventKind.PRIORITY_CHANGED, f"{who.name} set {level.lower()}", who.name
                )
                await self.redraw(talk)
                return _answer("ok", f"Priority is now {level.lower()}.")
            case "ticket" if talk is not None:
                return await self._ticket(talk, who, word)
            case "transfer" if talk is not None:
                return await self._transfer(talk, who, word.get("target") or text.split()[0])
            case "watch" if talk is not None:
                talk.watched = True
                await self.changed("conversations")
                return _answer("ok", f"Watching #{talk.number} in the monitor room.")
            case "retry":
                return _answer("ok", "Sent again.")
            case "help":
                return _answer("ok", "\n".join(f"/{spec.name}" for spec in self.specs()))
            case _:
                return _answer("ok", "Done.")

    def _talk(self, command: CommandInvoked) -> Talk | None:
        if command.number is not None:
            return self.talks.get(command.number)
        wanted = command.thread
        found = (t for t in self.talks.values() if wanted in (t.thread, t.monitor))
        return next(found, None) if wanted else None

    async def _available(self, who: Agent, state: str, reason: str) -> Answer:
        on = state == "on"
        self.agents[who.handle] = replace(who, available=on, reason="" if on else reason)
        await self.changed("agents", "queues")
        return _answer("ok", "You are available." if on else "You are unavailable.")

    async def _take(self, talk: Talk, who: Agent) -> Answer:
        if talk.agent and who.role is not Role.ADMIN:
            return _answer("already_taken", f"{talk.agent} was faster.", ok=False)
        talk.agent, talk.state = who.handle, State.ASSIGNED
        self._event(talk, EventKind.ASSIGNED, f"Assigned to {who.name}", who.name)
        assert talk.thread is not None
        if talk.private:
            await self.workspace.close_thread(talk.thread, self.card(talk), True)
            talk.thread = await self._open(talk, Purpose.WORK, RoomRef(""))
        else:
            await self.workspace.convert_thread(talk.thread)
        for line in talk.lines:
            await self.post(talk, line)
        await self.redraw(talk)
        return _answer("ok", f"#{talk.number} is yours.")

    async def _end(self, talk: Talk, who: Agent) -> Answer:
        talk.state, talk.agent = State.ENDED, ""
        self._event(talk, EventKind.ENDED, f"{who.name} returned it to the bot", who.name)
        for ref, hide in ((talk.thread, talk.private), (talk.monitor, True)):
            if ref is not None:
                await self.workspace.close_thread(ref, self.card(talk), hide)
        await self.changed("conversations", "queues")
        return _answer("ok", "Back with the bot.")

    async def _transfer(self, talk: Talk, who: Agent, target: str) -> Answer:
        to = self.agents.get(target.removeprefix("@"))
        if to is None:
            return _answer("unknown_target", f"Nobody is called {target}.", ok=False)
        if not to.available:
            offer = OfferedCommand(
                command="transfer", label="Transfer to the queue", arguments={"target": talk.queue}
            )
            text = f"{to.name} is unavailable. Transfer to the queue instead?"
            return Answer(ok=False, code="target_unavailable", text=plain(text), offers=(offer,))
        talk.agent = to.handle
        self._event(talk, EventKind.TRANSFERRED, f"{who.name} → {to.name}", who.name)
        await self.redraw(talk)
        return _answer("ok", f"Transferred to {to.name}.")

    async def _ticket(self, talk: Talk, who: Agent, word: dict[str, str]) -> Answer:
        if word.get("action") == "close":
            talk.tickets = [replace(t, closed=True, status="closed") for t in talk.tickets]
        else:
            talk.tickets.append(
                Ticket(
                    id=TicketId(next(self._ids)),
                    number=len(talk.tickets) + 1,
                    contact=ContactId(1),
                    conversation=ConversationId(talk.number),
                    type=word.get("type") or "question",
                    status="open",
                    description=word.get("description", ""),
                    opened_by=who.id,
                    opened_at=self.clock.now(),
                    changed_at=self.clock.now(),
                )
            )
        await self.redraw(talk)
        return _answer("ok", "Ticket saved.")

    # --- what is shown ----------------------------------------------------------------------

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
        )

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
            return Choices(options=tuple(options), templates=self.templates)
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

    async def changes(self) -> AsyncIterator[str]:
        hints: list[str] = []
        for hint in hints:
            yield hint


def _answer(code: str, text: str, *, ok: bool = True) -> Answer:
    return Answer(ok=ok, code=code, text=plain(text))


def a_template() -> Template:
    """A template with two variables."""
    return Template(
        id=TemplateId(1),
        name="order_update",
        language="en",
        body="Hello {{name}}, your order {{order}} is on its way.",
    )


WINDOW = 22 * 60 * MINUTE
