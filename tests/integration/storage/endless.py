"""Writes to a database for ever and says each time what is on disk; to be killed by a test."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from msgspec.structs import replace

import storage
from bridge.domain.ids import InboxId
from bridge.ports.store import Changes
from storage import Database
from tests.contract import rows
from tests.contract.rows import put


async def main(path: Path) -> None:
    """Go on where the last process was killed."""
    database = storage.open(path, files_dir=path.parent / "files")
    written = await database.adapter_store("web").read("numbers", 0, 10**6)
    talk = await database.reads.conversation(1)
    if talk is None:
        contact, identity = rows.customer()
        talk = rows.conversation(identity, number=1)
        await database.store.commit(put(contact, identity, talk))
    for number in count(len(written)):
        await write(database, talk.id, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


async def write(database: Database, conversation: int, number: int) -> None:
    """One batch with something of each kind, and an adapter's own write beside it."""
    store = database.adapter_store("web")
    row = replace(rows.inbox(f"{number}"), id=InboxId(number + 1))
    await asyncio.gather(
        database.store.commit(
            Changes(inbox=[row], journal=[store.entry("numbers", f"{number}", b"")])
        ),
        store.put("numbers", f"{number}", f"{conversation}".encode()),
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
