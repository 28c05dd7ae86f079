"""The client of one workspace: its own addresses, frames in their order, nothing kept."""

import asyncio
from contextlib import AsyncExitStack

import discord
import pytest

from bridge.adapters.workspaces.discord.bot import Bot, Frame
from bridge.adapters.workspaces.discord.budget import Budgets
from bridge.adapters.workspaces.discord.client import DiscordClient
from bridge.adapters.workspaces.discord.settings import GATEWAY_URL
from bridge.domain.errors import TemporaryFailure
from bridge.ports.clock import SystemClock
from bridge.simulators.discord import DiscordSimulator


class Ears:
    """A bot at a simulated Discord of its own."""

    def __init__(self, sim: DiscordSimulator, name: str) -> None:
        self.sim = sim
        self.guild, self.app = sim.guild(name, owner="olga"), sim.application(name)
        sim.invite(self.app, self.guild)
        self.ana, self.room = sim.person("ana", self.guild), sim.channel(self.guild, "room")
        self.frames: list[Frame] = []
        self.rest = DiscordClient(self.app.token, sim.api_url, Budgets(SystemClock()))
        self.bot = Bot(self.rest, sim.gateway_url)
        self.bot.hears(self.frames.append)

    async def log_in(self, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(self.rest)
        stack.push_async_callback(self.bot.close)
        await self.bot.login(self.app.token)

    async def open(self, stack: AsyncExitStack) -> None:
        await self.log_in(stack)
        talking = asyncio.create_task(self.bot.converse(None))
        stack.callback(talking.cancel)
        await self.until("GUILD_CREATE")

    async def until(self, event: str) -> None:
        """Wait until this was heard."""
        await self.sim.until(lambda: event in self.heard() or None)

    def heard(self) -> list[str | None]:
        return [frame.t for frame in self.frames]


async def test_two_desks_in_one_process_speak_to_two_discords() -> None:
    async with AsyncExitStack() as stack:
        pair = [
            Ears(await stack.enter_async_context(DiscordSimulator.running()), name)
            for name in ("One", "Two")
        ]
        for each in pair:
            await each.open(stack)

        for each in pair:
            await each.ana.says(each.room, "hello")
            await each.until("MESSAGE_CREATE")

        assert [ears.heard().count("MESSAGE_CREATE") for ears in pair] == [1, 1]
        assert discord.http.Route.BASE == "https://discord.com/api/v10"
        assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == GATEWAY_URL


async def test_frames_come_in_their_order_and_nothing_is_kept() -> None:
    async with DiscordSimulator.running() as sim, AsyncExitStack() as stack:
        ears = Ears(sim, "One")
        await ears.open(stack)

        for number in range(50):
            await ears.ana.says(ears.room, str(number))
        await sim.until(lambda: ears.heard().count("MESSAGE_CREATE") == 50 or None)

        numbers = [frame.s for frame in ears.frames]
        assert numbers == sorted(numbers, key=lambda number: number or 0)
        assert (len(ears.bot.cached_messages), len(ears.bot.guilds)) == (0, 0)


async def test_a_session_goes_on_over_another_connection() -> None:
    async with DiscordSimulator.running() as sim, AsyncExitStack() as stack:
        ears = Ears(sim, "One")
        await ears.log_in(stack)
        first = asyncio.create_task(ears.bot.converse(None))
        await ears.until("GUILD_CREATE")

        await ears.bot.hang_up()
        ended = await first
        await ears.ana.says(ears.room, "missed")
        second = asyncio.create_task(ears.bot.converse(ended.session))
        stack.callback(second.cancel)
        await ears.until("RESUMED")

        assert ended.session is not None
        assert ears.heard()[-2:] == ["MESSAGE_CREATE", "RESUMED"]


async def test_an_end_of_ours_ends_the_session() -> None:
    async with DiscordSimulator.running() as sim, AsyncExitStack() as stack:
        ears = Ears(sim, "One")
        await ears.log_in(stack)
        talking = asyncio.create_task(ears.bot.converse(None))
        await ears.until("GUILD_CREATE")

        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)

        await sim.until(lambda: not sim.hub.of(ears.app) or None)


async def test_a_gateway_that_is_not_there_is_no_end_of_the_world() -> None:
    async with DiscordSimulator.running() as sim, AsyncExitStack() as stack:
        ears = Ears(sim, "One")
        ears.bot = Bot(ears.rest, "ws://127.0.0.1:1/gateway")
        await ears.log_in(stack)

        with pytest.raises(TemporaryFailure):
            await ears.bot.converse(None)
