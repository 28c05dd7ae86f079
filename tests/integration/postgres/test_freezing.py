"""A process that is frozen while it leads, and wakes up when another does."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

import storage
from storage import ENGINE, Database
from tests.patience import PATIENCE


async def entries(database: Database, journal: str) -> list[int]:
    """What is stored of it."""
    found = await database.adapter_store("web").read(journal, 0, 10**6)
    return [entry.seq for entry in found]


@pytest.mark.crash
async def test_who_wakes_up_after_another_took_over_writes_nothing(
    postgres_url: str, tmp_path: Path
) -> None:
    command = (sys.executable, "-m", "tests.integration.postgres.endless", postgres_url)
    frozen = await asyncio.create_subprocess_exec(
        *command, str(tmp_path / "theirs"), stdout=asyncio.subprocess.PIPE
    )
    assert frozen.stdout is not None
    said = [await asyncio.wait_for(frozen.stdout.readline(), PATIENCE) for _ in range(20)]
    frozen.send_signal(signal.SIGSTOP)

    ours = await storage.open_url(postgres_url, files_dir=tmp_path / "ours")
    async with asyncio.timeout(PATIENCE), ours.holding.hold(ENGINE) as held:
        await ours.lead(held)
        before = await entries(ours, "numbers")
        frozen.send_signal(signal.SIGCONT)
        rest = await asyncio.wait_for(frozen.stdout.read(), PATIENCE)
        await frozen.wait()
        ours_seq = await ours.adapter_store("web").append("ours", "a", b"")
        after = await entries(ours, "numbers")
    await ours.close()

    said += rest.splitlines(keepends=True)
    told = [int(line) for line in said if line != b"deposed\n"]
    assert said[-1] == b"deposed\n"
    assert after == before
    assert told == list(range(len(told)))  # what it said was written was
    assert len(before) - len(told) in (0, 1)  # the last one was on disk before it could say so
    assert ours_seq > before[-1]
