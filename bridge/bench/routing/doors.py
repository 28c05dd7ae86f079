"""What several processes keep for the one that leads, on PostgreSQL: each taken once.

Eight doors keep lines, each over a connection of its own, and whoever leads takes them in pages and
removes what it has taken, as a batch does. All of them share this process's CPU.
"""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop

from bridge.app.storing import Database, leading, open_url
from bridge.bench.failure import BenchFailed
from bridge.domain.content import text_content
from bridge.domain.errors import Overloaded
from bridge.domain.ids import Address, ChannelId, ExternalId, Instant
from bridge.ports.channel import MessageReceived
from bridge.ports.store import Changes

_DOORS = 8
_CUSTOMERS = 32
"""How many write at each door, one line after the other."""
_PAGE = 512
_PAUSE = 0.001


def taken_per_s(url: str, lines: int) -> float:
    """Lines kept and taken in a second, from the first to the last of about so many.

    Raises `BenchFailed` when one was taken twice.
    """
    with tempfile.TemporaryDirectory() as folder:
        return uvloop.run(_measured(url, Path(folder), lines))


async def _measured(url: str, folder: Path, lines: int) -> float:
    async with AsyncExitStack() as stack:
        doors = [await _opened(stack, url, folder) for _ in range(_DOORS)]
        leader = await _opened(stack, url, folder)
        await stack.enter_async_context(leading(leader, patient=True))
        each = lines // (_DOORS * _CUSTOMERS)
        keeping = (
            _keep(door, f"{number}-{customer}", each)
            for number, door in enumerate(doors)
            for customer in range(_CUSTOMERS)
        )
        began = time.perf_counter()
        number = each * _DOORS * _CUSTOMERS
        await asyncio.gather(_take(leader, number), *keeping)
        return number / (time.perf_counter() - began)


async def _opened(stack: AsyncExitStack, url: str, folder: Path) -> Database:
    database: Database = await open_url(url, files_dir=folder)
    stack.push_async_callback(database.close)
    return database


async def _keep(door: Database, customer: str, lines: int) -> None:
    for number in range(lines):
        line = MessageReceived(
            channel=ChannelId("bench"),
            address=Address(customer),
            external_id=ExternalId(f"{customer}-{number}"),
            content=text_content("hello"),
        )
        while True:
            try:
                await door.arrivals.keep(line, None, Instant(0))
            except Overloaded:
                await asyncio.sleep(_PAUSE)
            else:
                break


async def _take(leader: Database, lines: int) -> None:
    taken: set[int] = set()
    while len(taken) < lines:
        waiting = await leader.arrivals.waiting(_PAGE)
        ids = [arrival.id for arrival in waiting]
        if not taken.isdisjoint(ids):
            raise BenchFailed("a line was taken twice")
        taken.update(ids)
        if ids:
            await leader.store.commit(Changes(arrived=ids))
        else:
            await asyncio.sleep(_PAUSE)
