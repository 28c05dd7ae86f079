"""Killed at any moment and at every fail point, on every platform, the desk breaks no promise."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.ports.failpoints import POINTS
from tests.crash.town.blows import Blow, anywhere, at_points, passed
from tests.crash.town.days import SEED, day
from tests.postgres import Databases

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]

_FEW = ("writer.filled", "writer.committed", "delivery.called")
_SENT = tuple(point for point in POINTS if point.endswith(".sent"))
_MANY = 30

both = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
async def database(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of an empty database on PostgreSQL, or none for a SQLite file."""
    if request.param == "sqlite":
        yield ""
        return
    databases: Databases = request.getfixturevalue("databases")
    async with databases.made(empty=True) as url:
        yield url


@pytest.mark.parametrize(
    ("database", "points"),
    [("sqlite", (*_FEW, *_SENT)), ("postgres", _FEW)],
    indirect=["database"],
    ids=["sqlite", "postgres"],
)
async def test_a_few_kills_break_no_promise(
    tmp_path: Path, database: str, points: tuple[str, ...]
) -> None:
    chance = random.Random(SEED)
    blows = [*anywhere(1), *at_points(points, chance)]

    done = await day(tmp_path, "short", blows, chance, database=database)

    assert done.wrong == ""
    assert done.kills >= len(blows)


@pytest.mark.long
@both
@pytest.mark.parametrize("part", range(3))
async def test_a_kill_at_every_point_breaks_no_promise(
    tmp_path: Path, database: str, part: int
) -> None:
    chance = random.Random(SEED + part)
    blows = [*at_points(passed(shared=bool(database))[part::3], chance)]

    done = await day(tmp_path, "points", blows, chance, database=database)

    assert done.wrong == ""


@pytest.mark.long
@both
async def test_many_kills_break_no_promise(tmp_path: Path, kills: int, database: str) -> None:
    chance = random.Random(SEED)
    blows: list[Blow] = [*anywhere(max(kills, _MANY))]

    done = await day(tmp_path, "kills", blows, chance, database=database)

    assert done.wrong == ""
    assert done.kills >= _MANY
