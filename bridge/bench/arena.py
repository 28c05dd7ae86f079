"""Everything that is measured against each other, running at the same time and idle by turns."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.bench.children import Child, serving
from bridge.bench.disk import Disk
from bridge.bench.figures import Round
from bridge.bench.load.customers import Crowd, telling
from bridge.bench.load.platform import Platform
from bridge.bench.orders import Bare, Desk, Naive, Order, Relay

CONNECTIONS = 256
"""Customers who write at once where only taking a line is measured."""
CONVERSATIONS = 64
"""Conversations with an agent, whose lines are passed on."""

_WITH_AN_AGENT = range(CONVERSATIONS)
_WAITING = range(1_000, 1_000 + CONNECTIONS)
WARM_UP = 0.15
"""Seconds of writing before each round."""


class Server:
    """A server under test and the customers who write to it."""

    def __init__(self, child: Child, crowd: Crowd) -> None:
        """The crowd is this server's."""
        self._child = child
        self._crowd = crowd

    async def round(self, seconds: float) -> Round:
        """Everybody writes for so long; what the server did in that time."""
        await self._crowd.write(WARM_UP)
        cpu, start = self._child.cpu(), time.perf_counter()
        lines = await self._crowd.write(seconds)
        took, used = time.perf_counter() - start, self._child.cpu() - cpu
        await self._crowd.fall_silent()
        return Round(messages=lines, seconds=took, cpu=used)

    async def under_way(self, platform: Platform, late: float, lines: int, seconds: float) -> float:
        """How many posts wait for their answer, on average over so long.

        Every customer has written so many lines before; the platform is so late only meanwhile.
        """
        platform.late = late
        try:
            await self._crowd.write_ahead(lines)
            waited, start = platform.waited, time.perf_counter()
            await asyncio.sleep(seconds)
            found = (platform.waited - waited) / (time.perf_counter() - start)
        finally:
            platform.late = 0.0
        await self._crowd.all_arrived()
        return found

    async def latencies(self, per_second: float, seconds: float) -> list[float]:
        """Seconds from the writing of a line to its arrival at the platform."""
        return await self._crowd.write_evenly(per_second, seconds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """One desk: where lines are only taken, and where they are passed on, too."""

    inbound: Server
    end_to_end: Server


@dataclass(frozen=True, kw_only=True, slots=True)
class Arena:
    """Baselines that keep nothing, a naive one, and one desk on each disk, seen from two sides.

    On `postgres` is one more, when there is such a database.
    """

    platform: Platform
    bare: Server
    relay: Server
    naive: Server
    inbound: Mapping[Disk, Server]
    end_to_end: Mapping[Disk, Server]
    postgres: Sides | None = None


@asynccontextmanager
async def arena(folders: Mapping[Disk, Path], database_url: str = "") -> AsyncIterator[Arena]:
    """Start all of them side by side; they are ended with the block."""
    async with AsyncExitStack() as stack:
        yield await _Opening(stack).arena(folders, database_url)


class _Opening:
    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._mirrored: list[Crowd] = []

    async def arena(self, folders: Mapping[Disk, Path], database_url: str) -> Arena:
        platform = await Platform.open(telling(self._mirrored))
        self._stack.push_async_callback(platform.close)
        orders = _orders(platform.url, folders, database_url)
        bare, relay, naive, *desks = await self._children(orders)
        on = dict(zip(Disk, desks, strict=False))
        return Arena(
            platform=platform,
            bare=await self._server(bare, _WAITING),
            relay=await self._server(relay, _WITH_AN_AGENT, mirrored=True),
            naive=await self._server(naive, _WAITING),
            # Whoever writes first gets the agent; the others find no free slot and wait.
            end_to_end={
                disk: await self._server(desk, _WITH_AN_AGENT, mirrored=True)
                for disk, desk in on.items()
            },
            inbound={disk: await self._server(desk, _WAITING) for disk, desk in on.items()},
            postgres=await self._sides(desks[-1]) if database_url else None,
        )

    async def _sides(self, desk: Child) -> Sides:
        passed_on = await self._server(desk, _WITH_AN_AGENT, mirrored=True)
        return Sides(end_to_end=passed_on, inbound=await self._server(desk, _WAITING))

    async def _children(self, orders: Sequence[Order]) -> list[Child]:
        """All at once: a start is mostly imports, and there is more than one core."""
        enter = self._stack.enter_async_context
        return await asyncio.gather(*(enter(serving(order)) for order in orders))

    async def _server(
        self, child: Child, numbers: Sequence[int], *, mirrored: bool = False
    ) -> Server:
        """Customers for a server; each has written once, so that all is as in a long-run desk."""
        crowd = await Crowd.open(child.url, numbers, mirrored=mirrored)
        self._stack.callback(crowd.close)
        if mirrored:
            self._mirrored.append(crowd)
        await crowd.write_once()
        return Server(child, crowd)


def _orders(platform: str, folders: Mapping[Disk, Path], database_url: str) -> list[Order]:
    even = str(folders[Disk.EVEN])
    on_postgres = Desk(
        folder=f"{folders[Disk.REAL]}/postgres",
        disk=Disk.REAL,
        platform=platform,
        slots=CONVERSATIONS,
        database_url=database_url,
    )
    return [
        Bare(),
        Relay(platform=platform),
        Naive(folder=even, disk=Disk.EVEN),
        *(
            Desk(folder=str(folders[disk]), disk=disk, platform=platform, slots=CONVERSATIONS)
            for disk in Disk
        ),
        *([on_postgres] if database_url else ()),
    ]
