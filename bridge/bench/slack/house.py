"""The Slack workspace alone, in front of a simulated Slack that counts strictly."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import aiohttp

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.app.storing import Database, migrate, open_database
from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.errors import NotFound
from bridge.domain.ids import BindingId, Language, RoomRef, ThreadRef
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.channel import Accepted
from bridge.ports.clock import SystemClock
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser
from bridge.ports.plugin import AdapterContext
from bridge.ports.queries import Query, View
from bridge.ports.workspace import BindingKey, WorkspaceEvent
from bridge.simulators.slack import Limits, SlackSimulator

_numbers = count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A workspace at work, and the Slack it talks to."""

    slack: SlackSimulator
    workspace: SlackWorkspace
    rooms: Sequence[RoomRef]

    @property
    def posts(self) -> int:
        """Messages that Slack has taken so far."""
        return self.slack.meter.accepted["chat.postMessage"]

    @property
    def refusals(self) -> int:
        """How often Slack has said that it was one too many."""
        return len(self.slack.meter.refusals)

    async def thread(self, room: RoomRef) -> ThreadRef:
        """A new conversation's thread."""
        number = next(_numbers)
        card = ConversationCard(
            number=number,
            state=State.ASSIGNED,
            customer=f"Customer {number}",
            channel="Web chat",
            language=Language("en"),
        )
        key = BindingKey(id=BindingId(number), number=number, purpose=Purpose.WORK)
        return await self.workspace.open_thread(key, room, card, ())


def line(text: str) -> OutboundCall:
    """A customer's line."""
    return OutboundCall(
        key=f"bench-{next(_numbers)}",
        kind=CallKind.POST,
        content=text_content(text),
        author=Author.CUSTOMER,
        name="Customer",
    )


@asynccontextmanager
async def scene(
    folder: Path, limits: Limits, *, rooms: int, per_minute: int, per_second: float = 1
) -> AsyncIterator[Scene]:
    """A started workspace with so many rooms."""
    database = _database(folder)
    try:
        async with SlackSimulator.running(limits=limits) as slack, aiohttp.ClientSession() as http:
            app = slack.install("Deskbridge")
            names = [slack.channel(f"room-{n}", app, kind="private") for n in range(rooms)]
            settings = SlackSettings.model_validate(
                {
                    "bot_token": app.bot_token,
                    "app_token": app.app_token,
                    "api_url": slack.api_url,
                    "posts_per_minute": per_minute,
                    "posts_per_channel": per_second,
                }
            )
            context = AdapterContext(
                id="slack",
                brand="Bench",
                public_url="http://127.0.0.1",
                store=database.adapter_store("workspaces.slack"),
                files=database.files,
                clock=SystemClock(),
                secret=lambda purpose: purpose.encode().ljust(32)[:32],
                http=lambda: http,
            )
            workspace = SlackWorkspace(settings, context)
            await workspace.start(Nobody(), ())
            try:
                yield Scene(
                    slack=slack,
                    workspace=workspace,
                    rooms=[RoomRef(each.id) for each in names],
                )
            finally:
                await workspace.stop()
    finally:
        await database.close()


def _database(folder: Path) -> Database:
    folder.mkdir(parents=True)
    migrate(folder / "desk.db")
    return open_database(folder / "desk.db", files_dir=folder / "files")


class Nobody:
    """A desk that takes everything and shows nothing: only sending is measured."""

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        """Taken."""
        return Accepted()

    async def invoke(self, command: CommandInvoked) -> Answer:
        """Nobody asks."""
        return Answer(ok=True, code="ok", text=plain(""))

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        """There is nothing."""
        raise NotFound("nothing is shown here")

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        """Nobody looks."""

    async def changes(self) -> AsyncIterator[str]:
        """Nothing changes."""
        hints: tuple[str, ...] = ()
        for hint in hints:
            yield hint
