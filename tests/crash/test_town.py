"""Killed at any moment and at every fail point, on every platform, the desk breaks no promise."""

import random
from pathlib import Path

import pytest

from bridge.ports.failpoints import POINTS
from tests.crash.town.blows import ELSEWHERE, Blow, anywhere, at_points
from tests.crash.town.days import SEED, day

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]

_SHORT = ("writer.filled", "writer.committed", "delivery.claimed", "delivery.called")
_SENT = tuple(point for point in POINTS if point.endswith(".sent"))
_ALL = tuple(sorted(set(POINTS) - ELSEWHERE))


async def test_a_few_kills_break_no_promise(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    blows = [*anywhere(2), *at_points((*_SHORT, *_SENT), chance)]

    done = await day(tmp_path, "short", blows, chance)

    assert done.wrong == ""
    assert done.kills >= len(blows)


@pytest.mark.long
@pytest.mark.parametrize("part", range(3))
async def test_a_kill_at_every_point_breaks_no_promise(tmp_path: Path, part: int) -> None:
    chance = random.Random(SEED + part)

    done = await day(tmp_path, "points", [*at_points(_ALL[part::3], chance)], chance)

    assert done.wrong == ""


@pytest.mark.long
@pytest.mark.parametrize("part", range(2))
async def test_many_kills_break_no_promise(tmp_path: Path, kills: int, part: int) -> None:
    chance = random.Random(SEED * (part + 2))
    blows: list[Blow] = [*anywhere(max(kills, 30))]

    done = await day(tmp_path, "kills", blows, chance)

    assert done.wrong == ""
