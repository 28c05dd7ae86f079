"""A whole desk in one process, on fakes at its edges, with people who act."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.commands.authorize import EntryPoint
from bridge.delivery.calling import Adapters
from bridge.delivery.dispatcher import Dispatcher
from bridge.domain.agent import Agent, Role
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import Delivery
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    Address,
    ChannelId,
    ExternalId,
    SourceKey,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.moves import ChangeQueue, CreateAgent, CreateQueue, Move, Outcome, SetMember
from bridge.domain.queue import Queue, Strategy
from bridge.engine.engine import Engine
from bridge.engine.lines.typing import TypingHints
from bridge.engine.reading.reader import Reader
from bridge.engine.sinks import EngineChannelSink, EngineWorkspaceSink
from bridge.engine.state.options import ChannelPlace, DeskOptions, Places, WorkspacePlace
from bridge.ports.bot import HEARD, BotReply, Handoff, Hears
from bridge.ports.channel import Accepted, MessageEdited, MessageReceived
from bridge.ports.clock import MovableClock
from bridge.ports.commands import Answer, CommandInvoked, UserKind, WorkspaceUser
from bridge.ports.holding import Replaced, never
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted
from tests.fakes.clock import FixedClock
from tests.fakes.memory_store import MemoryStore
from tests.fakes.sides import RecordedThread, RecordingChannel, RecordingWorkspace, ScriptedBot
from tests.patience import until

NOTHING = ExternalId("")
OPERATOR = Actor(kind=ActorKind.OPERATOR, name="set-up")


@dataclass(slots=True)
class Office:
    """A desk with one channel, one workspace and a bot; `open` it first."""

    store: MemoryStore = field(default_factory=MemoryStore)
    channel: RecordingChannel = field(default_factory=RecordingChannel)
    workspace: RecordingWorkspace = field(default_factory=RecordingWorkspace)
    bot: ScriptedBot | None = field(default_factory=ScriptedBot)
    options: DeskOptions = field(default_factory=DeskOptions)
    reply_hold: int = 0
    replaced: Replaced = never
    clock: MovableClock = field(default_factory=lambda: MovableClock(FixedClock()))
    sources: int = 0
    last_line: ExternalId = NOTHING
    engine: Engine = field(init=False)
    dispatcher: Dispatcher = field(init=False)
    customers: EngineChannelSink = field(init=False)
    agents: EngineWorkspaceSink = field(init=False)

    async def open(self) -> "Office":
        """Start everything."""
        before = await self.start()
        self.dispatcher.resume(before)
        return self

    async def start(self) -> Sequence[Delivery]:
        """Start the engine; gives what has to be resumed."""
        bot: object = self.bot
        place = ChannelPlace(
            id=self.channel.channel_id,
            label=self.channel.label,
            labels=self.channel.labels,
            capabilities=self.channel.capabilities,
            bot=None if self.bot is None else self.bot.bot_id,
            bot_hears=bot.hears if isinstance(bot, Hears) else HEARD,
            bot_observes=isinstance(bot, Hears) and bot.observes,
            reply_hold=self.reply_hold,
        )
        team = WorkspacePlace(
            id=self.workspace.workspace_id, capabilities=self.workspace.capabilities
        )
        places = Places(channels={place.id: place}, workspaces={team.id: team})
        self.engine = Engine(
            store=self.store,
            clock=self.clock,
            places=places,
            options=self.options,
            key=b"k" * 32,
            arrivals=self.store.arrivals,
        )
        reader = Reader(self.engine.desk, self.store, self.clock, self.engine.standing)
        adapters = Adapters(
            {place.id: self.channel},
            {team.id: self.workspace},
            {} if self.bot is None else {self.bot.bot_id: self.bot},
        )
        self.dispatcher = Dispatcher(self.engine, self.store, reader, adapters, self.replaced)
        typing = TypingHints(self.engine.desk)
        self.customers = EngineChannelSink(self.engine, typing, place.id)
        self.agents = EngineWorkspaceSink(self.engine, reader, typing, team.id)
        return await self.engine.start(self.dispatcher)

    async def close(self) -> None:
        """Stop everything."""
        await self.dispatcher.stop(1)
        await self.engine.stop()

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        calm = 0
        while calm < 3:
            await asyncio.sleep(0)
            calm = 0 if self.engine.waiting or self.dispatcher.busy else calm + 1
            if self.dispatcher.busy:
                await asyncio.sleep(0.001)

    async def later(self, millis: int) -> None:
        """Let time pass, and everything happen that is due then."""
        self.clock.forward(millis)
        await self.engine.tick()
        await self.quiet()

    # --- people -----------------------------------------------------------------------------

    async def do(self, move: Move) -> Outcome:
        """The operator has something done."""
        outcome = await self.engine.carry_out(move, OPERATOR, EntryPoint.CLI)
        await self.quiet()
        return outcome

    async def queue(self, name: str, title: str = "") -> Queue:
        """A new queue."""
        await self.do(CreateQueue(name=name, title=title or name.title()))
        found = self.engine.desk.queue_by_name(name)
        assert found is not None
        return found

    async def agent(
        self, handle: str, *queues: str, available: bool = True, admin: bool = False
    ) -> Agent:
        """A new agent of these queues."""
        role = Role.ADMIN if admin else Role.AGENT
        await self.do(
            CreateAgent(
                handle=handle,
                name=handle.title(),
                role=role,
                workspace=self.workspace.workspace_id,
                user=WorkspaceUserId(f"u-{handle}"),
            )
        )
        agent = self.engine.desk.agent_by_handle(handle)
        assert agent is not None
        for name in queues:
            queue = self.engine.desk.queue_by_name(name)
            assert queue is not None
            await self.do(SetMember(queue=queue.id, agent=agent.id))
        if available:
            await self.command(handle, "available", "on")
        return self.engine.desk.agents[agent.id]

    async def customer(
        self, words: str, name: str = "Alice", address: str = "", *, anonymous: bool = False
    ) -> Accepted:
        """A customer writes."""
        self.sources += 1
        self.last_line = ExternalId(f"in-{self.sources}")
        accepted = await self.customers.accept(
            MessageReceived(
                channel=self.channel.channel_id,
                source=(SourceKey(f"in:{self.sources}"),),
                address=Address(address or f"addr-{name}"),
                external_id=self.last_line,
                content=text_content(words),
                name=name,
                anonymous=anonymous,
            )
        )
        await self.quiet()
        return accepted

    async def tries(self, handle: str, words: str) -> None:
        """Somebody writes, and it fails once; it is not waited for that it arrives."""
        writing = asyncio.create_task(self.says(handle, words))
        await until(lambda: not self.channel.failures)
        writing.cancel()

    async def says(
        self,
        handle: str,
        words: str,
        thread: ThreadRef | None = None,
        *,
        kind: UserKind = UserKind.MEMBER,
        mentions: bool = False,
        content: Content | None = None,
    ) -> ExternalId:
        """Somebody writes in a thread."""
        self.sources += 1
        external_id = ExternalId(f"said-{self.sources}")
        await self.agents.accept(
            AgentPosted(
                workspace=self.workspace.workspace_id,
                source=(SourceKey(f"post:{self.sources}"),),
                user=WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle, kind=kind),
                thread=thread or self.work_thread(),
                external_id=external_id,
                content=content or text_content(words),
                mentions=mentions,
            )
        )
        await self.quiet()
        return external_id

    async def command(self, handle: str, command: str, text: str = "", **arguments: str) -> Answer:
        """Somebody runs a command."""
        self.sources += 1
        answer = await self.agents.invoke(
            CommandInvoked(
                workspace=self.workspace.workspace_id,
                source=(SourceKey(f"cmd:{self.sources}"),),
                user=WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle),
                command=command,
                text=text,
                arguments=arguments,
            )
        )
        await self.quiet()
        return answer

    # --- what is to be seen -----------------------------------------------------------------

    def conversation(self, number: int = 1) -> Conversation:
        """A conversation as it is on disk."""
        for value in self.store.entities[Conversation].values():
            if isinstance(value, Conversation) and value.number == number:
                return value
        raise LookupError(number)

    def work_thread(self, number: int = 1) -> ThreadRef:
        """The thread that people would write in: the newest that is no monitor card."""
        found = [
            ref
            for ref, thread in self.workspace.threads.items()
            if thread.binding.number == number and thread.binding.purpose != "monitor"
        ]
        return found[-1]

    def thread(self, number: int = 1) -> RecordedThread:
        """What that thread looks like."""
        return self.workspace.threads[self.work_thread(number)]

    @property
    def web(self) -> ChannelId:
        """The channel."""
        return self.channel.channel_id

    @property
    def team(self) -> WorkspaceId:
        """The workspace."""
        return self.workspace.workspace_id

    async def handed_over(
        self, words: str = "help", name: str = "Alice", queue: str = "sales"
    ) -> None:
        """A customer writes and the bot hands him over at once."""
        assert self.bot is not None
        self.bot.replies.append(BotReply(handoff=Handoff(queue=queue, reason="asked")))
        await self.customer(words, name)

    async def edits(
        self,
        handle: str,
        external_id: ExternalId,
        words: str,
        thread: ThreadRef | None = None,
    ) -> None:
        """Somebody changes his line."""
        self.sources += 1
        await self.agents.accept(
            AgentEdited(
                workspace=self.team,
                source=(SourceKey(f"edit:{self.sources}"),),
                user=WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle),
                thread=thread or self.work_thread(),
                external_id=external_id,
                content=text_content(words),
            )
        )
        await self.quiet()

    async def reacts(
        self,
        handle: str,
        external_id: ExternalId,
        thread: ThreadRef | None = None,
        *,
        removed: bool = False,
    ) -> None:
        """Somebody reacts to a line."""
        self.sources += 1
        await self.agents.accept(
            AgentReacted(
                workspace=self.team,
                source=(SourceKey(f"react:{self.sources}"),),
                user=WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle),
                thread=thread or self.work_thread(),
                external_id=external_id,
                emoji="👍",
                removed=removed,
            )
        )
        await self.quiet()

    async def deletes(
        self, handle: str, external_id: ExternalId, thread: ThreadRef | None = None
    ) -> None:
        """Somebody deletes his line."""
        self.sources += 1
        await self.agents.accept(
            AgentDeleted(
                workspace=self.team,
                source=(SourceKey(f"delete:{self.sources}"),),
                user=WorkspaceUser(id=WorkspaceUserId(f"u-{handle}"), name=handle),
                thread=thread or self.work_thread(),
                external_id=external_id,
            )
        )
        await self.quiet()

    def events(self, number: int = 1) -> list[str]:
        """A conversation's history, kinds only."""
        id_ = self.conversation(number).id
        return [event.kind.value for event in self.store.history if event.conversation == id_]

    def whispered(self, handle: str) -> list[str]:
        """What one person was told privately."""
        return [words for user, words, _ in self.workspace.whispers if user == f"u-{handle}"]

    def offered(self, handle: str) -> list[str]:
        """The commands behind the buttons that stood under all of it."""
        his = [offers for user, _, offers in self.workspace.whispers if user == f"u-{handle}"]
        return [offer.command for offers in his for offer in offers]

    async def pull_only(self, queue: str = "sales") -> None:
        """The queue's members take for themselves."""
        found = self.engine.desk.queue_by_name(queue)
        assert found is not None
        await self.do(ChangeQueue(queue=found.id, strategy=Strategy.MANUAL))

    def holder(self, number: int = 1) -> str:
        """Who is in control; empty: nobody."""
        agent = self.conversation(number).agent
        found = None if agent is None else self.engine.desk.agent(agent)
        return "" if found is None else found.handle

    async def customer_edits(self, words: str, name: str = "Alice") -> None:
        """A customer changes the last line that he wrote."""
        self.sources += 1
        await self.customers.accept(
            MessageEdited(
                channel=self.web,
                source=(SourceKey(f"edited:{self.sources}"),),
                address=Address(f"addr-{name}"),
                external_id=self.last_line,
                content=text_content(words),
            )
        )
        await self.quiet()
