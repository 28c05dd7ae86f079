"""Leads a desk's database and writes to it for ever; to be frozen by a test.

`python -m tests.integration.postgres.endless URL FOLDER` says each number that is on disk, and
`deposed` when another leads.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

import storage
from bridge.domain.errors import StorageUnavailable
from storage import ENGINE


async def main(url: str, folder: Path) -> None:
    """Until it is deposed."""
    database = await storage.open_url(url, files_dir=folder)
    async with database.holding.hold(ENGINE) as held:
        await database.lead(held)
        for number in count():
            try:
                await database.adapter_store("web").append("numbers", f"{number}", b"")
            except StorageUnavailable:
                if held.deposed.is_set():
                    break
                continue
            say(f"{number}")
    await database.close()
    say("deposed")


def say(word: str) -> None:
    """At once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
