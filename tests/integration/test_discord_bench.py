"""What the bench of Discord measures with: its calls are counted rightly, and its goals stand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord.client import DiscordClient
from bridge.adapters.workspaces.discord.routes import route
from bridge.bench.chat import post
from bridge.bench.discord.house import Scene, scene
from bridge.bench.discord.measure import Lengths, Measured
from bridge.bench.goals import DISCORD, Side
from bridge.bench.orders import Discord
from bridge.bench.servers.discord import discord
from bridge.domain.errors import TemporaryFailure

PROMISED = {
    "thread_utilisation": (Side.AT_LEAST, 0.95),
    "bot_utilisation": (Side.AT_LEAST, 0.93),
    "refusals": (Side.AT_MOST, 0),
    "calls_per_line": (Side.AT_MOST, 1.01),
    "slow_utilisation": (Side.AT_LEAST, 0.9),
    "in_flight_utilisation": (Side.AT_LEAST, 0.9),
}
SHORT = Lengths(name="short", threads=2, in_threads=0.1, crowd=2, bot=0.1, slow=0.1, warm_up=0.1)


def test_the_promises_are_written_down_twice_and_agree() -> None:
    held = {goal.key: (goal.side, goal.limit) for goal in DISCORD.goals if goal.side is not None}

    assert held == PROMISED


@asynccontextmanager
async def at_work(folder: Path, order: Discord) -> AsyncIterator[Scene]:
    """A workspace and its Discord, both in this process."""
    async with discord(order) as address, scene(folder / "desk", order, address) as at:
        yield at


def _another(at: Scene) -> DiscordClient:
    """A client with the same bot."""
    return DiscordClient(at.workspace.site.discord.token, f"{at.address}/api/v10")


async def test_a_line_is_one_call(tmp_path: Path) -> None:
    async with at_work(tmp_path, Discord()) as at:
        threads = [await at.thread() for _ in range(3)]
        before = await at.counts()

        for thread in threads * 4:
            await post(at.workspace, thread)

        after = await at.counts()
        assert after.posts - before.posts == 12
        assert after.calls - before.calls == 12


async def test_a_thread_that_is_full_is_waited_for_and_never_refused(tmp_path: Path) -> None:
    async with at_work(tmp_path, Discord(in_thread=2, seconds=0.2)) as at:
        thread = await at.thread()

        for _ in range(5):
            await post(at.workspace, thread)

        counts = await at.counts()
        assert counts.refusals == 0
        assert counts.posts == 5


async def test_a_call_too_many_is_counted(tmp_path: Path) -> None:
    async with at_work(tmp_path, Discord(in_thread=1, seconds=600)) as at:
        to = route("POST", "/channels/{channel_id}/messages", channel_id=await at.thread())
        before = await at.counts()

        async with _another(at) as one, _another(at) as other:  # neither knows of the other
            await one.call(to, {"content": "one"})
            with pytest.raises(TemporaryFailure):
                await other.call(to, {"content": "one too many"})

        after = await at.counts()
        assert (after.posts - before.posts, after.calls - before.calls) == (1, 2)
        assert after.refusals == 1


async def test_every_promise_is_measured(tmp_path: Path) -> None:
    steps: list[str] = []

    figures = await Measured(SHORT, tmp_path, steps.append, discord).figures()

    assert set(PROMISED) <= set(figures)
    assert len(steps) == 4
    assert all(figure.value >= 0 for figure in figures.values())
