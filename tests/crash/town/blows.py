"""Blows to the desk: killed at a random moment, or by itself at a point; and what came of each."""

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bridge.ports.failpoints import POINTS
from tests.crash.town.process import Desk
from tests.crash.town.town import Town

_WITHIN = 10.0
"""Seconds in which a desk under load passes a point, or does not; each further try has as many
more, for a machine that is under load itself."""
_TRIES = 4
FILES = ("file.begun", "file.received", "file.placed", "file.known", "file.removed")
_AFTER = {
    "slack.finding": "slack.sent",
    "slack.found": "slack.sent",
    "slack.finding_root": "slack.opened",
    "slack.found_root": "slack.opened",
    "discord.finding": "discord.sent",
    "discord.found": "discord.sent",
    "discord.finding_root": "discord.opened",
    "discord.found_root": "discord.opened",
    "whatsapp.outcome": "whatsapp.sent",
    "whatsapp.outcome_kept": "whatsapp.sent",
}
"""Passed only when another kill has left a doubt."""
_COPIES = ("copy.", "backup.", "restore.")
_ELSEWHERE = ("file.removed", "erase.", "arrivals.", "schema.", "migration.", *_COPIES)
"""Points that nobody in the town passes: it is one process, to which nothing comes by another, and
whose database is new and its own; `tests/integration` kills there."""
_SHARED = ("lease.",)
"""Points that are passed where several processes may lead."""
_OPENING = ("slack.open", "slack.opened", "discord.open", "discord.opened")
_SELDOM = ("transcript.posted", "history.read", "progress.keep", *_OPENING, *FILES)
_STOPPING = ("stop.begun", "stop.drained", "lease.release", "lease.released")
_ONCE = (*_AFTER, "delivery.resuming", "delivery.resumed", "lease.taken", *_STOPPING)
"""Not passed again and again under load."""


def passed(*, shared: bool) -> list[str]:
    """The points that a desk in the town passes; `shared` when it keeps all in PostgreSQL."""
    skipped = _ELSEWHERE if shared else (*_ELSEWHERE, *_SHARED)
    return sorted(point for point in POINTS if not point.startswith(skipped))


@dataclass(frozen=True, kw_only=True, slots=True)
class Blow:
    """Kill it when it passes `point` for the `nth` time; without a point at a random moment."""

    point: str = ""
    nth: int = 1


def anywhere(times: int) -> Iterator[Blow]:
    """So many kills at random moments."""
    return (Blow() for _ in range(times))


def at_points(points: Iterable[str], chance: random.Random, times: int = 1) -> Iterator[Blow]:
    """Every point so often: early, under load, or both."""
    for point in points:
        for _ in range(times):
            often = point not in _ONCE and point not in _SELDOM
            yield Blow(point=point, nth=chance.randint(2, 15) if often else 1)


async def strike(town: Town, blow: Blow, chance: random.Random) -> bool:
    """Kill the desk of a town under load; it is dead afterwards. False: the point did not come."""
    desk = town.desk
    if not blow.point:
        await _up(desk)
        await asyncio.sleep(chance.uniform(0.05, 1.5))
        await desk.kill()
        return True
    for tries in range(1, _TRIES + 1):
        within = tries * _WITHIN
        if (before := _AFTER.get(blow.point)) is not None:
            often = before not in _SELDOM
            nth = chance.randint(5, 40) if often else 1
            await _dies_at(desk, Blow(point=before, nth=nth), within)
        if await _dies_at(desk, blow, within):
            return True
        blow = Blow(point=blow.point, nth=1)
    return False


async def _up(desk: Desk) -> None:
    if not desk.running:
        assert await desk.start()


async def _dies_at(desk: Desk, blow: Blow, within: float) -> bool:
    await desk.kill()
    if not await desk.start(f"{blow.point}:{blow.nth}:kill"):
        return True
    if blow.point in _STOPPING:
        await asyncio.sleep(0.5)
        return await desk.stop()
    if await desk.dies(within):
        return True
    await desk.kill()
    return False


async def days_work(
    town: Town, blows: Iterable[Blow], chance: random.Random, progress: Callable[[str], None]
) -> list[str]:
    """One blow after the other while everybody talks; gives the points that were never passed."""
    missed = []
    for number, blow in enumerate(blows, 1):
        passed = await strike(town, blow, chance)
        if not passed:
            missed.append(blow.point)
        how = "" if passed else ": never passed"
        progress(f"{number:4} {blow.point or 'a random moment'}{how}")
        if chance.random() < 0.5:  # else the next one falls on a desk that has just begun
            await _up(town.desk)
            await asyncio.sleep(chance.uniform(0.0, 0.5))
    await _up(town.desk)
    return missed
