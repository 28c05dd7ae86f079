"""The team's platform of the bench says how long it lets posts wait."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bridge.bench.load.platform import Platform

LATE = 0.05
ABOUT = 0.04


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    platform = await Platform.open(lambda posted: None)
    yield platform
    await platform.close()


async def post(platform: Platform, number: int = 1) -> None:
    """So many at once."""
    async with aiohttp.ClientSession() as http:

        async def one() -> None:
            async with http.post(platform.url, data=b"a line") as answer:
                assert "id" in await answer.json()

        await asyncio.gather(*(one() for _ in range(number)))


async def test_a_post_that_is_answered_at_once_has_not_waited(platform: Platform) -> None:
    await post(platform)

    assert platform.waited == 0.0


async def test_every_post_waits_for_as_long_as_the_platform_is_late(platform: Platform) -> None:
    platform.late = LATE

    await post(platform, 3)

    assert platform.waited >= 3 * ABOUT


async def test_nobody_waits_once_all_are_answered(platform: Platform) -> None:
    platform.late = LATE
    await post(platform, 3)
    before = platform.waited

    platform.late = 0.0
    await post(platform)

    assert platform.waited == before


async def test_answers_are_a_tenth_more_or_less_late_and_as_late_as_told_on_average(
    platform: Platform,
) -> None:
    platform.late = LATE

    found = [platform.lateness() for _ in range(1_000)]

    assert sum(found) / len(found) == pytest.approx(LATE, rel=0.01)
    assert min(found) == pytest.approx(0.9 * LATE, rel=0.01)
    assert max(found) == pytest.approx(1.1 * LATE, rel=0.01)
