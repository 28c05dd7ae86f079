"""A desk on WhatsApp whose agent answers in the local workspace, and what stands on both sides."""

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.adapters.workspaces.local.entries import Edited, Posted, Reacted, read_thread_entry
from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    ExternalId,
    RoomRef,
    SourceKey,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Message
from bridge.domain.moves import BindRoom, CreateAgent, CreateQueue, Move, SetMember, SetPresence
from bridge.engine.lines.typing import TypingHints
from bridge.engine.sinks import EngineWorkspaceSink
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import AgentPosted
from bridge.settings import FILE_NAME, load
from bridge.simulators.graph.office import sign
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.simulator import GraphSimulator

WHATSAPP = """
[channels.wa]
kind = "whatsapp"
phone_number_id = "{number.id}"
business_account_id = "{number.waba}"
access_token = "{number.token}"
app_secret = "{number.app_secret}"
verify_token = "{number.verify_token}"
graph_url = "{url}"
messages_per_second = 1000
pair_seconds = 0
status_seconds = 20
read_marks = false
"""
"""Of a number on a Graph, as fast as it goes."""
_HERE = """
[workspaces.local]
kind = "local"
"""
_LOCAL = WorkspaceId("local")
_ANA = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="Ana", kind=UserKind.MEMBER)
_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="storm")
_NOBODY = "http://127.0.0.1:9/"
"""Where nobody listens."""
_AT_ONCE = 24
_MANY = 10_000


@dataclass
class WhatsAppDesk:
    """A desk, a Graph in front of it, and Ana, who takes everybody."""

    app: App
    graph: GraphSimulator
    number: Number
    http: ClientSession
    posted: int = 0

    @property
    def _events(self) -> str:
        return f"{self.app.url}/whatsapp/wa/events"

    # --- what happens ---------------------------------------------------------------------------

    def is_reached(self, yes: bool) -> None:
        """Whether Graph's webhooks find the desk; those that do not wait to be brought again."""
        webhook = self._events if yes else _NOBODY
        self.number = self.graph.change_number(self.number, webhook=webhook)

    async def bring(self, body: bytes) -> None:
        """A webhook, again and again until it is taken."""
        headers = {"X-Hub-Signature-256": sign(self.number.app_secret, body)}
        while True:
            async with self.http.post(
                self._events, data=io.BytesIO(body), headers=headers
            ) as answer:
                if answer.status == 200:
                    return
                assert answer.status == 503, f"{answer.status}: {await answer.text()}"

    async def storm(self, bodies: Sequence[bytes]) -> None:
        """All of these, in this order, many at once."""
        left = iter(bodies)

        async def bring() -> None:
            for body in left:
                await self.bring(body)

        await asyncio.gather(*(bring() for _ in range(_AT_ONCE)))

    async def answers(self, conversation: Conversation, words: str) -> None:
        """Ana writes in the thread of a conversation."""
        thread = self.thread_of(conversation)
        assert thread is not None
        self.posted += 1
        typing = TypingHints(self.app.parts.engine.desk)
        parts = self.app.parts
        sink = EngineWorkspaceSink(parts.engine, parts.reader, typing, _LOCAL)
        await sink.accept(
            AgentPosted(
                workspace=_LOCAL,
                source=(SourceKey(f"p{self.posted}"),),
                user=_ANA,
                thread=thread,
                external_id=ExternalId(f"p{self.posted}"),
                content=text_content(words),
            )
        )

    # --- what there is --------------------------------------------------------------------------

    def conversations(self) -> list[Conversation]:
        """Those that are open."""
        return list(self.app.parts.engine.desk.conversations)

    def conversation_of(self, person: Person) -> Conversation:
        """A customer's only one."""
        desk = self.app.parts.engine.desk
        (found,) = [
            each
            for each in desk.conversations
            if (identity := desk.identity(each.identity)) is not None
            and any(name == f"+{person.id}" for name in desk.names_of(identity))
        ]
        return found

    def thread_of(self, conversation: Conversation) -> ThreadRef | None:
        """Where Ana answers, once it is opened."""
        binding = self.app.parts.engine.desk.work_binding(conversation.id)
        return binding.thread if binding is not None else None

    async def lines(self, conversation: Conversation, author: Author) -> list[Message]:
        """What the desk keeps, of one side."""
        found = await self.app.parts.database.reads.lines(conversation.id, None, _MANY)
        return [line for line in found if line.author is author]

    async def shown(self, conversation: Conversation) -> Counter[str]:
        """What came into the thread, each with how often: lines, edits, reactions."""
        workspace = self.app.parts.adapters.workspaces[_LOCAL]
        thread = self.thread_of(conversation)
        assert isinstance(workspace, LocalWorkspace)
        assert thread is not None
        shown: Counter[str] = Counter()
        after = 0
        while entries := await workspace.site.threads.since(thread, after):
            after = entries[-1].seq
            shown.update(filter(None, (_as_words(each.body) for each in entries)))
        return shown


def _as_words(body: bytes) -> str:
    match read_thread_entry(body):
        case Posted(author=Author.CUSTOMER, content=content):
            return content.words()
        case Edited(content=content):
            return f"edit: {content.words()}"
        case Reacted(emoji=emoji):
            return f"reaction: {emoji}"
        case _:
            return ""


@asynccontextmanager
async def open_desk(folder: Path) -> AsyncIterator[WhatsAppDesk]:
    """A desk that takes everybody in at once, and is gone when the block ends."""
    async with GraphSimulator.running() as graph, ClientSession() as http:
        number = graph.number()
        settings = WHATSAPP.format(number=number, url=graph.url) + _HERE
        async with open_app(folder, settings) as app:
            made = WhatsAppDesk(app=app, graph=graph, number=number, http=http)
            made.is_reached(True)
            await hire(app, _LOCAL, _ANA.id)
            yield made


@asynccontextmanager
async def open_app(folder: Path, settings: str) -> AsyncIterator[App]:
    """A desk with these settings."""
    file = folder / FILE_NAME
    file.touch(mode=0o600)
    file.write_text(settings, encoding="utf-8")
    app = await build(load(file, {}), port=0)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def hire(
    app: App, workspace: WorkspaceId, user: WorkspaceUserId, room: RoomRef | None = None
) -> None:
    """A queue, in this room if one is named, and Ana, who takes everybody in it."""

    async def do(move: Move, by: Actor = _OPERATOR, via: EntryPoint = EntryPoint.CLI) -> None:
        outcome = await app.parts.engine.carry_out(move, by, via)
        assert outcome.ok, outcome

    desk = app.parts.engine.desk
    await do(CreateQueue(name="help", title="Help"))
    queue = desk.default_queue()
    assert queue is not None
    if room is not None:
        await do(BindRoom(workspace=workspace, room=room, title="support", queue=queue.id))
    await do(CreateAgent(handle="ana", name="Ana", capacity=1_000, workspace=workspace, user=user))
    ana = desk.agent_by_handle("ana")
    assert ana is not None
    await do(SetMember(queue=queue.id, agent=ana.id))
    herself = Actor(kind=ActorKind.AGENT, name=ana.name, agent=ana.id)
    await do(SetPresence(agent=ana.id, available=True), herself, EntryPoint.COMMAND)
