"""`make test-crash KILLS=1000`: kill a desk on every platform that often, and print what was lost.

First once at every fail point, then at random moments, fifty to a day; each day is a new desk.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
import traceback
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path

from tests.crash.town.blows import Blow, anywhere, at_points, passed
from tests.crash.town.days import SEED, day
from tests.crash.town.report import Day, table
from tests.postgres import Databases, server

_A_DAY = 50


async def main(kills: int, seed: int, points: bool, databases: Databases | None) -> int:
    """Print progress and the table; 1 when a promise was broken."""
    chance, done, broken = random.Random(seed), list[Day](), False
    began = time.monotonic()
    named = passed(shared=databases is not None) if points else []
    for name, blows in _plan(kills, named, chance):
        folder = Path(tempfile.mkdtemp(prefix="deskbridge-crash-"))
        wrong = ""
        async with AsyncExitStack() as open_:
            url = ""
            if databases is not None:
                url = await open_.enter_async_context(databases.made(empty=True))
            try:
                done.append(await day(folder, name, blows, chance, _say, url))
                wrong = done[-1].wrong
            except (TimeoutError, AssertionError):  # the other days are worth something, too
                wrong = f"it came to no end\n{traceback.format_exc()}"
        _say(f"{name}: {wrong or 'nothing is wrong'}")
        broken = broken or bool(wrong)
        if wrong:
            _say(f"Its ledgers, log and database are kept in {folder}")
        else:
            shutil.rmtree(folder)
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(f"\n{table(done)}\n\nSeed {seed}, {minutes:.0f} minutes.\n")
    return int(broken)


def _plan(kills: int, names: list[str], chance: random.Random) -> list[tuple[str, list[Blow]]]:
    plan = []
    if names:
        half = len(names) // 2
        plan = [
            (f"fail points {names[0]} to {names[half - 1]}", [*at_points(names[:half], chance)]),
            (f"fail points {names[half]} to {names[-1]}", [*at_points(names[half:], chance)]),
        ]
    for first in range(0, kills, _A_DAY):
        last = min(first + _A_DAY, kills)
        plan.append((f"kills {first + 1} to {last}", [*anywhere(last - first)]))
    return plan


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make test-crash")
    parser.add_argument("--kills", type=int, default=20, help="at random moments")
    parser.add_argument("--seed", type=int, default=SEED, help="of the random moments")
    parser.add_argument("--points", action="store_true", help="once at every fail point first")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not on SQLite")
    given = parser.parse_args()
    with server() if given.postgres else nullcontext() as running:
        databases = None if running is None else Databases(running.url)
        sys.exit(asyncio.run(main(given.kills, given.seed, given.points, databases)))
