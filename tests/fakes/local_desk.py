"""A small desk behind the local workspace: it keeps conversations and answers like the real one."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

from msgspec.structs import replace

from bridge.commands import registry
from bridge.domain.agent import Agent, Role
from bridge.domain.binding import Purpose
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Priority, State
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import StorageUnavailable
from bridge.domain.events import Actor, ActorKind, Event, EventKind
from bridge.domain.ids import (
    MINUTE,
    AgentId,
    BindingId,
    ContactId,
    ConversationId,
    EventId,
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
from bridge.ports.commands import Answer, CommandInvoked, CommandSpec, WorkspaceUser
from bridge.ports.queries import (
    LineView,
)
from bridge.ports.workspace import (
    AgentDeleted,
    AgentEdited,
    AgentPosted,
    BindingKey,
    ConnectionChanged,
    WorkspaceAdapter,
    WorkspaceEvent,
)
from tests.fakes.local_views import Showing, Talk


class FakeDesk(Showing):
    """`WorkspaceSink` over a handful of conversations, driving one workspace."""

    def __init__(self, workspace: WorkspaceAdapter, clock: Clock) -> None:
        super().__init__()
        self.workspace = workspace
        self.clock = clock
        self.events: list[WorkspaceEvent] = []
        self.invoked: list[CommandInvoked] = []
        self.sources: dict[str, Accepted] = {}
        self.typed: list[tuple[ThreadRef, str]] = []
        self.down = False
        self._ids = count(1)
        self._changes: asyncio.Queue[str] = asyncio.Queue()

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
        for word in what:
            self._changes.put_nowait(word)

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
            case "template" if talk is not None:
                return self._template(talk, word)
            case "retry":
                return _answer("ok", "Sent again.")
            case "people":
                return self._people(who, word)
            case "language":
                self.agents[who.handle] = replace(who, language=Language(word["language"]))
                return _answer("ok", "Changed.")
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

    def _people(self, who: Agent, word: dict[str, str]) -> Answer:
        if who.role is not Role.ADMIN:
            return _answer("not_authorized", "Only an admin may do this.", ok=False)
        if word["handle"] in self.agents:
            return _answer("name_taken", f"{word['handle']} is taken.", ok=False)
        role = Role(word.get("role") or "agent")
        self.agent(word["handle"], word["name"], WorkspaceUserId(word["user"]), role=role)
        return _answer("ok", "Added.")

    def _template(self, talk: Talk, word: dict[str, str]) -> Answer:
        lacking = [n for n in self.templates[0].variables() if not word.get(f"value.{n}")]
        if not lacking:
            return _answer("ok", "Sent.")
        known = {**word, "conversation": str(talk.number)}
        offer = OfferedCommand(command="template", label="Fill in", arguments=known)
        text = plain(f"Missing: {', '.join(lacking)}")
        return Answer(ok=False, code="missing_params", text=text, offers=(offer,))

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

    async def changes(self) -> AsyncIterator[str]:
        while True:
            yield await self._changes.get()


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
