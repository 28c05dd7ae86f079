"""A database for one test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import storage
from storage import Database
from tests.fakes.folders import quick_folder
from tests.integration.storage.bench import Bench
from tests.leading import Leader
from tests.postgres import Databases

__all__ = ["quick_folder"]


@pytest.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, quick_folder: Path) -> AsyncIterator[Database]:
    """An empty database of each kind, led by us."""
    if request.param == "sqlite":
        database: Database = storage.open(
            quick_folder / "desk.db", files_dir=quick_folder / "files"
        )
    else:
        databases: Databases = request.getfixturevalue("databases")
        url = await databases.emptied()
        database = await storage.open_url(url, files_dir=quick_folder / "files")
    leader = Leader(database)
    await leader.begin()
    yield database
    await leader.end()
    await database.close()


@pytest.fixture
async def database(quick_folder: Path) -> AsyncIterator[Database]:
    """An empty SQLite database, open."""
    database = storage.open(quick_folder / "desk.db", files_dir=quick_folder / "files")
    yield database
    await database.close()


@pytest.fixture
async def bench(quick_folder: Path) -> AsyncIterator[Bench]:
    """An empty database whose parts can be watched and spoilt."""
    bench = Bench(quick_folder / "desk.db")
    yield bench
    await bench.close()


@pytest.fixture
async def hasty(quick_folder: Path) -> AsyncIterator[Bench]:
    """The same; it waits a second for others who write."""
    bench = Bench(quick_folder / "desk.db", patience=1)
    yield bench
    await bench.close()
