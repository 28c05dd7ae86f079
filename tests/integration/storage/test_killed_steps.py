"""Killed while it makes, migrates or copies a database: what was there is there, or the new is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

import storage
from storage.migrations import HEAD
from storage.migrations.run import downgrade
from storage.postgres.alembic import downgrade as downgrade_postgres
from storage.postgres.connect import connect, end
from storage.sqlite.backup import back_up
from storage.sqlite.connect import connect_writer
from storage.sqlite.migrate import revision
from tests.killed import killed
from tests.postgres import Databases

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(600)]

_OLD = "0004"
_MIGRATES = "import storage, sys; from pathlib import Path; storage.migrate(Path(sys.argv[1]))"
_SHARED = "import asyncio, storage, sys; asyncio.run(storage.migrate_url(sys.argv[1]))"
_COPIES = (
    "import sys; from pathlib import Path; from storage import back_up;"
    "back_up(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None)"
)


@pytest.fixture
def path(quick_folder: Path) -> Path:
    """Where the database is."""
    return quick_folder / "desk.db"


@pytest.fixture
def old(path: Path) -> Path:
    """A database of an earlier version, with a row in it."""
    storage.migrate(path)
    with closing(connect_writer(path)) as connection:
        downgrade(connection, _OLD)
        connection.execute("INSERT INTO document VALUES ('web', 's', 'k', x'01')")
        connection.commit()
    return path


def documents(path: Path) -> list[tuple[object, ...]]:
    """What somebody kept in it, besides what copies say of themselves."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT adapter, key, body FROM document WHERE adapter = 'web'"
        return [tuple(row) for row in connection.execute(query)]


def beside(path: Path) -> list[Path]:
    """What has its name or one that begins so."""
    return sorted(path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("point", ["schema.made", "schema.kept"])
async def test_a_new_database_is_made_whole_or_made_again(path: Path, point: str) -> None:
    await killed(point, _MIGRATES, path)

    storage.migrate(path)

    assert revision(path) == HEAD
    assert storage.problems(path) == []


@pytest.mark.parametrize(
    ("point", "moved"),
    [
        ("copy.made", False),
        ("copy.whole", False),
        ("copy.named", False),
        ("migration.saved", False),
        ("migration.made", False),
        ("migration.kept", True),
    ],
)
async def test_a_migration_is_made_whole_or_made_again(old: Path, point: str, moved: bool) -> None:
    await killed(point, _MIGRATES, old)
    before = revision(old)

    storage.migrate(old)

    assert before == (HEAD if moved else _OLD)
    assert revision(old) == HEAD
    assert documents(old) == [("web", "k", b"\x01")]
    assert {revision(copy) for copy in storage.backups(old)} == {_OLD}
    assert [documents(copy) for copy in storage.backups(old)][-1] == documents(old)
    assert [each for each in beside(old) if ".part" in each.name] == []


@pytest.mark.parametrize("point", ["copy.made", "copy.whole", "copy.named"])
async def test_a_copy_has_its_name_when_it_is_whole_and_not_before(
    old: Path, quick_folder: Path, point: str
) -> None:
    copy = quick_folder / "copy"

    await killed(point, _COPIES, old, copy)
    there = copy.exists()
    if not there:
        back_up(old, copy)

    assert there is (point == "copy.named")
    assert storage.problems(copy) == []
    assert documents(copy) == documents(old)
    assert [each.name for each in beside(copy)] == ["copy"]


@pytest.mark.parametrize("point", ["schema.made", "schema.kept"])
async def test_a_new_database_on_postgresql_is_made_whole_or_made_again(
    databases: Databases, point: str
) -> None:
    async with databases.made(empty=True) as url:
        await killed(point, _SHARED, url)

        made = await storage.migrate_url(url)

        assert made is (point == "schema.made")
        assert await _revision(url) == HEAD


@pytest.mark.parametrize("point", ["migration.made", "migration.kept"])
async def test_a_migration_on_postgresql_is_made_whole_or_made_again(
    postgres_url: str, point: str
) -> None:
    connection = await connect(postgres_url)
    await downgrade_postgres(connection, _OLD)
    await connection.execute("INSERT INTO document VALUES ('web', 's', 'k', '\\x01')")
    await end(connection)

    await killed(point, _SHARED, postgres_url)
    made = await storage.migrate_url(postgres_url)

    assert made is (point == "migration.made")
    assert await _revision(postgres_url) == HEAD
    rows = await _asked(postgres_url, "SELECT count(*) FROM document WHERE key = 'k'")
    assert rows == 1


async def _revision(url: str) -> object:
    return await _asked(url, "SELECT version_num FROM alembic_version")


async def _asked(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await end(connection)
