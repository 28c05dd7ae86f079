"""The Slack workspace alone, in front of a simulated Slack that counts strictly."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.bench.chat import Nobody, conversation, database_in
from bridge.domain.ids import RoomRef, ThreadRef
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext
from bridge.simulators.slack import Limits, SlackSimulator


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
        key, card = conversation()
        return await self.workspace.open_thread(key, room, card, ())


@asynccontextmanager
async def scene(
    folder: Path, limits: Limits, *, rooms: int, per_minute: int, per_second: float = 1
) -> AsyncIterator[Scene]:
    """A started workspace with so many rooms."""
    database = database_in(folder)
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
