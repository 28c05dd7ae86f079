"""Rows reach the right columns, in whatever order a database has them."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from bridge.domain.errors import StorageUnavailable
from bridge.ports.store import Changes
from storage import Database, open_url
from storage.postgres.alembic import downgrade, upgrade
from storage.postgres.connect import connect
from storage.postgres.layout import Layout
from tests.contract import rows
from tests.contract.rows import put
from tests.leading import Leader
from tests.postgres import Databases


@pytest.fixture
async def empty(databases: Databases) -> AsyncIterator[str]:
    """A database without a table."""
    async with databases.made(empty=True) as url:
        yield url


@pytest.fixture
async def somebody(empty: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to it."""
    connection = await connect(empty)
    yield connection
    await connection.close()


@pytest.fixture
async def grown(
    somebody: asyncpg.Connection, empty: str, quick_folder: Path
) -> AsyncIterator[Database]:
    """A desk's database that came here by migrations, there and back and there again."""
    for revision in ("0003", "0001", "head"):
        await (downgrade if revision == "0001" else upgrade)(somebody, revision)
    database = await open_url(empty, files_dir=quick_folder)
    leader = Leader(database)
    await leader.begin()
    yield database
    await leader.end()
    await database.close()


async def test_what_is_written_to_a_grown_database_is_read_back(
    grown: Database, somebody: asyncpg.Connection
) -> None:
    contact, identity = rows.customer("Bia")
    talk, ana = rows.conversation(identity), rows.agent()

    await grown.store.commit(put(contact, identity, talk, ana, rows.hold(talk, ana)))

    desk = await grown.store.open_desk()
    columns = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute "
    order = await somebody.fetchval(columns + "WHERE attrelid = 'identity'::regclass")
    assert order.index("search") < order.index("anonymous")  # else this proves nothing
    assert (desk.identities, desk.conversations, desk.agents) == ((identity,), (talk,), (ana,))


async def test_a_column_that_a_newer_version_adds_meanwhile_refuses_one_batch_at_most(
    grown: Database, somebody: asyncpg.Connection
) -> None:
    contact, identity = rows.customer("Bia")
    await grown.store.commit(put(contact))
    await somebody.execute("ALTER TABLE contact ADD COLUMN mood text NOT NULL DEFAULT 'well'")
    renamed = rows.customer("Bea")[0]

    with pytest.raises(StorageUnavailable):
        await grown.store.commit(put(renamed))
    await grown.store.commit(put(renamed, identity))

    moods = await somebody.fetch("SELECT name, mood FROM contact ORDER BY name")
    assert [tuple(mood) for mood in moods] == [("Bea", "well"), ("Bia", "well")]
    assert await grown.store.commit(Changes()) is not None


def test_rows_are_handed_over_as_they_are_where_nothing_differs() -> None:
    row = (1, "Bia", 10, "bia")

    given = Layout({"contact": ("id", "name", "created_at", "search")}).given("put_contact", [row])

    assert given == [[row]]


def test_rows_are_put_into_the_order_of_the_columns_and_new_ones_are_left_empty() -> None:
    layout = Layout({"contact": ("id", "search", "mood", "name", "created_at")})

    given = layout.given("put_contact", [(1, "Bia", 10, "bia")])

    assert given == [[(1, "bia", None, "Bia", 10)]]
