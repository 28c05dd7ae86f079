"""A process of a desk that keeps lines for whoever decides, or decides them, until it is killed."""

import asyncio
import sys
from pathlib import Path

import storage
from bridge.domain.ids import Instant
from bridge.engine.engine import Engine
from bridge.engine.state.options import DeskOptions
from bridge.ports.clock import SystemClock
from storage import Database
from tests.fakes.doors import PLACES, Customer, NoCourier
from tests.leading import Leader


def engine_over(database: Database) -> Engine:
    """One that decides what comes to this process and to others."""
    return Engine(
        store=database.store,
        clock=SystemClock(),
        places=PLACES,
        options=DeskOptions(),
        key=b"k" * 32,
        arrivals=database.arrivals,
    )


async def keep(database: Database, *numbers: int) -> None:
    """These lines of one customer, one after the other; says when each is acknowledged."""
    for number in numbers:
        line = Customer("bia", said=number).line()
        await database.arrivals.keep(line, None, Instant(number))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


async def decide(database: Database) -> None:
    """All that waits."""
    leader = Leader(database)
    await leader.begin()
    await engine_over(database).start(NoCourier())


async def _main(url: str, folder: str, *numbers: str) -> None:
    database = await storage.open_url(url, files_dir=Path(folder))
    if numbers:
        await keep(database, *(int(number) for number in numbers))
    else:
        await decide(database)
    raise SystemExit("nobody has killed it")


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
