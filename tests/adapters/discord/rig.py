"""The adapter in front of a simulated Discord, with a desk that takes everything."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bridge.adapters.common.pauses import Pauses
from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.domain.ids import RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.clock import SystemClock
from bridge.ports.commands import CommandSpec
from bridge.ports.plugin import AdapterContext
from bridge.simulators.common.wire import Json, JsonObject, obj
from bridge.simulators.discord import (
    App,
    Channel,
    DiscordSimulator,
    Guild,
    Limits,
    Message,
    Person,
    Quirks,
    Timing,
)
from tests.adapters.hurry import HURRIED
from tests.adapters.slack.rig import Desk as TakesEverything
from tests.fakes.adapter_memory import FolderFiles, MemoryStore

COMMANDS = (CommandSpec(name="priority"), CommandSpec(name="take"), CommandSpec(name="help"))
# A busy machine is no slow app: nothing here is lost to the clock.
TIMING = Timing(answer_within=20.0)


class Desk(TakesEverything):
    """Counts what it refuses."""

    refused = 0

    def _check(self) -> None:
        self.refused += self.fault is not None
        super()._check()


_UNLIMITED = {
    "calls_per_second": 10_000,
    "calls_of_a_kind": 10_000,
    "posts_in_thread": 1_000,
    "threads_in_room": 10_000,
    "card_edit_seconds": 0.1,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscordRig:
    """A server with two people, a forum and a text channel."""

    discord: DiscordSimulator
    guild: Guild
    app: App
    workspace: DiscordWorkspace
    desk: Desk
    store: MemoryStore
    files: FolderFiles
    ana: Person
    bo: Person
    forum: Channel
    text: Channel

    @property
    def forum_ref(self) -> RoomRef:
        return RoomRef(self.forum.id)

    @property
    def text_ref(self) -> RoomRef:
        return RoomRef(self.text.id)

    def user(self, person: Person) -> WorkspaceUserId:
        return WorkspaceUserId(person.id)

    def thread(self, ref: ThreadRef) -> Channel:
        """A thread as it is now."""
        return self.discord.world.channel(ref)

    def messages(self, thread: ThreadRef) -> list[Message]:
        """What stands in a thread, without Discord's own lines."""
        channels = self.discord.world.channels
        found = self.discord.messages(thread) if thread in channels else []
        return [one for one in found if one.type in (0, 19)]

    def card(self, thread: ThreadRef) -> Message:
        """The thread's card: in the thread, or where the thread hangs."""
        here = self.messages(thread)
        if here and here[0].components:
            return here[0]
        return self.discord.world.message(self.text.id, thread)

    def lines(self, thread: ThreadRef) -> list[Message]:
        card = self.card(thread)
        return [one for one in self.messages(thread) if one.id != card.id]

    def calls(self, route: str) -> list[JsonObject]:
        """The bodies of the accepted writes of one route, oldest first."""
        entries = self.discord.ledger.entries
        return [dict(obj(each.get("body"))) for each in entries if each["what"] == route]


def settings_for(
    discord: DiscordSimulator, app: App, guild: Guild, **more: object
) -> DiscordSettings:
    given = {
        "bot_token": app.token,
        "guild": guild.id,
        "api_url": discord.api_url,
        "gateway_url": discord.gateway_url,
        **more,
    }
    return DiscordSettings.model_validate(given)


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
    commands: Sequence[CommandSpec] = COMMANDS,
    pauses: Pauses = HURRIED,
    **settings: object,
) -> AsyncIterator[DiscordRig]:
    """A started adapter. Unless said otherwise nothing is limited."""
    if limits is None:
        settings = {**_UNLIMITED, **settings}
    async with (
        DiscordSimulator.running(limits=limits, quirks=quirks, timing=timing) as discord,
        aiohttp.ClientSession() as http,
    ):
        guild, app = discord.guild("Acme", owner="olga"), discord.application()
        discord.invite(app, guild)
        ana, bo = discord.person("ana", guild), discord.person("bo", guild)
        forum, text = discord.forum(guild, "support"), discord.channel(guild, "desk")
        store, files, desk = MemoryStore(), FolderFiles(folder), Desk()
        workspace = DiscordWorkspace(
            settings_for(discord, app, guild, **settings),
            context_for(store, files, http),
            pauses,
        )
        try:
            await workspace.start(desk, commands)
            yield DiscordRig(
                discord=discord, guild=guild, app=app, workspace=workspace, desk=desk,
                store=store, files=files, ana=ana, bo=bo, forum=forum, text=text,
            )  # fmt: skip
        finally:
            await workspace.stop()


async def until(true: Callable[[], object], within: float = 30.0) -> None:
    """Wait for something that is not the simulator's own."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - whoever is waited for has no event
            await asyncio.sleep(0.01)


_NAME = re.compile(r"^(?:📝 )?\*\*.*\*\*$")


def shown(message: Message) -> str:
    """A line as its reader sees it, without the name of who speaks."""
    parts = [message.content] if message.content else list(texts(message.components))
    lines = "\n".join(parts).split("\n")
    return as_read("\n".join(lines[1:] if _NAME.match(lines[0]) else lines))


def texts(components: Sequence[Json]) -> Iterator[str]:
    """Every text and every button, in order."""
    for part in map(obj, components):
        if part.get("type") == 10:
            yield str(part.get("content"))
        if part.get("type") == 2:
            yield str(part.get("label"))
        inside = part.get("components")
        yield from texts(inside if isinstance(inside, list) else ())


def as_read(markdown: str) -> str:
    """What Discord's client makes of escaped signs and of bracketed addresses; the rest stays."""
    markdown = re.sub(r"(?<!\\)<(https?://[^>]+)>", r"\1", markdown)
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("\u2060", "")
