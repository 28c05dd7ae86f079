"""The receiving half of a Slack workspace, in front of the simulated Slack and a small desk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import aiohttp
from aiohttp import web

from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.receiving.receiving import Receiving
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.agent import Agent, Role
from bridge.domain.binding import Purpose
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import NotAuthorized
from bridge.domain.ids import (
    AgentId,
    BindingId,
    ExternalId,
    Instant,
    Language,
    RoomRef,
    SourceKey,
    ThreadRef,
    WorkspaceUserId,
)
from bridge.domain.text import FormattedText, to_plain
from bridge.ports.channel import Accepted
from bridge.ports.clock import MovableClock, SystemClock
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser
from bridge.ports.plugin import AdapterContext, Check
from bridge.ports.queries import Choices, Home, Option, Query, ShowHome, View
from bridge.ports.workspace import AgentPosted, WorkspaceEvent
from bridge.simulators.slack import (
    App,
    Channel,
    Manifest,
    Message,
    Person,
    SlackSimulator,
    Timing,
)
from tests.adapters.hurry import HURRIED
from tests.fakes.adapter_memory import FolderFiles, MemoryStore

Mode = Literal["socket", "http"]

QUICK = Timing(ack_within=1.0, retry_after=(0.0, 0.3, 1.0, 3.0, 9.0))

PATIENT = Timing(ack_within=30.0)
"""Whoever is not answered soon waits: nothing is sent twice."""

ONCE = Timing(ack_within=1.0, retry_after=())
"""Slack gives up at once: what is not read afterwards is lost."""


class Desk:
    """Takes every source once, unless it refuses everything."""

    def __init__(self) -> None:
        self.events: list[WorkspaceEvent] = []
        self.fault: Exception | None = None
        self.tried = 0
        self.knows_nobody = False
        self.role = Role.ADMIN
        self.queues: tuple[Option, ...] = (Option(value="sales", label="Sales"),)
        self.free = asyncio.Event()
        """While it is not set, everybody waits."""
        self.free.set()
        self._known: set[SourceKey] = set()

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        self.tried += 1
        await self.free.wait()
        if self.fault is not None:
            raise self.fault
        if self._known & set(event.source):
            return Accepted(duplicate=True)
        self._known |= set(event.source)
        self.events.append(event)
        return Accepted()

    async def invoke(self, command: CommandInvoked) -> Answer:
        return Answer(ok=True, code="ok", text=())

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        if self.knows_nobody:
            raise NotAuthorized("nobody")
        if isinstance(query, ShowHome):
            return self.home
        return Choices(options=self.queues)

    @property
    def home(self) -> Home:
        """Whoever asks is this agent."""
        agent = Agent(id=AgentId(1), handle="ana", name="Ana", role=self.role)
        return Home(agent=agent, language=Language("en"), holding=(), waiting=(), queues=())

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        pass

    async def changes(self) -> AsyncIterator[str]:
        return
        yield

    def words(self) -> list[str]:
        """What agents wrote."""
        return [each.content.words() for each in self.posts()]

    def posts(self) -> list[AgentPosted]:
        """Lines of agents."""
        return [event for event in self.events if isinstance(event, AgentPosted)]


class Screens:
    """Surfaces that remember what they were given; `!words` are commands."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Payload]] = []
        self.fault: Exception | None = None

    async def action(self, payload: Payload) -> None:
        self._see("action", payload)

    async def shortcut(self, payload: Payload) -> None:
        self._see("shortcut", payload)

    async def slash(self, payload: Payload) -> None:
        self._see("slash", payload)

    async def submission(self, payload: Payload) -> Payload | None:
        self._see("submission", payload)
        return {"response_action": "clear"}

    async def options(self, payload: Payload) -> Payload:
        self._see("options", payload)
        return {"options": [{"text": {"type": "plain_text", "text": "Bo"}, "value": "bo"}]}

    async def home_opened(self, event: Payload) -> None:
        self._see("home", event)

    async def typed(self, message: Payload) -> bool:
        text = str(message.get("text", ""))
        if not text.startswith("!"):
            return False
        self._see("typed", message)
        return True

    def kinds(self) -> list[str]:
        """What was given, by kind."""
        return [kind for kind, _ in self.seen]

    def _see(self, kind: str, payload: Payload) -> None:
        if self.fault is not None:
            raise self.fault
        self.seen.append((kind, payload))


class Voice:
    """Remembers what writers were told."""

    def __init__(self) -> None:
        self.marks: list[tuple[ThreadRef, ExternalId, Mark]] = []
        self.whispers: list[tuple[WorkspaceUserId, str]] = []

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        self.marks.append((thread, external_id, mark))

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        self.whispers.append((to, to_plain(text)))


@dataclass
class Rig:
    """Everything a test may look at or turn."""

    slack: SlackSimulator
    app: App
    ana: Person
    bo: Person
    room: Channel
    context: AdapterContext
    settings: SlackSettings
    clock: MovableClock
    store: MemoryStore
    files: FolderFiles
    url: str = ""
    desk: Desk = field(default_factory=Desk)
    screens: Screens = field(default_factory=Screens)
    voice: Voice = field(default_factory=Voice)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.build()

    def build(self) -> None:
        """A new process: nothing in memory."""
        self.site = Site(self.settings, self.context, HURRIED)
        self.receiving = Receiving(self.site, self.screens, self.voice)

    async def start(self) -> None:
        """Connect, and wait until every thread is caught up with."""
        await self.site.open()
        await self.site.introduce()
        self.site.connect(self.desk, ())
        await self.receiving.start()
        await self.until(lambda: not self.receiving.catching_up.behind)

    async def stop(self) -> None:
        """As the adapter stops."""
        await self.receiving.stop()
        self.site.disconnect()
        await self.site.close()

    async def restart(self) -> None:
        """Another process on the same memory."""
        await self.stop()
        self.build()
        await self.start()

    async def thread(self, *, purpose: Purpose = Purpose.WORK) -> Message:
        """The root of a new thread of ours."""
        self.numbers += 1
        answer = await self.site.slack.call(
            "chat.postMessage",
            channel=self.room.id,
            text=f"card {self.numbers}",
            metadata={
                "event_type": "deskbridge_thread",
                "event_payload": {"binding": self.numbers},
            },
        )
        root = self.slack.world.message(self.room.id, str(answer["ts"]))
        await self.adopt(root, purpose=purpose)
        return root

    async def adopt(self, root: Message, *, purpose: Purpose = Purpose.WORK) -> None:
        """From now on this root is one of our threads."""
        await self.site.threads.put(
            Thread(
                ref=thread_ref(root.channel, root.ts),
                binding=BindingId(self.numbers),
                number=self.numbers,
                purpose=purpose,
                room=RoomRef(self.room.id),
                opened_at=Instant(self.numbers),
            )
        )

    async def posts(self, root: Message, text: str, key: str = "k", **more: object) -> Message:
        """The app writes in a thread."""
        answer = await self.site.slack.call(
            "chat.postMessage",
            channel=root.channel,
            thread_ts=root.ts,
            text=text,
            metadata={"event_type": "deskbridge_line", "event_payload": {"key": key}},
            **more,  # type: ignore[arg-type]  # arguments of the method
        )
        return self.slack.world.message(root.channel, str(answer["ts"]))

    async def until(self, look: Callable[[], bool]) -> None:
        """Wait for a condition, for as long as a busy machine needs."""
        await self.slack.until(lambda: look() or None)

    def troubles(self) -> list[Check]:
        """What `doctor` would say is wrong."""
        return [check for check in self.receiving.checks() if not check.ok or check.warning]

    async def settled(self) -> None:
        """Everything on its way has arrived."""
        await self.slack.settled()


def _settings(slack: SlackSimulator, app: App, **more: object) -> SlackSettings:
    tokens = {
        "bot_token": app.bot_token,
        "app_token": app.app_token,
        "signing_secret": app.signing_secret,
    }
    given = {"api_url": slack.api_url, "posts_per_channel": 50, **tokens, **more}
    return SlackSettings.model_validate(given)


def _context(
    store: MemoryStore, files: FolderFiles, clock: MovableClock, http: aiohttp.ClientSession
) -> AdapterContext:
    return AdapterContext(
        id="slack",
        brand="Shop",
        public_url="http://127.0.0.1",
        store=store,
        files=files,
        clock=clock,
        secret=lambda purpose: purpose.encode().ljust(32)[:32],
        http=lambda: http,
    )


@asynccontextmanager
async def receiving(
    folder: Path, mode: Mode = "socket", *, timing: Timing = QUICK, **more: object
) -> AsyncIterator[Rig]:
    """A rig that is started, and stopped at the end."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSimulator.running(timing=timing))
        app = slack.install(
            Manifest(name="Deskbridge", commands={"/template": True, "/queues": False})
        )
        ana, bo = slack.hire("ana", is_admin=True), slack.hire("bo")
        clock = MovableClock(SystemClock())
        store, files = MemoryStore(), FolderFiles(folder)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        settings = _settings(slack, app, mode=mode, **more)
        context = _context(store, files, clock, http)
        rig = Rig(
            slack=slack,
            app=app,
            ana=ana,
            bo=bo,
            room=slack.channel("support", ana, bo, app),
            context=context,
            settings=settings,
            clock=clock,
            store=store,
            files=files,
        )
        if mode == "http":
            rig.url = await stack.enter_async_context(_served(rig))
            slack.point(app, rig.url)
        stack.push_async_callback(rig.stop)
        await rig.start()
        yield rig


@asynccontextmanager
async def _served(rig: Rig) -> AsyncIterator[str]:
    """The routes of whichever process is running, at one address."""
    served = web.Application(client_max_size=1024**2)

    async def forward(request: web.Request) -> web.StreamResponse:
        [route] = rig.receiving.routes()
        assert isinstance(route, web.RouteDef)
        return await route.handler(request)

    served.router.add_post("/slack/slack/events", forward)
    runner = web.AppRunner(served, shutdown_timeout=0.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/slack/slack/events"
    finally:
        await runner.cleanup()
