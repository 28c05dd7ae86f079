"""A process that says so when somebody rings for Ana, and never comes back from the door."""

import asyncio
import sys
from functools import partial

from storage.postgres.connect import connect
from storage.postgres.doorbell import PostgresDoorbell


async def answer() -> None:
    """Go to the door."""
    print("going", flush=True)  # noqa: T201 - the test reads it
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(PostgresDoorbell(partial(connect, sys.argv[1])).run({"ana": answer}))
