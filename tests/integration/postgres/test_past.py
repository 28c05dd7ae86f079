"""The bench's long pasts on PostgreSQL: what the server copies without looking up references."""

from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from bridge.bench.history import block, copies
from bridge.bench.history.places import opened
from bridge.bench.history.room import databases
from bridge.bench.history.server import Server, between
from bridge.bench.orders import Past
from storage.postgres.connect import end
from storage.tables import metadata

HOURS = 3


async def test_every_hour_is_as_full_as_the_first_and_refers_to_nothing_that_is_not_there(
    postgres_url: str, tmp_path: Path
) -> None:
    past = Past(folder=str(tmp_path), hours=HOURS, database_url=postgres_url)
    async with opened(past) as database:
        await block.first_hour(database.store, HOURS)

    async for _ in copies.made(past):
        pass

    connection = await asyncpg.connect(postgres_url)
    rows = {
        table: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - ours
        for table in copies.TABLES
    }
    assert rows["message"] == HOURS * block.BLOCK
    assert all(count % HOURS == 0 and count for count in rows.values()), rows
    assert [each for each in _references() if await connection.fetchval(each)] == []
    await end(connection)


async def test_a_run_has_databases_of_its_own_and_removes_them(postgres_url: str) -> None:
    async with databases(postgres_url, ("short", "long")) as made:
        for url in made.values():
            await end(await asyncpg.connect(url))
    connection = await asyncpg.connect(postgres_url)

    names = [urlsplit(url).path.removeprefix("/") for url in made.values()]
    left = await connection.fetch("SELECT 1 FROM pg_database WHERE datname = ANY($1)", names)

    assert len(set(names)) == 2
    assert left == []
    await end(connection)


async def test_what_the_server_works_for_us_is_counted(postgres_url: str) -> None:
    server = await Server.of(postgres_url)
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("SELECT 1")
    before = await server.used()

    await connection.execute("SELECT count(*) FROM generate_series(1, 300000)")

    here = bool(before)  # another machine's server is not seen
    assert here is (between(before, await server.used()) > 0)
    await end(connection)
    await server.close()


def _references() -> list[str]:
    """For every foreign key a question whether some row refers to nothing."""
    return [
        f"SELECT 1 FROM {table} a WHERE {key.parent.name} IS NOT NULL AND NOT EXISTS "  # noqa: S608 - ours
        f"(SELECT 1 FROM {key.column.table} b WHERE b.{key.column.name} = a.{key.parent.name}) "
        "LIMIT 1"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
    ]
