"""Plays the rows on a desk and says what came of each."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp

from bridge.demo.house import open_house
from bridge.demo.phone.shop import Shop
from bridge.demo.surfaces.patience import NotSeen
from bridge.demo.tour.row import Result, Row, StageT
from bridge.demo.tour.rows import ROWS
from bridge.demo.tour.stage import Stage, set_stage
from bridge.domain.errors import DeskbridgeError
from bridge.domain.value import Value
from bridge.settings import Settings

_ROW_SECONDS = 120.0


class Tour(Value):
    """What became of every row, and how long all of it took."""

    rows: tuple[Result, ...]
    seconds: float

    @property
    def held(self) -> bool:
        """True when every row did."""
        return all(row.ok for row in self.rows)


async def play_tour(
    settings: Settings,
    told: Callable[[Result], None],
    rows: Sequence[Row[Stage]] = ROWS,
    shop: Shop | None = None,
) -> Tour:
    """Play the rows on a desk of these settings; `told` hears of each when it is over.

    The settings name the shop's WhatsApp, if there is one.
    """
    return await play(_local(settings, shop), told, rows)


@asynccontextmanager
async def _local(settings: Settings, shop: Shop | None) -> AsyncIterator[Stage]:
    async with open_house(settings, shop=shop) as house, set_stage(house) as stage:
        yield stage


async def play(
    opening: AbstractAsyncContextManager[StageT],
    told: Callable[[Result], None],
    rows: Sequence[Row[StageT]],
) -> Tour:
    """Play the rows on the stage that opens.

    A row that fails does not keep the others from being played.
    """
    began = time.monotonic()
    results: list[Result] = []
    async with opening as stage:
        for row in rows:
            results.append(await _play(row, stage))
            told(results[-1])
    return Tour(rows=tuple(results), seconds=round(time.monotonic() - began, 2))


async def _play(row: Row[StageT], stage: StageT) -> Result:
    try:
        async with asyncio.timeout(_ROW_SECONDS):
            observed = await row.play(stage)
    except NotSeen as failed:
        return _failed(row, str(failed))
    except (aiohttp.ClientError, DeskbridgeError, TimeoutError) as error:
        return _failed(row, f"expected an answer; observed {type(error).__name__}: {error}")
    return Result(row=row.number, title=row.title, ok=True, observed=observed)


def _failed(row: Row[StageT], observed: str) -> Result:
    return Result(row=row.number, title=row.title, ok=False, observed=observed)
