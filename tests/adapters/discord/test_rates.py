"""Discord's limits, counted strictly: nothing is ever refused, and little is left unused."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.routes import route
from bridge.domain.errors import TemporaryFailure
from bridge.domain.ids import RoomRef, ThreadRef
from bridge.ports.calls import CallKind
from bridge.simulators.discord import Fault, Limits, Window
from bridge.simulators.discord.limits import SEND
from tests.adapters.discord.rig import DiscordRig, serve, shown, until
from tests.contract.workspace_contract import CARD, binding, call

EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
STRICT = Limits(
    routes={SEND: Window(calls=5, seconds=0.5)},
    other=Window(calls=10, seconds=0.5),
    everything=Window(calls=50, seconds=0.5),
    threads=Window(calls=50, seconds=5.0),
)
"""Discord's own, ten times as quick. The adapter learns how long windows are from the headers."""


async def say(rig: DiscordRig, thread: ThreadRef, words: str) -> None:
    """As the desk does: ask for a place, then post."""
    await rig.workspace.ready(thread)
    await rig.workspace.post(thread, call(text=words))


async def opened(rig: DiscordRig, room: RoomRef) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), room, CARD, ())


async def test_nothing_is_ever_one_too_many_and_every_thread_keeps_its_order(
    tmp_path: Path,
) -> None:
    async with serve(tmp_path, limits=STRICT, threads_in_room=500) as rig:
        threads = [await opened(rig, rig.forum_ref) for _ in range(8)]

        async def conversation(thread: ThreadRef) -> None:
            for number in range(8):
                await say(rig, thread, f"line {number}")

        await asyncio.gather(*map(conversation, threads))

        for thread in threads:
            assert [shown(each) for each in rig.lines(thread)] == [f"line {n}" for n in range(8)]
        assert rig.discord.meter.refusals == []


async def test_a_burst_of_a_whole_window_goes_out_at_once(tmp_path: Path) -> None:
    long = Limits(routes={SEND: Window(calls=5, seconds=600.0)})
    async with serve(tmp_path, limits=long) as rig:
        thread = await opened(rig, rig.forum_ref)

        for number in range(5):
            await say(rig, thread, f"line {number}")

        assert len(rig.lines(thread)) == 5


async def test_the_limits_of_the_settings_are_kept(tmp_path: Path) -> None:
    async with serve(tmp_path, posts_in_thread=2) as rig:
        thread = await opened(rig, rig.forum_ref)
        for number in range(2):
            await say(rig, thread, f"line {number}")
        third = asyncio.create_task(say(rig, thread, "line 2"))
        to = route("POST", "/channels/{channel_id}/messages", channel_id=thread)
        await until(lambda: rig.workspace.site.discord.budgets.crowded(to))

        assert len(rig.lines(thread)) == 2
        third.cancel()
        await asyncio.gather(third, return_exceptions=True)


async def test_who_waits_in_a_busy_thread_stands_in_nobody_elses_way(tmp_path: Path) -> None:
    long = Limits(routes={SEND: Window(calls=5, seconds=600.0)})
    async with serve(tmp_path, limits=long) as rig:
        busy, quiet = await opened(rig, rig.forum_ref), await opened(rig, rig.forum_ref)
        for number in range(5):
            await say(rig, busy, f"line {number}")
        waiting = asyncio.create_task(say(rig, busy, "line 5"))

        await say(rig, quiet, "hello")

        assert [shown(each) for each in rig.lines(quiet)] == ["hello"]
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_a_crowd_is_told_so_that_lines_can_be_joined(tmp_path: Path) -> None:
    long = Limits(routes={SEND: Window(calls=5, seconds=600.0)})
    async with serve(tmp_path, limits=long) as rig:
        thread = await opened(rig, rig.forum_ref)
        alone = await rig.workspace.ready(thread)
        await rig.workspace.post(thread, call(text="first"))
        for number in range(4):
            await say(rig, thread, f"line {number}")
        waiting = asyncio.create_task(rig.workspace.ready(thread))
        to = route("POST", "/channels/{channel_id}/messages", channel_id=thread)
        await until(lambda: rig.workspace.site.discord.budgets.crowded(to))
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

        assert not alone


async def test_what_discord_refuses_all_the_same_waits_as_long_as_it_says(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        thread = await opened(rig, rig.forum_ref)
        rig.discord.fault(Fault(route=SEND, kind="rate_limited", retry_after=600.0, scope="shared"))
        with pytest.raises(TemporaryFailure) as refused:
            await say(rig, thread, "hello")

        again = asyncio.create_task(say(rig, thread, "hello"))
        other = await opened(rig, rig.forum_ref)
        await say(rig, other, "elsewhere")

        assert refused.value.retry_after == 600.0
        assert not again.done()
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)


async def test_a_limit_of_the_whole_bot_holds_everything(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        thread, other = await opened(rig, rig.forum_ref), await opened(rig, rig.forum_ref)
        rig.discord.fault(Fault(route=SEND, kind="rate_limited", retry_after=600.0, scope="global"))
        with pytest.raises(TemporaryFailure):
            await say(rig, thread, "hello")

        waiting = asyncio.create_task(say(rig, other, "elsewhere"))
        to = route("POST", "/channels/{channel_id}/messages", channel_id=other)
        await until(lambda: rig.workspace.site.discord.budgets.crowded(to))

        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_cards_give_way_to_lines(tmp_path: Path) -> None:
    long = Limits(routes={EDIT: Window(calls=5, seconds=600.0)})
    async with serve(tmp_path, limits=long) as rig:
        thread = await opened(rig, rig.forum_ref)
        line = await rig.workspace.post(thread, call(text="hello"))
        for number in range(3):
            await rig.workspace.post(thread, call(CallKind.EDIT, f"{number}", about=line))

        with pytest.raises(TemporaryFailure):
            await rig.workspace.redraw(thread, replace(CARD, agent="Ana"))
        await rig.workspace.post(thread, call(CallKind.EDIT, "last", about=line))

        assert [shown(each) for each in rig.lines(thread)] == ["last"]


async def test_a_ban_by_a_wall_before_discord_is_waited_out(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        thread = await opened(rig, rig.forum_ref)
        rig.discord.fault(Fault(route=SEND, kind="cloudflare"))

        with pytest.raises(TemporaryFailure) as refused:
            await say(rig, thread, "hello")

        assert refused.value.retry_after
        assert refused.value.retry_after >= 1
