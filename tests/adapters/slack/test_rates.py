"""Slack's limits, counted strictly: nothing is ever refused, and little of them is left unused."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from bridge.domain.errors import TemporaryFailure
from bridge.domain.ids import RoomRef, ThreadRef
from bridge.simulators.slack import Fault, Limits, Window
from tests.adapters.slack.rig import SlackRig, serve
from tests.contract.workspace_contract import CARD, binding, call


async def say(rig: SlackRig, thread: ThreadRef, words: str) -> None:
    """As the desk does: ask for a place, then post."""
    await rig.workspace.ready(thread)
    await rig.workspace.post(thread, call(text=words))


async def opened(rig: SlackRig, room: str) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), RoomRef(room), CARD, ())


def rooms(rig: SlackRig, count: int) -> list[str]:
    return [
        rig.slack.channel(f"room-{number}", rig.app, kind="private").id for number in range(count)
    ]


async def test_conversations_that_share_a_channel_take_turns(tmp_path: Path) -> None:
    strict = Limits(channel=Window(calls=1, seconds=0.05))
    async with serve(tmp_path, limits=strict, posts_per_channel=20, posts_per_minute=10_000) as rig:
        threads = [await opened(rig, rig.room.id) for _ in range(10)]

        async def conversation(thread: ThreadRef) -> None:
            for number in range(3):
                await say(rig, thread, f"line {number}")

        await asyncio.gather(*map(conversation, threads))

        posts = [each for each in rig.calls("chat.postMessage") if each.get("thread_ts")]
        order = [each["thread_ts"] for each in posts]
        said: Counter[object] = Counter()
        behind = 0
        for thread in order:
            said[thread] += 1
            behind = max(behind, said[thread] - min(said[ts] for ts in set(order)))
        assert len(posts) == 10 * 3
        assert behind <= 2
        assert rig.slack.meter.refusals == []


async def test_a_crowd_is_told_so_that_lines_can_be_joined(tmp_path: Path) -> None:
    async with serve(tmp_path, posts_per_channel=10) as rig:
        one, two = await opened(rig, rig.room.id), await opened(rig, rig.room.id)

        alone = await rig.workspace.ready(one)
        both = [asyncio.create_task(rig.workspace.ready(each)) for each in (two, two)]
        await asyncio.sleep(0)
        await rig.workspace.post(one, call(text="hello"))
        crowded = await both[0]
        await rig.workspace.post(two, call(text="hello"))
        await both[1]

        assert (alone, crowded) == (False, True)


async def test_a_place_that_was_kept_and_not_used_is_not_lost_for_others(tmp_path: Path) -> None:
    async with serve(tmp_path, posts_per_channel=20) as rig:
        one, two = await opened(rig, rig.room.id), await opened(rig, rig.room.id)
        known = call(text="hello")
        await rig.workspace.post(one, known)

        await rig.workspace.ready(one)
        await rig.workspace.post(one, known)
        await asyncio.wait_for(say(rig, two, "hello"), 4)

        assert len(rig.lines(one)) == len(rig.lines(two)) == 1


async def test_a_refusal_puts_the_channel_to_sleep_and_no_other(tmp_path: Path) -> None:
    async with serve(tmp_path) as rig:
        slow, quick = [await opened(rig, room) for room in rooms(rig, 2)]
        rig.slack.fault(Fault(method="chat.postMessage", kind="rate_limited", retry_after=60))

        with pytest.raises(TemporaryFailure) as refused:
            await say(rig, slow, "hello")
        waiting = asyncio.create_task(say(rig, slow, "hello"))
        await asyncio.wait_for(say(rig, quick, "hello"), 10)

        assert refused.value.retry_after == 60
        assert not waiting.done()
        waiting.cancel()


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_a_hundred_channels_at_once_overdraw_nothing_and_starve_nobody(
    tmp_path: Path,
) -> None:
    # How near they come to a message a second depends on the machine: the bench measures it, and
    # `tests/unit/ports/test_pace.py` shows it in made-up time.
    strict = Limits(channel=Window(calls=1, seconds=1.0))
    async with serve(tmp_path, limits=strict, posts_per_channel=1, posts_per_minute=10_000) as rig:
        threads = [await opened(rig, room) for room in rooms(rig, 100)]

        made = await _talk(rig, threads, 60)

        assert rig.slack.meter.refusals == []
        assert min(made) >= max(made) / 2 > 0


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(300)
async def test_nearly_all_of_a_workspace_limit_is_used_for_three_minutes(tmp_path: Path) -> None:
    strict = Limits(channel=Window(calls=1, seconds=1.0), team=Window(calls=300, seconds=60.0))
    async with serve(tmp_path, limits=strict, posts_per_channel=1, posts_per_minute=300) as rig:
        threads = [await opened(rig, room) for room in rooms(rig, 10)]

        made = await _talk(rig, threads, 180)

        assert rig.slack.meter.refusals == []
        assert sum(made) >= 0.93 * 3 * 300


async def _talk(rig: SlackRig, threads: list[ThreadRef], seconds: float) -> list[int]:
    """How many lines each thread says in that time."""
    end = time.monotonic() + seconds

    async def conversation(thread: ThreadRef) -> int:
        made = 0
        while time.monotonic() < end:
            await say(rig, thread, f"line {made}")
            made += 1
        return made

    return await asyncio.gather(*map(conversation, threads))
