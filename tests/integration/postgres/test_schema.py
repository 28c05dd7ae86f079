"""The tables, the migrations and the compiled statements say the same on PostgreSQL, too."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from bridge.domain.errors import InvalidSettings, StorageUnavailable
from storage import DatabaseTooNew, migrate_url, open_url
from storage.migrations import HEAD
from storage.postgres.alembic import downgrade, upgrade
from storage.postgres.compiled import SQL
from storage.postgres.connect import connect, place_of
from storage.tables import metadata
from tests.postgres import Databases

# Everything that the database knows of a table, whatever the order of its columns, and of a type.
_SCHEMA = """
SELECT table_name || '.' || column_name || ': ' || data_type || ' ' || is_nullable || ' '
    || coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'
UNION SELECT conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION SELECT udt_name || '.' || attribute_name || ': ' || data_type || ' ' || ordinal_position
    FROM information_schema.attributes WHERE udt_schema = 'public'
UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


@pytest.fixture
async def empty(databases: Databases) -> AsyncIterator[str]:
    """A database without a table."""
    async with databases.made(empty=True) as url:
        yield url


@pytest.fixture
async def connection(empty: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to it."""
    connection = await connect(empty)
    yield connection
    await connection.close()


async def schema(connection: asyncpg.Connection) -> set[str]:
    """One line for each thing."""
    return {row[0] for row in await connection.fetch(_SCHEMA)}


# --- migrations -----------------------------------------------------------------------------


async def test_the_migrations_lead_to_the_tables(
    connection: asyncpg.Connection, postgres_url: str
) -> None:
    await upgrade(connection)
    new = await connect(postgres_url)

    assert await schema(connection) == await schema(new)
    await new.close()


async def test_every_migration_can_be_undone_and_done_again(postgres_url: str) -> None:
    connection = await connect(postgres_url)
    before = await schema(connection)

    await downgrade(connection, "base")
    left = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await upgrade(connection)

    assert [row[0] for row in left] == ["alembic_version"]
    assert await schema(connection) == before
    await connection.close()


async def test_what_is_stored_is_kept_through_every_migration_and_back(
    connection: asyncpg.Connection,
) -> None:
    await upgrade(connection, "0001")
    await connection.execute("INSERT INTO journal VALUES (7, 'site', 'ana', 'k', '\\x01')")
    await connection.execute("INSERT INTO contact VALUES (1, 'Bia', 1, 'bia')")
    await connection.execute(
        "INSERT INTO identity VALUES (1, 1, 'site', 'visitor:9Zo', 'Bia', NULL, NULL, NULL, $1)",
        "bia\nvisitor:9zo",
    )
    await connection.execute(
        "INSERT INTO queue VALUES "
        "(1, 'help', 'Help', true, 'manual', 'room', 'name', 1, 2, 3, 4, 5, 6, 7)"
    )

    await upgrade(connection)
    entry = await connection.fetchrow("SELECT seq, body, handed_in FROM journal")
    visitor = await connection.fetchrow("SELECT anonymous, search FROM identity")
    queue = await connection.fetchrow("SELECT name, closed_policy, hours FROM queue")
    await downgrade(connection, "0001")
    back = [
        tuple(await connection.fetchrow(f"SELECT * FROM {table}"))  # noqa: S608 - of ours
        for table in ("journal", "contact", "identity", "queue")
    ]

    assert tuple(entry) == (7, b"\x01", False)
    assert tuple(visitor) == (True, "bia\n")
    assert tuple(queue) == ("help", "park", None)
    assert back == [
        (7, "site", "ana", "k", b"\x01"),
        (1, "Bia", 1, "bia"),
        (1, 1, "site", "visitor:9Zo", "Bia", None, None, None, "bia\nvisitor:9zo"),
        (1, "help", "Help", True, "manual", "room", "name", 1, 2, 3, 4, 5, 6, 7),
    ]


async def test_a_migration_that_fails_changes_nothing(
    connection: asyncpg.Connection, empty: str
) -> None:
    await upgrade(connection, "0001")
    await connection.execute("CREATE TABLE lease (mine integer)")
    before = await schema(connection)

    with pytest.raises(StorageUnavailable, match="lease"):
        await migrate_url(empty)

    assert await schema(connection) == before
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "0001"


# --- opening --------------------------------------------------------------------------------


async def test_an_empty_database_gets_our_tables_once(
    empty: str, connection: asyncpg.Connection
) -> None:
    made = await migrate_url(empty)
    again = await migrate_url(empty)

    assert (made, again) == (True, False)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == HEAD


async def test_an_old_database_is_brought_up_to_date(
    empty: str, connection: asyncpg.Connection
) -> None:
    await upgrade(connection, "0001")

    assert await migrate_url(empty)

    assert await connection.fetchval("SELECT version_num FROM alembic_version") == HEAD


async def test_a_database_of_a_newer_version_is_refused(
    empty: str, connection: asyncpg.Connection
) -> None:
    await migrate_url(empty)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseTooNew, match="newer version"):
        await migrate_url(empty)


async def test_a_database_of_somebody_else_is_refused(
    empty: str, connection: asyncpg.Connection
) -> None:
    await connection.execute("CREATE TABLE notes (text text)")

    with pytest.raises(StorageUnavailable, match="not ours"):
        await migrate_url(empty)


async def test_a_database_that_is_not_there_is_said_to_be_so(databases: Databases) -> None:
    with pytest.raises(StorageUnavailable, match='"nowhere" does not exist'):
        await migrate_url(databases.url("nowhere"))


@pytest.mark.parametrize("port", ["0x", "99999"])
async def test_an_address_that_is_none_is_refused_without_its_password(port: str) -> None:
    with pytest.raises(InvalidSettings, match="database_url") as refused:
        await migrate_url(f"postgresql://ana:secret@127.0.0.1:{port}/desk")

    assert "secret" not in str(refused.value)


def test_a_place_is_named_without_who_may_enter() -> None:
    assert place_of("postgresql://ana:secret@db.example.com:5432/desk") == "db.example.com/desk"
    assert place_of("postgresql:///desk?host=/run/postgresql") == "this machine/desk"


async def test_a_new_database_is_sound(postgres_url: str, tmp_path: Path) -> None:
    database = await open_url(postgres_url, files_dir=tmp_path)

    assert await database.problems() == []
    await database.close()


# --- statements -----------------------------------------------------------------------------


async def test_the_database_understands_every_statement(emptied_url: str) -> None:
    connection = await connect(emptied_url)

    for statement in SQL.values():
        await connection.prepare(statement)

    await connection.close()


# They may be read whole: as many rows as the team has people and places, or as the page asks for.
SMALL = {"agent", "agent_identity", "held_reply", "lease", "life", "membership", "queue", "room"}
SMALL |= {"erasure", "template"}
# Who looks for a text may mean everybody: the database chooses which way is the shorter one.
LOOKED_THROUGH = {name: {"identity", "contact"} for name in SQL if name.startswith("list_")}
# Once for each customer who wants his data or wants it gone: an index would cost every line.
LOOKED_THROUGH |= {"personal_conversation": {"conversation"}, "personal_people_like": {"identity"}}


async def test_no_statement_goes_through_a_whole_table_that_grows(emptied_url: str) -> None:
    connection = await connect(emptied_url, enable_seqscan="off")  # unless there is no other way
    whole = {}
    for name, statement in SQL.items():
        await connection.execute(f"PREPARE {name} AS {statement}")
        count = max((int(number) for number in re.findall(r"\$(\d+)", statement)), default=0)
        nothing = f"({', '.join(['NULL'] * count)})" if count else ""
        plan = await connection.fetch(f"EXPLAIN (COSTS OFF) EXECUTE {name}{nothing}")
        steps = "\n".join(row[0] for row in plan)
        scanned = set(re.findall(r"Seq Scan on (\w+)", steps)) & set(metadata.tables)
        if grows := scanned - SMALL - LOOKED_THROUGH.get(name, set()):
            whole[name] = grows

    assert whole == {}
    await connection.close()
