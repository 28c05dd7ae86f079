"""The Discord workspace alone, in front of a simulated Discord that counts strictly."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import aiohttp
import msgspec

from bridge.adapters.workspaces.discord.adapter import DiscordWorkspace
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.bench.chat import Nobody, conversation, database_in
from bridge.bench.orders import Discord
from bridge.bench.servers.discord import SEND
from bridge.domain.ids import RoomRef, ThreadRef
from bridge.domain.value import Value
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext

_UNLIMITED, _ANY = 10_000, 1_000
"""What the workspace keeps to where Discord has no limit: calls a second, posts in a thread."""


class _Named(Value):
    id: str


class _App(Value):
    token: str


class _State(Value):
    """What a new simulator has, as `/sim/state` shows it."""

    api_url: str
    gateway_url: str
    apps: list[_App]
    guilds: list[_Named]
    channels: list[_Named]


class _Report(Value):
    """What it has counted, as `/sim/limits` shows it."""

    accepted: dict[str, int]
    refused: list[object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What Discord has been asked so far: messages taken, calls in all, those one too many."""

    posts: int
    calls: int
    refusals: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A workspace at work, and the Discord it talks to."""

    workspace: DiscordWorkspace
    rooms: Iterator[RoomRef]
    """One after another: a forum takes only so many new posts at once."""
    http: aiohttp.ClientSession
    address: str

    async def counts(self) -> Counts:
        """What Discord says."""
        async with self.http.get(f"{self.address}/sim/limits") as answer:
            report = msgspec.json.decode(await answer.read(), type=_Report)
        return Counts(
            posts=report.accepted.get(SEND, 0),
            calls=sum(report.accepted.values()) + len(report.refused),
            refusals=len(report.refused),
        )

    async def thread(self) -> ThreadRef:
        """A new conversation's post in the forum."""
        key, card = conversation()
        return await self.workspace.open_thread(key, next(self.rooms), card, ())


@asynccontextmanager
async def scene(folder: Path, order: Discord, address: str) -> AsyncIterator[Scene]:
    """A started workspace with a few forums at the Discord that was ordered, told its limits."""
    database = database_in(folder)
    try:
        async with aiohttp.ClientSession() as http:
            state = await _state(http, address)
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
            workspace = DiscordWorkspace(_settings(state, order), context)
            await workspace.start(Nobody(), ())
            rooms = cycle([RoomRef(each.id) for each in state.channels])
            try:
                yield Scene(workspace=workspace, rooms=rooms, http=http, address=address)
            finally:
                await workspace.stop()
    finally:
        await database.close()


async def _state(http: aiohttp.ClientSession, address: str) -> _State:
    async with http.get(f"{address}/sim/state") as answer:
        return msgspec.json.decode(await answer.read(), type=_State)


def _settings(state: _State, order: Discord) -> DiscordSettings:
    return DiscordSettings.model_validate(
        {
            "bot_token": state.apps[0].token,
            "guild": state.guilds[0].id,
            "api_url": state.api_url,
            "gateway_url": state.gateway_url,
            "calls_per_second": order.per_second or _UNLIMITED,
            "posts_in_thread": order.in_thread or _ANY,
            "threads_in_room": 10_000,
        }
    )
