"""Does it stay as it is? A steady trickle for a long while, then a storm in one conversation."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

from bridge.bench.arena import CONVERSATIONS
from bridge.bench.children import Child, serving
from bridge.bench.disk import Disk
from bridge.bench.figures import Figure, percentile
from bridge.bench.goals import POSTGRES
from bridge.bench.load.customers import Crowd, telling
from bridge.bench.load.platform import Platform
from bridge.bench.orders import Desk

PER_SECOND = 20.0
"""Lines in a second, over all conversations."""
_LOOKS = 5.0
_AT_ONCE = 2.0
_TEN_MINUTES = 600.0
_MEGABYTE = 1e6

Told = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """Seconds that each part takes; of `storms` there are so many, each after a quiet while.

    Before all else come `lines` without a pause: then every cache is as full as it gets.
    """

    name: str
    lines: int
    warm_up: float
    trickle: float
    storm: float
    storms: int

    @property
    def steps(self) -> int:
        """How many steps a run has."""
        return 3 + self.storms


QUICK = Lengths(name="quick", lines=30_000, warm_up=180, trickle=600, storm=15, storms=4)
FULL = Lengths(name="full", lines=100_000, warm_up=600, trickle=6 * 3_600, storm=30, storms=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """At a process from outside: when, its memory, its open files and connections."""

    at: float
    bytes: int
    files: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _House:
    """A desk and its customers; `mirrored` are all who are told what arrives."""

    child: Child
    crowd: Crowd
    mirrored: list[Crowd]

    async def fill(self, lines: int) -> None:
        """Write so many lines, as fast as they are taken."""
        while self.crowd.through < lines:
            await self.crowd.write(_AT_ONCE)
        await self.crowd.fall_silent()

    async def trickle(self, seconds: float) -> list[float]:
        """Seconds that each line took."""
        return await self.crowd.write_evenly(PER_SECOND, seconds)

    async def storm(self, seconds: float, number: int) -> list[float]:
        """The same, while somebody else, of this number, writes line after line."""
        talker = await Crowd.open(self.child.url, [number], mirrored=True)
        self.mirrored.append(talker)
        storm = asyncio.create_task(talker.write(seconds))
        try:
            return await self.trickle(seconds)
        finally:
            await storm
            await talker.fall_silent()
            self.mirrored.remove(talker)
            talker.close()

    def look(self) -> Look:
        """At the process from outside."""
        return Look(at=time.monotonic(), bytes=self.child.memory(), files=self.child.files())


@dataclass(frozen=True, kw_only=True, slots=True)
class Soak:
    """One run, on SQLite and beside it on PostgreSQL where there is one."""

    lengths: Lengths
    folder: Path
    tell: Told
    database_url: str = ""

    async def figures(self) -> Mapping[str, Figure]:
        """Measure everything. Raises `BenchFailed` when a line does not get through."""
        self.tell("starting the desks")
        slots = CONVERSATIONS + self.lengths.storms
        async with _houses(self.folder, self.database_url, slots) as houses:
            found = await asyncio.gather(*(self._watched(each) for each in houses.values()))
            storms = await self._storms(list(houses.values()))
        return {
            key + suffix: figure
            for suffix, soaked, stormy in zip(houses, found, storms, strict=True)
            for key, figure in (soaked | stormy).items()
        }

    async def _watched(self, house: _House) -> dict[str, Figure]:
        minutes = self.lengths.trickle / 60
        self.tell(
            f"warming up: {self.lengths.lines:,} lines, {self.lengths.warm_up / 60:g} minutes"
        )
        await house.fill(self.lengths.lines)
        await house.trickle(self.lengths.warm_up)
        self.tell(f"{PER_SECOND:g} lines a second for {minutes:g} minutes")
        looks = [house.look()]
        looking = asyncio.create_task(_look_on(house, looks))
        try:
            took = await house.trickle(self.lengths.trickle)
        finally:
            looking.cancel()
        looks.append(house.look())
        return {
            "soak_growth_mb": Figure.of([growth(looks)]),
            "soak_files": Figure.of([abs(looks[-1].files - looks[0].files)]),
            "soak_rss_mb": Figure.of([each.bytes / _MEGABYTE for each in looks]),
            "soak_p99_ms": Figure.of([1e3 * percentile(took, 0.99)]),
        }

    async def _storms(self, houses: Sequence[_House]) -> list[dict[str, Figure]]:
        """One desk after the other: a storm in one must not be the other's weather."""
        ratios: list[list[float]] = [[] for _ in houses]
        for turn in range(self.lengths.storms):
            self.tell(f"quiet, then a storm in one conversation, {turn + 1}")
            for house, of in zip(houses, ratios, strict=True):
                quiet = await house.trickle(self.lengths.storm)
                stormy = await house.storm(self.lengths.storm, CONVERSATIONS + turn)
                of.append(percentile(stormy, 0.99) / percentile(quiet, 0.99))
        return [{"storm_p99_ratio": Figure.of(each)} for each in ratios]


def growth(looks: Sequence[Look]) -> float:
    """Megabytes that the process grows by in ten minutes: the slope through every look.

    Each look is the median of five neighbours: what a start of the collector takes and gives back
    in between is no growth.
    """
    windows = [looks[at : at + 5] for at in range(max(len(looks) - 4, 1))]
    if len(windows) < 2:
        return (looks[-1].bytes - looks[0].bytes) / _MEGABYTE
    times = [median(each.at for each in window) for window in windows]
    sizes = [median(each.bytes for each in window) / _MEGABYTE for window in windows]
    return linear_regression(times, sizes).slope * _TEN_MINUTES


async def _look_on(house: _House, looks: list[Look]) -> None:
    while True:
        await asyncio.sleep(_LOOKS)
        looks.append(house.look())


@asynccontextmanager
async def _houses(folder: Path, database_url: str, slots: int) -> AsyncIterator[dict[str, _House]]:
    """By what is added to the keys of their figures."""
    crowds: list[Crowd] = []
    async with AsyncExitStack() as stack:
        platform = await Platform.open(telling(crowds))
        stack.push_async_callback(platform.close)
        houses = {}
        for suffix, url in (("", ""), *([(POSTGRES, database_url)] if database_url else ())):
            order = Desk(
                folder=str(folder / f"soak{suffix}"),
                disk=Disk.REAL,
                platform=platform.url,
                slots=slots,
                database_url=url,
            )
            child = await stack.enter_async_context(serving(order))
            crowd = await Crowd.open(child.url, range(CONVERSATIONS), mirrored=True)
            stack.callback(crowd.close)
            crowds.append(crowd)
            await crowd.write_once()
            houses[suffix] = _House(child=child, crowd=crowd, mirrored=crowds)
        yield houses
