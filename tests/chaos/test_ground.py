"""Whatever becomes of PostgreSQL and the way to it: no promise is broken, nothing is left."""

from pathlib import Path

import pytest

from tests.chaos.evening import ends_well
from tests.chaos.ground import EVERY_DAY, RARE, Change, on_postgres

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]


async def endures(folder: Path, *changes: Change) -> None:
    """A day in the town while all of this befalls its database, one after the other."""
    async with on_postgres(folder) as ground:
        for change in changes:
            await change(ground)
        await ends_well(ground.town)


async def test_a_database_that_breaks_off_and_fails_breaks_no_promise(tmp_path: Path) -> None:
    await endures(tmp_path, *EVERY_DAY)


@pytest.mark.long
@pytest.mark.parametrize("change", RARE, ids=lambda change: change.__name__)
async def test_a_database_in_trouble_breaks_no_promise(tmp_path: Path, change: Change) -> None:
    await endures(tmp_path, change)
