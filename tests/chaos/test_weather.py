"""Whatever platforms and networks do: nothing is lost or doubled, nothing is left under way."""

from pathlib import Path

import pytest

from tests.chaos.evening import ends_well
from tests.chaos.weather import EVERY_DAY, RARE, Change, under_the_sky

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]


async def endures(folder: Path, *changes: Change) -> None:
    """A day in the town under all of this weather, one after the other."""
    async with under_the_sky(folder) as sky:
        for change in changes:
            await change(sky)
        await ends_well(sky.town)


async def test_a_bad_day_of_every_platform_breaks_no_promise(tmp_path: Path) -> None:
    await endures(tmp_path, *EVERY_DAY)


@pytest.mark.long
@pytest.mark.parametrize("change", RARE, ids=lambda change: change.__name__)
async def test_rare_weather_breaks_no_promise(tmp_path: Path, change: Change) -> None:
    await endures(tmp_path, change)
