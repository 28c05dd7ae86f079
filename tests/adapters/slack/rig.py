"""The adapter in front of a simulated Slack, with a desk that takes everything."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bridge.adapters.common.pauses import Pauses
from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.domain.errors import NotFound
from bridge.domain.ids import RoomRef, SourceKey, ThreadRef, WorkspaceUserId
from bridge.domain.text import plain
from bridge.ports.channel import Accepted
from bridge.ports.clock import SystemClock
from bridge.ports.commands import Answer, CommandInvoked, CommandSpec, WorkspaceUser
from bridge.ports.plugin import AdapterContext
from bridge.ports.queries import Query, View
from bridge.ports.workspace import WorkspaceEvent
from bridge.simulators.common.wire import Json, JsonObject, obj
from bridge.simulators.slack import App, Channel, Ephemeral, Limits, Message, Person, SlackSimulator
from bridge.simulators.slack.settings import Quirks, Timing
from tests.adapters.hurry import HURRIED
from tests.fakes.adapter_memory import FolderFiles, MemoryStore

COMMANDS = (CommandSpec(name="priority"), CommandSpec(name="take"), CommandSpec(name="help"))
# One try: a test says itself when Slack sends something again.
TIMING = Timing(retry_after=())


class Desk:
    """A `WorkspaceSink` that takes each source once, unless it refuses everything."""

    def __init__(self) -> None:
        self.events: list[WorkspaceEvent] = []
        self.invoked: list[CommandInvoked] = []
        self.hints: list[str] = []
        self.fault: Exception | None = None
        self._sources: set[SourceKey] = set()

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        self._check()
        if self._is_new(event.source):
            self.events.append(event)
        return Accepted()

    async def invoke(self, command: CommandInvoked) -> Answer:
        self._check()
        if self._is_new(command.source):
            self.invoked.append(command)
        return Answer(ok=True, code="ok", text=plain(f"ran {command.command}"))

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        raise NotFound("this desk has nothing to show")

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        return

    async def changes(self) -> AsyncIterator[str]:
        for hint in self.hints:
            yield hint

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _is_new(self, sources: Sequence[SourceKey]) -> bool:
        known = not self._sources.isdisjoint(sources)
        self._sources.update(sources)
        return not known


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackRig:
    """A workspace with two people and one room."""

    slack: SlackSimulator
    app: App
    workspace: SlackWorkspace
    desk: Desk
    store: MemoryStore
    files: FolderFiles
    ana: Person
    bo: Person
    room: Channel

    @property
    def room_ref(self) -> RoomRef:
        return RoomRef(self.room.id)

    def user(self, person: Person) -> WorkspaceUserId:
        return WorkspaceUserId(person.id)

    def messages(self, thread: ThreadRef) -> list[Message]:
        """The root and what stands under it, as they are now."""
        channel, ts = thread.split(":")
        return self.slack.world.thread(channel, ts)

    def lines(self, thread: ThreadRef) -> list[Message]:
        return self.messages(thread)[1:]

    def calls(self, method: str) -> list[JsonObject]:
        """The arguments of the accepted writes of one method, oldest first."""
        entries = self.slack.ledger.entries
        return [dict(obj(each.get("args"))) for each in entries if each["what"] == method]


def settings_for(slack: SlackSimulator, app: App, **more: float | str) -> SlackSettings:
    given = {
        "bot_token": app.bot_token,
        "app_token": app.app_token,
        "signing_secret": app.signing_secret,
        "api_url": slack.api_url,
        **more,
    }
    return SlackSettings.model_validate(given)


def context_for(
    store: MemoryStore, files: FolderFiles, http: aiohttp.ClientSession
) -> AdapterContext:
    return AdapterContext(
        id="acme",
        brand="Acme",
        public_url="http://127.0.0.1",
        store=store,
        files=files,
        clock=SystemClock(),
        secret=lambda purpose: purpose.encode().ljust(32)[:32],
        http=lambda: http,
    )


@asynccontextmanager
async def serve(
    folder: Path,
    *,
    limits: Limits | None = None,
    quirks: Quirks | None = None,
    timing: Timing = TIMING,
    without: Sequence[str] = (),
    pauses: Pauses = HURRIED,
    **settings: float | str,
) -> AsyncIterator[SlackRig]:
    """A started adapter. Unless said otherwise nothing is limited; `without` are scopes."""
    if limits is None:
        settings = {"posts_per_channel": 50, "posts_per_minute": 10_000, **settings}
    async with (
        SlackSimulator.running(limits=limits, quirks=quirks, timing=timing) as slack,
        aiohttp.ClientSession() as http,
    ):
        app = slack.install("Deskbridge")
        for scope in without:
            slack.take_scope(app, scope)
        ana, bo = slack.hire("ana"), slack.hire("bo")
        room = slack.channel("support", ana, bo, app, kind="private")
        store, files = MemoryStore(), FolderFiles(folder)
        context = context_for(store, files, http)
        workspace = SlackWorkspace(settings_for(slack, app, **settings), context, pauses)
        desk = Desk()
        door = await _served(workspace)
        if settings.get("mode") == "http":
            slack.point(app, f"{door.make_url('/slack/acme/events')}")
        try:
            await workspace.start(desk, COMMANDS)
            yield SlackRig(
                slack=slack, app=app, workspace=workspace, desk=desk,
                store=store, files=files, ana=ana, bo=bo, room=room,
            )  # fmt: skip
        finally:
            await workspace.stop()
            await door.close()


async def _served(workspace: SlackWorkspace) -> TestServer:
    """The adapter's own routes, on any free port."""
    app = web.Application()
    app.add_routes(workspace.routes())
    door = TestServer(app)
    await door.start_server()
    return door


def shown(message: Message | Ephemeral) -> str:
    """The words of a message's rich text, as its reader sees them."""
    return words_of(message.blocks)


def words_of(blocks: Sequence[Json]) -> str:
    """The words of blocks, a line break between them."""
    return "\n".join(_words(block) for block in blocks)


def _words(node: Json) -> str:
    match node:
        case {"type": "text", "text": str(text)} | {"type": "link", "text": str(text)}:
            return text
        case {"type": "plain_text", "text": str(text)}:
            return text
        case {"type": "link", "url": str(url)}:
            return url
        case {"type": "user", "user_id": str(user)}:
            return f"@{user}"
        case {"type": "emoji", "name": str(name)}:
            return f":{name}:"
        case {"type": "button" | "option", "text": text}:
            return _words(text)
        case {"type": "rich_text" | "rich_text_list" | "actions" | "context", "elements": [*each]}:
            return "\n".join(_words(one) for one in each)
        case {"elements": [*each]}:
            return "".join(_words(one) for one in each)
        case {"options": [*each]}:
            return "\n".join(_words(obj(one).get("text")) for one in each)
        case _:
            return ""
