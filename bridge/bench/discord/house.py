"""The Discord workspace alone, in front of a simulated Discord that counts strictly."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import aiohttp

from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.bench.chat import Nobody, conversation, database_in
from bridge.domain.ids import RoomRef, ThreadRef
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext
from bridge.simulators.discord import App, DiscordSimulator, Fault, Guild, Limits

_ROOMS = 20
SEND = "POST /channels/{channel_id}/messages"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A workspace at work, and the Discord it talks to."""

    discord: DiscordSimulator
    workspace: DiscordWorkspace
    rooms: Iterator[RoomRef]
    """One after another: a forum takes only so many new posts at once."""

    @property
    def posts(self) -> int:
        """Messages that Discord has taken so far."""
        return self.discord.meter.accepted[SEND]

    @property
    def calls(self) -> int:
        """Everything that it was asked for, refused or not."""
        return len(self.discord.rest.calls)

    @property
    def refusals(self) -> int:
        """How often Discord has said that it was one too many."""
        return len(self.discord.meter.refusals)

    async def thread(self) -> ThreadRef:
        """A new conversation's post in the forum."""
        key, card = conversation()
        return await self.workspace.open_thread(key, next(self.rooms), card, ())

    def answers_after(self, seconds: float) -> None:
        """From now on Discord is that slow."""
        self.discord.fault(Fault(route="*", kind="delay", seconds=seconds, times=None))


@asynccontextmanager
async def scene(
    folder: Path, limits: Limits, *, per_second: int, in_thread: int
) -> AsyncIterator[Scene]:
    """A started workspace with a few forums."""
    database = database_in(folder)
    try:
        async with (
            DiscordSimulator.running(limits=limits) as discord,
            aiohttp.ClientSession() as http,
        ):
            guild, app = discord.guild("Bench"), discord.application()
            discord.invite(app, guild, ALL)
            rooms = [RoomRef(discord.forum(guild, f"room-{n}").id) for n in range(_ROOMS)]
            settings = _settings(discord, guild, app, per_second, in_thread)
            context = AdapterContext(
                id="discord",
                brand="Bench",
                public_url="http://127.0.0.1",
                store=database.adapter_store("workspaces.discord"),
                files=database.files,
                clock=SystemClock(),
                secret=lambda purpose: purpose.encode().ljust(32)[:32],
                http=lambda: http,
            )
            workspace = DiscordWorkspace(settings, context)
            await workspace.start(Nobody(), ())
            try:
                yield Scene(discord=discord, workspace=workspace, rooms=cycle(rooms))
            finally:
                await workspace.stop()
    finally:
        await database.close()


def _settings(
    discord: DiscordSimulator, guild: Guild, app: App, per_second: int, in_thread: int
) -> DiscordSettings:
    return DiscordSettings.model_validate(
        {
            "bot_token": app.token,
            "guild": guild.id,
            "api_url": discord.api_url,
            "gateway_url": discord.gateway_url,
            "calls_per_second": per_second,
            "posts_in_thread": in_thread,
            "threads_in_room": 10_000,
        }
    )
