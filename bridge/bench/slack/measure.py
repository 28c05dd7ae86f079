"""The measurements: how much of each limit is used, who waits for whom, what a line costs."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bridge.bench.chat import busy, endless, line, post
from bridge.bench.figures import Figure, percentile
from bridge.bench.slack.house import Scene, scene
from bridge.domain.ids import ThreadRef
from bridge.simulators.slack import Limits, Window

Told = Callable[[str], None]

STEPS = 4
_ONE = Window(calls=1, seconds=1.0)
_UNLIMITED = 10_000
_WARM_UP = 3.0
_PER_MINUTE = 300
_CROWD = 20
_QUICKER = 4
"""Messages a second in the channel that they share: else the run would last minutes."""
_FLOOD = 40
_MOST_TOGETHER = 20
_CALM_EVERY = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """Seconds of each measurement, and the number of channels of the first."""

    name: str
    channels: int
    per_channel: float
    workspace: float
    shared: float
    slow: float


QUICK = Lengths(name="quick", channels=100, per_channel=10, workspace=20, shared=20, slow=12)
FULL = Lengths(name="full", channels=100, per_channel=60, workspace=180, shared=60, slow=30)


@dataclass(slots=True)
class Measured:
    """One run. `tell` is called at the beginning of every measurement."""

    lengths: Lengths
    folder: Path
    tell: Told
    _values: dict[str, float] = field(default_factory=dict)

    async def figures(self) -> Mapping[str, Figure]:
        """Measure everything."""
        refusals = await self._channels() + await self._workspace()
        refusals += await self._shared() + await self._slow()
        self._values["refusals"] = refusals
        return {key: Figure.of([value]) for key, value in self._values.items()}

    async def _channels(self) -> int:
        """Every channel has a backlog; only the channels' own limits count."""
        number = self.lengths.channels
        self.tell(f"{number} channels, one message a second each")
        limits = Limits(channel=_ONE)
        async with scene(
            self.folder / "channels", limits, rooms=number, per_minute=_UNLIMITED
        ) as at:
            used = await _rate(at, [1] * number, self.lengths.per_channel)
            self._values["channel_utilisation"] = used / number
            return at.refusals

    async def _workspace(self) -> int:
        """Ten channels, and 300 messages a minute for all of them."""
        self.tell(f"{_PER_MINUTE} messages a minute over 10 channels")
        limits = Limits(channel=_ONE, team=Window(calls=_PER_MINUTE, seconds=60.0))
        async with scene(self.folder / "workspace", limits, rooms=10, per_minute=_PER_MINUTE) as at:
            used = await _rate(at, [1] * 10, self.lengths.workspace)
            self._values["workspace_utilisation"] = used * 60 / _PER_MINUTE
            return at.refusals

    async def _shared(self) -> int:
        """Twenty conversations in one channel, each with more lines than it takes."""
        self.tell(f"{_CROWD} conversations in one channel")
        limits = Limits(channel=Window(calls=1, seconds=1 / _QUICKER))
        async with scene(
            self.folder / "shared", limits, rooms=1, per_minute=_UNLIMITED, per_second=_QUICKER
        ) as at:
            threads = [await at.thread(at.rooms[0]) for _ in range(_CROWD)]
            before, posted = at.posts, [0] * _CROWD
            seconds = self.lengths.shared
            async with busy(*(_joined(at, thread, posted, n) for n, thread in enumerate(threads))):
                await asyncio.sleep(seconds)
                calls = at.posts - before
            self._values["calls_per_line"] = calls / max(1, sum(posted))
            self._values["least_served"] = min(posted) * _CROWD / max(1, sum(posted))
            return at.refusals

    async def _slow(self) -> int:
        """Calm channels beside one with a long backlog; then without it."""
        self.tell("calm channels beside a flooded one")
        limits = Limits(channel=_ONE)
        async with scene(self.folder / "slow", limits, rooms=11, per_minute=_UNLIMITED) as at:
            calm = [await at.thread(room) for room in at.rooms[1:]]
            flooded = await at.thread(at.rooms[0])
            alone = await _latencies(at, calm, self.lengths.slow)
            async with busy(*(post(at.workspace, flooded) for _ in range(_FLOOD))):
                beside = await _latencies(at, calm, self.lengths.slow)
            added = 1_000 * (percentile(beside, 0.5) - percentile(alone, 0.5))
            self._values["slow_channel_delay_ms"] = added
            return at.refusals


async def _rate(at: Scene, conversations: list[int], seconds: float) -> float:
    """Messages a second that Slack takes while every conversation has more to say."""
    rooms = [
        room for room, number in zip(at.rooms, conversations, strict=True) for _ in range(number)
    ]
    threads = await asyncio.gather(*(at.thread(room) for room in rooms))
    async with busy(*(endless(at.workspace, thread) for thread in threads)):
        await asyncio.sleep(_WARM_UP)
        before, began = at.posts, time.perf_counter()
        await asyncio.sleep(seconds)
        return (at.posts - before) / (time.perf_counter() - began)


async def _joined(at: Scene, thread: ThreadRef, posted: list[int], n: int) -> None:
    """The way the desk posts lines that have piled up meanwhile: two a second here."""
    began, done = time.perf_counter(), 0
    while True:
        crowded = await at.workspace.ready(thread)
        waiting = int((time.perf_counter() - began) * 2) + 1 - done
        group = [
            line(f"line {done + each}") for each in range(max(1, min(waiting, _MOST_TOGETHER)))
        ]
        if crowded and len(group) > 1:
            await at.workspace.post_together(thread, group)
            done += len(group)
        else:
            await at.workspace.post(thread, group[0])
            done += 1
        posted[n] = done


async def _latencies(at: Scene, threads: list[ThreadRef], seconds: float) -> list[float]:
    """Seconds from a line to its message, one line now and then in each of these."""
    taken: list[float] = []

    async def now_and_then(thread: ThreadRef, offset: float) -> None:
        await asyncio.sleep(offset)
        while True:
            began = time.perf_counter()
            await post(at.workspace, thread)
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(_CALM_EVERY)

    spread = _CALM_EVERY / len(threads)
    async with busy(*(now_and_then(thread, n * spread) for n, thread in enumerate(threads))):
        await asyncio.sleep(seconds)
    return taken
