"""What a process may write while another one runs the desk."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import storage
from bridge.domain.errors import NotLeading
from storage import Database
from tests.leading import Leader


@pytest.fixture
async def other(postgres_url: str, quick_folder: Path) -> AsyncIterator[Database]:
    """The same desk in another process, which stands by."""
    other = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    other.stand_by()
    yield other
    await other.close()


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_adapters_write_nothing_until_their_process_leads(
    database: Database, other: Database
) -> None:
    mine, theirs = database.adapter_store("web"), other.adapter_store("web")
    await mine.put("marks", "ana", b"1")

    for refused in (
        theirs.append("ana", "k", b"x"),
        theirs.put("marks", "ana", b"2"),
        theirs.remove("marks", "ana"),
    ):
        with pytest.raises(NotLeading):
            await refused

    assert await theirs.get("marks", "ana") == b"1"


async def test_who_comes_to_lead_writes(postgres_url: str, quick_folder: Path) -> None:
    database = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    database.stand_by()
    leader = Leader(database)
    nobody = await database.led()
    await leader.begin()

    await database.adapter_store("web").put("marks", "ana", b"1")

    assert (nobody, await database.led()) == (None, 1)
    await leader.end()
    assert await database.led() is None
    await database.close()


async def test_files_come_in_anywhere(database: Database, other: Database) -> None:
    file = await other.files.save(stream(b"x"), "a.txt", 10)

    assert await database.files.find(file.id) == file


async def test_who_begins_to_lead_leaves_alone_what_others_are_receiving(
    postgres_url: str, quick_folder: Path
) -> None:
    incoming = quick_folder / "files" / "incoming"
    incoming.mkdir(parents=True)
    fresh, old = incoming / ("0" * 32), incoming / ("1" * 32)
    for path in (fresh, old):
        path.touch()
    long_ago = time.time() - 7_200
    os.utime(old, (long_ago, long_ago))
    database = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    leader = Leader(database)

    await leader.begin()

    assert (fresh.exists(), old.exists()) == (True, False)
    await leader.end()
    await database.close()
