"""A database for one test."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

import storage
from storage import Database
from storage.postgres.connect import connect
from storage.postgres.lease import Leases
from tests.fakes.folders import quick_folder
from tests.leading import Leader

__all__ = ["quick_folder"]


@pytest.fixture
async def database(postgres_url: str, quick_folder: Path) -> AsyncIterator[Database]:
    """An empty database, led by us."""
    database = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    leader = Leader(database)
    await leader.begin()
    yield database
    await leader.end()
    await database.close()


@pytest.fixture
async def ours(postgres_url: str) -> AsyncIterator[Leases]:
    """One process of the desk. It keeps what it holds, however slow the machine is."""
    leases = Leases(partial(connect, postgres_url), lasts=600, renewed=0.02)
    yield leases
    await leases.close()


@pytest.fixture
async def theirs(postgres_url: str) -> AsyncIterator[Leases]:
    """Another one."""
    leases = Leases(partial(connect, postgres_url), lasts=600, renewed=0.02)
    yield leases
    await leases.close()
