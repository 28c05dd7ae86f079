"""A whole desk on a past, its customers, and what a line of theirs costs it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random

from bridge.bench.arena import CONNECTIONS, CONVERSATIONS, WARM_UP
from bridge.bench.children import Child, serving
from bridge.bench.disk import Disk
from bridge.bench.history import block
from bridge.bench.history.server import Server, Used, between
from bridge.bench.load.customers import Crowd, telling
from bridge.bench.load.platform import Platform
from bridge.bench.orders import Desk, Past

_WITH_AN_AGENT = range(CONVERSATIONS)
_WAITING = range(1_000, 1_000 + CONNECTIONS)
_BACK = range(2_000, 2_128)


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of two desks. Every cost is CPU seconds of a line, PostgreSQL's processes among them."""

    child: Child
    server: Server
    hours: int
    mirrored: Crowd
    waiting: Crowd
    random: Random

    async def taken(self, seconds: float) -> float:
        """Lines of customers who wait."""
        return await self._written(self.waiting, seconds)

    async def passed_on(self, seconds: float) -> float:
        """Lines of customers who have an agent, posted in their threads."""
        return await self._written(self.mirrored, seconds)

    async def back(self) -> float:
        """First lines of customers of the past: they are known, and in no conversation."""
        names = {each: self._somebody() for each in _BACK}
        crowd = await Crowd.open(self.child.url, _BACK, mirrored=False, names=names)
        try:
            ours, theirs = self.child.cpu(), await self.server.used()
            await crowd.write_once()
            return await self._used(ours, theirs) / len(_BACK)
        finally:
            crowd.close()

    async def _written(self, crowd: Crowd, seconds: float) -> float:
        await crowd.write(WARM_UP)
        ours, theirs = self.child.cpu(), await self.server.used()
        lines = await crowd.write(seconds)
        used = await self._used(ours, theirs)
        await crowd.fall_silent()
        return used / lines

    async def _used(self, ours: float, theirs: Used) -> float:
        used = self.child.cpu() - ours
        return used + between(theirs, await self.server.used())

    def _somebody(self) -> str:
        place = self.random.randrange(block.CONVERSATIONS)
        return block.address(self.random.randrange(self.hours), place)


COSTS: Mapping[str, Callable[[Side, float], Awaitable[float]]] = {
    "taken": Side.taken,
    "passed_on": Side.passed_on,
    "back": lambda side, _: side.back(),
}
"""By what their figures are called."""


@asynccontextmanager
async def sides(*pasts: Past) -> AsyncIterator[list[Side]]:
    """A desk on each of them, with customers who have written once."""
    crowds: list[Crowd] = []
    async with AsyncExitStack() as undo:
        platform = await Platform.open(telling(crowds))
        undo.push_async_callback(platform.close)
        yield [await _side(past, platform.url, crowds, undo) for past in pasts]


async def _side(past: Past, platform: str, crowds: list[Crowd], undo: AsyncExitStack) -> Side:
    """Who comes first has an agent, the others wait."""
    order = Desk(
        folder=past.folder,
        disk=Disk.REAL,
        platform=platform,
        slots=CONVERSATIONS,
        database_url=past.database_url,
    )
    child = await undo.enter_async_context(serving(order))
    server = await Server.of(past.database_url)
    undo.push_async_callback(server.close)
    opened = []
    for numbers, mirrored in ((_WITH_AN_AGENT, True), (_WAITING, False)):
        crowd = await Crowd.open(child.url, numbers, mirrored=mirrored)
        undo.callback(crowd.close)
        crowds.append(crowd)
        await crowd.write_once()
        opened.append(crowd)
    with_agents, without = opened
    return Side(child, server, past.hours, with_agents, without, Random(2))
