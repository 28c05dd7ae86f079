"""Lines that several processes of one desk take on PostgreSQL: in order, and each once."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

import storage
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Instant
from bridge.domain.message import Message
from bridge.engine.engine import Engine
from bridge.ports.arrivals import Arrivals
from bridge.ports.channel import MessageReceived
from storage import Database
from storage.mapping.lines import message
from tests.fakes.doors import Customer, House, NoCourier, Step, Street, crash, walk
from tests.integration.postgres.arriving import engine_over, keep
from tests.leading import Leader
from tests.patience import PATIENCE

DOORS = 3
CUSTOMERS = 3
_LINES = "SELECT * FROM message WHERE author = 'customer' ORDER BY id"


async def lines(url: str) -> list[Message]:
    """All that is stored of customers, in its order."""
    connection = await asyncpg.connect(url)
    try:
        return [message(tuple(row)) for row in await connection.fetch(_LINES)]
    finally:
        await connection.close()


class Postgres(House):
    """Several who have one database open; the first one decides."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._others: list[Database] = []

    async def open(self) -> None:
        self._others = [await self._opened() for _ in range(DOORS - 1)]
        self.arrivals = [other.arrivals for other in self._others]
        await self._begin()

    async def close(self) -> None:
        await self.engine.stop()
        await self._end()
        for other in self._others:
            await other.close()

    async def replace(self) -> None:
        await crash(self.engine)
        await self._end()
        await self._begin()

    async def lines(self) -> Sequence[Message]:
        return await lines(self._url)

    async def _begin(self) -> None:
        self._database = await self._opened()
        self._leader = Leader(self._database)
        await self._leader.begin()
        self.engine: Engine = engine_over(self._database)
        await self.engine.start(NoCourier())

    async def _end(self) -> None:
        await self._leader.end()
        await self._database.close()

    async def _opened(self) -> Database:
        return await storage.open_url(self._url, files_dir=self._folder)


class Passing(Street):
    """Time passes there as it does outside."""

    async def waits(self, turns: int) -> None:
        await asyncio.sleep(turns / 1_000)


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Postgres]:
    """A desk of several processes."""
    house = Postgres(url, folder)
    await house.open()
    yield house
    await house.close()


@asynccontextmanager
async def opened_beside(url: str, folder: Path) -> AsyncIterator[Database]:
    """A process that does not decide."""
    database = await storage.open_url(url, files_dir=folder)
    yield database
    await database.close()


async def kept(arrivals: Arrivals, line: MessageReceived, at: Instant) -> None:
    """As a platform sends it: again, until it is told that it was taken."""
    while True:
        with suppress(StorageUnavailable):
            return await arrivals.keep(line, None, at)


def said(stored: Sequence[Message]) -> list[str]:
    """What they say."""
    return [each.content.words() for each in stored]


async def test_a_line_acknowledged_elsewhere_comes_before_a_later_one_to_whoever_decides(
    postgres_url: str, tmp_path: Path
) -> None:
    async with opened(postgres_url, tmp_path) as house:
        for number in range(1, 7):
            line = Customer("bia", said=number).line()
            if number % 3:
                await kept(house.arrivals[number % 3 - 1], line, Instant(number))
            else:
                await house.engine.accept(line)

        assert said(await house.lines()) == ["1", "2", "3", "4", "5", "6"]


async def test_a_line_to_whoever_decides_comes_before_a_later_one_acknowledged_elsewhere(
    postgres_url: str, tmp_path: Path
) -> None:
    async with opened(postgres_url, tmp_path) as house:
        await house.engine.accept(Customer("bia", said=1).line())
        await kept(house.arrivals[0], Customer("bia", said=2).line(), Instant(2))
        await house.engine.arrived()
        await house.engine.accept(Customer("bia", said=3).line())

        assert said(await house.lines()) == ["1", "2", "3"]


def _day(chance: random.Random, length: int) -> list[Step]:
    """Anything, in any order."""
    steps: list[Step] = []
    for _ in range(length):
        name = chance.choice(["says"] * 6 + ["again", "rings", "rings", "waits"])
        match name:
            case "rings":
                steps.append((name, ()))
            case "waits":
                steps.append((name, (chance.randrange(8),)))
            case _:
                steps.append((name, (chance.randrange(CUSTOMERS), chance.randrange(DOORS))))
    steps.insert(length // 2, ("dies", ()))
    return steps


async def _walked(url: str, folder: Path, steps: Sequence[Step]) -> None:
    async with opened(url, folder) as house:
        await walk(Passing(house, CUSTOMERS), steps)


async def test_every_line_is_there_once_and_in_its_customers_order(
    postgres_url: str, tmp_path: Path
) -> None:
    await _walked(postgres_url, tmp_path, _day(random.Random(7), 80))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
async def test_so_it_is_on_many_days(postgres_url: str, tmp_path: Path, seed: int) -> None:
    await _walked(postgres_url, tmp_path, _day(random.Random(seed), 300))


async def _killed(point: str, url: str, folder: Path, *numbers: int) -> list[str]:
    """Let a process go as far as this; gives what it acknowledged."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.postgres.arriving",
        url,
        str(folder),
        *(str(number) for number in numbers),
        env=os.environ | {"FAILPOINT": f"{point}:kill"},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL, point
    return out.decode().split()


@pytest.mark.long
@pytest.mark.crash
async def test_wherever_a_process_is_killed_each_line_has_one_effect(
    postgres_url: str, tmp_path: Path
) -> None:
    """One is killed between any two steps of a line's way: four processes, which takes a while."""
    acknowledged = await _killed("arrivals.kept:3", postgres_url, tmp_path, 1, 2, 3)
    async with opened_beside(postgres_url, tmp_path) as other:
        await keep(other, 3, 4)  # nobody told the platform that 3 was kept: it brings it again

    for point in ("arrivals.taken:1", "writer.begin:1", "writer.committed:1"):
        before = said(await lines(postgres_url))
        await _killed(point, postgres_url, tmp_path)
        assert before == []

    assert acknowledged == ["1", "2"]
    async with opened(postgres_url, tmp_path) as house:
        await house.engine.accept(Customer("bia", said=5).line())
        assert said(await house.lines()) == ["1", "2", "3", "4", "5"]
