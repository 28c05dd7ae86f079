"""An agent of a whole desk, who answers in the local workspace as its pages would have her do."""

from dataclasses import dataclass

from bridge.app import App
from bridge.commands.authorize import EntryPoint
from bridge.domain.agent import Role
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    AgentId,
    ExternalId,
    SourceKey,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Message, Receipt
from bridge.domain.moves import CreateAgent, CreateQueue, SetMember
from bridge.engine.lines.typing import TypingHints
from bridge.engine.sinks import EngineWorkspaceSink
from bridge.ports.clock import MovableClock
from bridge.ports.commands import Answer, CommandInvoked, UserKind, WorkspaceUser
from bridge.ports.workspace import AgentPosted
from tests.patience import seen

LOCAL = WorkspaceId("local")
ANA = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="Ana", kind=UserKind.MEMBER)
SETTER = Actor(kind=ActorKind.OPERATOR, name="set-up")


@dataclass(kw_only=True)
class AnasDesk:
    """A desk on whose local workspace Ana answers, and a clock that can be put forward."""

    app: App
    clock: MovableClock
    done: int = 0

    @property
    def _sink(self) -> EngineWorkspaceSink:
        parts = self.app.parts
        typing = TypingHints(parts.engine.desk)
        return EngineWorkspaceSink(parts.engine, parts.reader, typing, LOCAL)

    def conversation(self) -> Conversation:
        """The only one that is open."""
        (found,) = self.app.parts.engine.desk.conversations
        return found

    def thread(self) -> ThreadRef:
        """Where Ana answers."""
        binding = self.app.parts.engine.desk.work_binding(self.conversation().id)
        assert binding is not None
        assert binding.thread is not None
        return binding.thread

    def has_thread(self) -> bool:
        """Whether Ana has a place to answer in."""
        binding = self.app.parts.engine.desk.work_binding(self.conversation().id)
        return binding is not None and binding.thread is not None

    async def command(self, words: str) -> None:
        """Ana runs a command outside of any thread, and says yes to what she is shown."""
        name, _, text = words.partition(" ")
        answer = await self._invoke(name, text, {})
        if not answer.ok and answer.code.startswith("confirm"):
            yes = answer.offers[0]
            answer = await self._invoke(yes.command, "", yes.arguments)
        assert answer.ok, answer

    async def _invoke(self, name: str, text: str, arguments: dict[str, str]) -> Answer:
        self.done += 1
        return await self._sink.invoke(
            CommandInvoked(
                workspace=LOCAL,
                source=(SourceKey(f"c{self.done}"),),
                user=ANA,
                command=name,
                text=text,
                arguments=arguments,
            )
        )

    async def says(self, words: str) -> None:
        """Ana writes in the thread."""
        self.done += 1
        await self._sink.accept(
            AgentPosted(
                workspace=LOCAL,
                source=(SourceKey(f"p{self.done}"),),
                user=ANA,
                thread=self.thread(),
                external_id=ExternalId(f"p{self.done}"),
                content=text_content(words),
            )
        )

    async def lines(self) -> list[Message]:
        """What people said in the open conversation."""
        reads = self.app.parts.database.reads
        lines = await reads.lines(self.conversation().id, None, 50)
        return [line for line in lines if line.author in (Author.CUSTOMER, Author.AGENT)]

    async def receipt_of(self, words: str) -> Receipt:
        """What became of a line, by its words."""
        return next(line.receipt for line in await self.lines() if line.content.words() == words)

    async def is_told(self, words: str, receipt: Receipt) -> None:
        """Wait until a line has this receipt."""
        await seen(lambda: self.receipt_of(words), receipt)


async def hire(app: App) -> None:
    """A queue, and Ana as its admin."""
    engine = app.parts.engine
    await engine.carry_out(CreateQueue(name="vendas", title="Vendas"), SETTER, EntryPoint.CLI)
    await engine.carry_out(
        CreateAgent(handle="ana", name="Ana", role=Role.ADMIN, workspace=LOCAL, user=ANA.id),
        SETTER,
        EntryPoint.CLI,
    )
    queue, ana = engine.desk.queue_by_name("vendas"), engine.desk.agent_by_handle("ana")
    assert queue is not None
    assert ana is not None
    await engine.carry_out(SetMember(queue=queue.id, agent=AgentId(ana.id)), SETTER, EntryPoint.CLI)
