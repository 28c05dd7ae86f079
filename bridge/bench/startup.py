"""How long `deskbridge run` takes to be ready, and what it keeps in memory when nothing happens."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec
import psutil

from bridge.app.lock import LOCK_FILE, Running
from bridge.bench.children import cpu_seconds
from bridge.bench.failure import BenchFailed

DATA = "data"
"""Where such a desk has its database, inside its folder."""

_COMMAND = (sys.executable, "-c", "from bridge.cli.main import main; main()")
_PATIENCE = 30.0
_LOOK_EVERY = 0.005
_SETTLED_AFTER = 1.0


async def starts(folder: Path, times: int) -> tuple[list[float], float]:
    """Seconds to ready of each start with default settings, and megabytes in memory after it.

    The first start makes the database and is not counted: it happens once in a desk's life.
    """
    folder.mkdir()  # noqa: ASYNC240 - nothing else runs here
    await init(folder)
    found = [await start(folder, settle=turn == times) for turn in range(times + 1)]
    return [each.seconds for each in found[1:]], found[-1].megabytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A start until it was ready, and what was in memory then."""

    seconds: float
    cpu: float
    megabytes: float


async def start(folder: Path, *, settle: bool = True, database_url: str = "") -> Started:
    """Start the desk of this folder once; with `settle` its memory is looked at a second later."""
    async with _run(folder, database_url) as (process, took):
        cpu = cpu_seconds(process.pid)
        if settle:
            await asyncio.sleep(_SETTLED_AFTER)
        resident = psutil.Process(process.pid).memory_info().rss
        return Started(seconds=took, cpu=cpu, megabytes=resident / 1e6)


async def init(folder: Path) -> None:
    """The settings of a new desk, in this folder."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, "init", cwd=folder, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise BenchFailed("deskbridge init failed")


@asynccontextmanager
async def _run(
    folder: Path, database_url: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """A running desk with the settings of this folder, and how long it took to be ready."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(*_COMMAND, "run", "--port", "0"),
        cwd=folder,
        env=os.environ | ({"DESKBRIDGE_DESK__DATABASE_URL": database_url} if database_url else {}),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _ready(process, folder / DATA)
        yield process, time.perf_counter() - began
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(process: asyncio.subprocess.Process, data: Path) -> None:
    """Wait until it says where it listens, and then says that it is ready."""
    async with asyncio.timeout(_PATIENCE), aiohttp.ClientSession() as http:
        while process.returncode is None:
            url = _announced(data / LOCK_FILE, process.pid)
            if url:
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(_LOOK_EVERY)
    raise BenchFailed("deskbridge run ended before it was ready")


def _announced(lock: Path, pid: int) -> str:
    """Where this process says that it listens; only read, for to try the lock would disturb it."""
    try:
        found = msgspec.json.decode(lock.read_bytes(), type=Running)
    except (FileNotFoundError, msgspec.DecodeError):
        return ""
    return found.url if found.pid == pid else ""
