"""What the bench of Discord measures with: its calls are counted rightly, and its goals stand."""

from pathlib import Path

from bridge.bench.chat import post
from bridge.bench.discord.house import scene
from bridge.bench.discord.measure import Lengths, Measured
from bridge.bench.goals import DISCORD, Side
from bridge.simulators.discord import Limits, Window

PROMISED = {
    "thread_utilisation": (Side.AT_LEAST, 0.95),
    "bot_utilisation": (Side.AT_LEAST, 0.93),
    "refusals": (Side.AT_MOST, 0),
    "calls_per_line": (Side.AT_MOST, 1.01),
    "slow_utilisation": (Side.AT_LEAST, 0.9),
}
SHORT = Lengths(name="short", threads=2, in_threads=0.1, crowd=2, bot=0.1, slow=0.1, warm_up=0.1)


def test_the_promises_are_written_down_twice_and_agree() -> None:
    held = {goal.key: (goal.side, goal.limit) for goal in DISCORD.goals if goal.side is not None}

    assert held == PROMISED


async def test_a_line_is_one_call(tmp_path: Path) -> None:
    async with scene(tmp_path / "desk", Limits.off(), per_second=10_000, in_thread=1_000) as at:
        threads = [await at.thread() for _ in range(3)]
        calls, posts = at.calls, at.posts

        for thread in threads * 4:
            await post(at.workspace, thread)

        assert at.posts - posts == 12
        assert at.calls - calls == 12


async def test_a_thread_that_is_full_is_waited_for_and_never_refused(tmp_path: Path) -> None:
    two = Limits(routes={"POST /channels/{channel_id}/messages": Window(calls=2, seconds=0.2)})
    async with scene(tmp_path / "desk", two, per_second=10_000, in_thread=2) as at:
        thread = await at.thread()

        for _ in range(5):
            await post(at.workspace, thread)

        assert at.refusals == 0
        assert at.posts == 5


async def test_every_promise_is_measured(tmp_path: Path) -> None:
    steps: list[str] = []

    figures = await Measured(lengths=SHORT, folder=tmp_path, tell=steps.append).figures()

    assert set(PROMISED) <= set(figures)
    assert len(steps) == 4
    assert all(figure.value >= 0 for figure in figures.values())
