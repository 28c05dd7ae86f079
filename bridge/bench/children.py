"""Processes of the bench: started, asked, measured from outside and ended."""

import asyncio
import platform
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import psutil

from bridge.bench.failure import BenchFailed
from bridge.bench.orders import Order, Result, Serving

_START_SECONDS = 30.0
_END_SECONDS = 10.0
_HAS_CLOCKS = platform.system() == "Linux"


class Child:
    """A server in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        """Use `serving`."""
        self.url = url
        self._pid = process.pid

    def cpu(self) -> float:
        """CPU seconds of the process so far, all of its threads, in the system too."""
        return cpu_seconds(self._pid)

    def memory(self) -> int:
        """Bytes of it in memory now."""
        return int(psutil.Process(self._pid).memory_info().rss)

    def files(self) -> int:
        """How many files and connections it has open."""
        return int(psutil.Process(self._pid).num_fds())


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process so far.

    On Linux from its own clock, as `clock_getcpuclockid(3)` numbers it: that one counts
    nanoseconds. What `/proc` says is in hundredths of a second: with those a round would have to
    be long, and the machine another one at its end.
    """
    if _HAS_CLOCKS:
        return time.clock_gettime(~pid << 3 | 2)
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


@asynccontextmanager
async def serving(order: Order) -> AsyncIterator[Child]:
    """A server, ended with the block."""
    process = await _start(order)
    try:
        url = msgspec.json.decode(await _answer(process, order, _START_SECONDS), type=Serving).url
        yield Child(process, url)
    finally:
        await _end(process)


async def task(order: Order, seconds: float) -> dict[str, list[float]]:
    """What a task measured. Raises `BenchFailed` when it takes longer; then it is killed."""
    process = await _start(order)
    try:
        answer = await _answer(process, order, seconds)
    except BaseException:
        process.kill()
        raise
    finally:
        await _end(process)
    return msgspec.json.decode(answer, type=Result).values


async def _start(order: Order) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bridge.bench.child",
        msgspec.json.encode(order),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _answer(process: asyncio.subprocess.Process, order: Order, seconds: float) -> bytes:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(seconds):
            line = await process.stdout.readline()
    except TimeoutError:
        raise BenchFailed(f"{type(order).__name__} said nothing for {seconds:g} s") from None
    if not line:
        raise BenchFailed(f"{type(order).__name__} ended before it was ready")
    return line


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close its input; if that is not enough, kill it."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
