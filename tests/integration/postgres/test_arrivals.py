"""What comes to processes that do not run the desk, on a database that is slow, full or away."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bridge.bench.routing.doors import taken_per_s
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import Instant
from bridge.ports.store import JournalEntry
from storage.postgres.arrivals import BY_INDEX, MOST_WAITING, PostgresArrivals
from storage.postgres.compiled import SQL
from storage.postgres.connect import connect
from storage.postgres.transaction import Fence, together
from tests.contract import rows
from tests.contract.arrivals_contract import line, said
from tests.integration.postgres.test_trouble import WAITING
from tests.integration.postgres.wire import Wire, socket_of, through
from tests.patience import PATIENCE, seen, until

AT = rows.at(10)
MANY = 20_000
PATIENT = BY_INDEX | {"lock_timeout": "0", "statement_timeout": "0"}


@dataclass(frozen=True)
class Door:
    """A process that keeps arrivals, behind a wire that can break."""

    url: str
    wire: Wire
    arrivals: PostgresArrivals

    async def somebody(self, statement: str) -> object:
        """What somebody else does with the same database."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    async def keeps(self, *names: str) -> None:
        """All of them at once."""
        await asyncio.gather(*(self.arrivals.keep(line(name), None, AT) for name in names))

    @asynccontextmanager
    async def blocked(self) -> AsyncIterator[None]:
        """Nothing can be kept meanwhile."""
        blocker = await asyncpg.connect(self.url)
        try:
            async with blocker.transaction():
                await blocker.execute("LOCK TABLE arrival IN SHARE MODE")
                yield
        finally:
            await blocker.close()

    async def waits(self) -> list[str]:
        """What is there."""
        return said(await self.arrivals.waiting(100))


@pytest.fixture
async def door(postgres_url: str) -> AsyncIterator[Door]:
    """An empty database; whoever keeps something waits as long as need be."""
    with tempfile.TemporaryDirectory(prefix="wire") as folder:
        wire = Wire(socket_of(postgres_url), Path(folder))
        async with wire.open():
            url = through(postgres_url, Path(folder))
            arrivals = PostgresArrivals(partial(connect, url, **PATIENT), told_within=PATIENCE)
            yield Door(postgres_url, wire, arrivals)
            await arrivals.close()


# --- groups ---------------------------------------------------------------------------------


async def test_all_who_wait_share_one_transaction_and_one_bell(door: Door) -> None:
    await door.keeps(*(f"{number}" for number in range(300)))

    assert await door.somebody("SELECT count(*) FROM arrival") == 300
    assert await door.somebody("SELECT count(DISTINCT xmin::text) FROM arrival") == 1
    assert await door.somebody("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'inbox'") == 1


async def test_one_that_the_database_refuses_is_refused_alone(door: Door) -> None:
    too_late = Instant(2**70)

    *kept, refused = await asyncio.gather(
        door.arrivals.keep(line("a"), None, AT),
        door.arrivals.keep(line("b"), None, AT),
        door.arrivals.keep(line("c"), None, too_late),
        return_exceptions=True,
    )

    assert kept == [None, None]
    assert isinstance(refused, StorageUnavailable)
    assert await door.waits() == ["a", "b"]


async def test_an_entry_with_a_sign_that_no_text_may_have_is_kept_without_it(door: Door) -> None:
    entry = JournalEntry(adapter="web", journal="visitor:\0", key="k\0", body=b"\0")

    await door.arrivals.keep(line("a"), entry, AT)

    (kept,) = await door.arrivals.waiting(1)
    assert kept.entry is not None
    assert (kept.entry.journal, kept.entry.body) == ("visitor:\ufffd", b"\0")


# --- trouble --------------------------------------------------------------------------------


async def test_a_lost_answer_is_no_and_the_row_may_be_there_all_the_same(door: Door) -> None:
    await door.keeps("before")
    async with door.blocked():
        first = asyncio.ensure_future(door.keeps("a"))
        await seen(lambda: door.somebody(WAITING), 1)

        door.wire.cut()

        with pytest.raises(StorageUnavailable):
            await first
    await door.keeps("a")
    assert set(await door.waits()) == {"before", "a"}


async def test_who_is_not_told_in_time_is_told_no(door: Door) -> None:
    hasty = PostgresArrivals(partial(connect, door.url, **PATIENT), told_within=0.2)
    async with door.blocked():
        with pytest.raises(StorageUnavailable):
            await hasty.keep(line("a"), None, AT)

    await hasty.close()


async def test_a_database_that_comes_back_is_used_again(door: Door) -> None:
    await door.keeps("a")
    door.wire.let.clear()
    door.wire.cut()

    with pytest.raises(StorageUnavailable):
        await door.keeps("b")
    with pytest.raises(StorageUnavailable):
        await door.arrivals.waiting(1)

    door.wire.let.set()
    await door.keeps("c")
    assert await door.waits() == ["a", "c"]


async def test_a_closed_one_keeps_nothing(door: Door) -> None:
    await door.keeps("a")

    await door.arrivals.close()

    with pytest.raises(StorageUnavailable):
        await door.keeps("b")


# --- too much -------------------------------------------------------------------------------


async def test_while_too_much_waits_in_the_database_nothing_is_taken(door: Door) -> None:
    await door.somebody(
        f"INSERT INTO arrival (at, body) SELECT 1, '{{}}' FROM generate_series(1, {MOST_WAITING})"  # noqa: S608 - a number
    )
    await door.keeps("the one that finds out")

    with pytest.raises(Overloaded):
        await door.keeps("b")

    await door.somebody("DELETE FROM arrival")
    await until(lambda: not door.arrivals.overloaded)
    await door.keeps("c")
    await door.keeps("d")
    assert await door.waits() == ["c", "d"]


async def test_while_too_many_wait_for_the_database_nobody_else_may(door: Door) -> None:
    async with door.blocked():
        first = asyncio.ensure_future(door.keeps("first"))
        await seen(lambda: door.somebody(WAITING), 1)
        rest = asyncio.ensure_future(door.keeps(*(f"{n}" for n in range(MOST_WAITING))))
        await until(lambda: door.arrivals.overloaded)

        with pytest.raises(Overloaded):
            await door.keeps("one too many")

    await asyncio.gather(first, rest)
    assert await door.somebody("SELECT count(*) FROM arrival") == 1 + MOST_WAITING


async def test_what_eight_doors_keep_is_taken_once_each(postgres_url: str) -> None:
    """As the benchmark does it, which fails when one is taken twice."""
    assert await asyncio.to_thread(taken_per_s, postgres_url, 1_024) > 0


# --- what was removed is not gone through again ----------------------------------------------


async def _touched(connection: asyncpg.Connection, prepared: str, *values: object) -> int:
    """How many pages a prepared statement reads; only by the index."""
    given = ", ".join("NULL" if value is None else repr(value) for value in values)
    how = "ANALYZE, BUFFERS, FORMAT JSON"
    found = await connection.fetchval(f"EXPLAIN ({how}) EXECUTE {prepared}({given})")
    text = json.dumps(found if isinstance(found, list) else json.loads(found))
    assert '"Seq Scan"' not in text, text
    assert '"pk_arrival"' in text, text
    return _most_pages(json.loads(text)[0]["Plan"])


def _most_pages(plan: dict[str, Any]) -> int:  # the database's own words
    """Of any part of a plan: the whole does not count what is written on the way."""
    parts = [_most_pages(part) for part in plan.get("Plans", ())]
    own = int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
    return max(own, *parts, 0)


async def test_neither_the_fence_nor_a_look_goes_through_what_was_removed(
    postgres_url: str,
) -> None:
    """Somebody reads for hours, a backup say, and the database can tidy up nothing meanwhile."""
    fence, look = await connect(postgres_url), await connect(postgres_url, **BY_INDEX)
    reader, mark = await asyncpg.connect(postgres_url), count()
    await fence.execute(f"PREPARE fence AS {together((), Fence.OPEN)}")
    await look.execute(f"PREPARE look AS {SQL['waiting_arrivals']}")
    for _ in range(2):  # planned while the table is empty, and never again
        await _touched(fence, "fence", next(mark), 0)
        await _touched(look, "look", 0, 512)
    backup = reader.transaction(isolation="repeatable_read")
    await backup.start()
    await reader.fetchval("SELECT count(*) FROM arrival")
    inserted = f"SELECT 1, '{{}}' FROM generate_series(1, {MANY})"  # noqa: S608 - a number
    await look.execute(f"INSERT INTO arrival (at, body) {inserted}")
    await look.execute("DELETE FROM arrival")
    behind = await look.fetchval("SELECT last_value FROM arrival_id_seq")

    everything = await _touched(fence, "fence", next(mark), 0)
    nothing = (
        await _touched(fence, "fence", next(mark), behind),
        await _touched(look, "look", behind, 512),
    )

    assert everything > 100
    assert max(nothing) < 10
    await backup.rollback()
    for connection in (fence, look, reader):
        await connection.close()
