"""A simulated Discord: one server, a bot that may do everything in it, and a few forums."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.bench.orders import Discord
from bridge.simulators.discord import DiscordSimulator, Fault, Limits, Window

SEND = "POST /channels/{channel_id}/messages"


@asynccontextmanager
async def discord(order: Discord) -> AsyncIterator[str]:
    """Where it is; what it has, and what it has counted, are read under `/sim`."""
    async with DiscordSimulator.running(limits=_limits(order)) as simulator:
        guild, app = simulator.guild("Bench"), simulator.application()
        simulator.invite(app, guild, ALL)
        for number in range(order.rooms):
            simulator.forum(guild, f"room-{number}")
        if order.late:
            simulator.fault(Fault(route="*", kind="delay", seconds=order.late, times=None))
        yield simulator.world.address


def _limits(order: Discord) -> Limits:
    """Strictly as ordered, and no others."""
    thread = Window(calls=order.in_thread, seconds=order.seconds)
    bot = Window(calls=order.per_second, seconds=1.0)
    return Limits(
        routes={SEND: thread} if order.in_thread else {},
        everything=bot if order.per_second else None,
    )
