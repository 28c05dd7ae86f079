"""Days in the town: the same load every day, other blows, and a verdict in the evening."""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.crash.town.blows import Blow, days_work
from tests.crash.town.report import Day
from tests.crash.town.town import town
from tests.crash.verdict import judge

SEED = 20_261_123
_AFTERNOON = 1.0
"""Seconds of quiet work behind the last blow."""


async def day(
    folder: Path,
    name: str,
    blows: Sequence[Blow],
    chance: random.Random,
    progress: Callable[[str], None] = lambda _: None,
    database: str = "",
) -> Day:
    """One day; `progress` hears of every blow. See `town` for `database`."""
    async with town(folder, database=database) as here:
        await here.begin()
        missed = await days_work(here, blows, chance, progress)
        await asyncio.sleep(_AFTERNOON)
        history = await here.end()
        return Day(
            name=name,
            kills=sum(each.what.startswith("killed") for each in here.desk.happened),
            verdict=judge(history),
            missed=tuple(missed),
            left=await here.under_way(),
        )
