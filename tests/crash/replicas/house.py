"""The processes of one desk, and what is done to whoever leads."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bridge.settings import FILE_NAME
from tests.crash.desk import settings_of
from tests.crash.replicas.blows import GOALS, Blow
from tests.crash.replicas.process import READY, WAITING, Process
from tests.crash.replicas.shop import SECRET, Shop
from tests.patience import PATIENCE
from tests.ports import kept_port
from tests.postgres import Server

_LOOKS_AGAIN = 0.02
_SHOP = f"""
[channels.shop]
kind = "connector"
url = "http://127.0.0.1:9"
secret = "{SECRET}"
timeout = 30
"""
ITS_SHOP = "DESKBRIDGE_CHANNELS__SHOP__URL"
"""What tells a process where its shop is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeOver:
    """One led, then another did; `seconds` lie between the blow and its 200 at `/readyz`.

    Of a database that failed they lie between its first connection and what was written next.
    """

    blow: Blow
    before: str
    after: str
    seconds: float
    at: float
    """By the monotonic clock, when it was struck."""


class House:
    """All processes of one desk. `start` it before anything else."""

    def __init__(self, processes: Sequence[Process], http: aiohttp.ClientSession) -> None:
        """Nothing runs yet."""
        self.processes = list(processes)
        self.history: list[TakeOver] = []
        self.stepped_down = 0
        """How often one ended by itself: the machine did not let it renew its lease in time."""
        self._http = http
        self._leader: Process | None = None

    @property
    def leader(self) -> Process:
        """Who leads, as far as we saw."""
        assert self._leader is not None
        return self._leader

    @property
    def urls(self) -> list[str]:
        """Where each of them listens."""
        return [process.url for process in self.processes]

    async def start(self) -> None:
        """Until one leads and all others stand by."""
        for process in self.processes:
            process.launch()
        async with asyncio.timeout(4 * PATIENCE):
            self._leader = await self._first(self.processes, READY)
            for each in self.others:
                await self._first([each], *WAITING)

    @property
    def others(self) -> list[Process]:
        """Who does not lead."""
        return [process for process in self.processes if process is not self._leader]

    async def strike(self, blow: Blow) -> Process:
        """Do this to who leads, as soon as anybody stands by: gives who it was."""
        await self._somebody_waits()
        struck, others = self.leader, self.others
        began = time.monotonic()
        struck.suffer(blow)
        async with asyncio.timeout(GOALS[blow] + PATIENCE):
            self._leader = await self._first(others, READY)
        self._note(blow, struck, time.monotonic() - began, began)
        return struck

    async def restart(self, database: Server, served: Callable[[], Awaitable[None]]) -> None:
        """The database fails as if its machine did, and starts; returns when we are `served`."""
        await self._somebody_waits()
        before = self.leader
        await asyncio.to_thread(database.stop, signal.SIGQUIT)
        await asyncio.to_thread(database.start)
        began = time.monotonic()
        async with asyncio.timeout(GOALS[Blow.RESTARTED] + PATIENCE):
            await served()
        seconds = time.monotonic() - began
        async with asyncio.timeout(PATIENCE):
            self._leader = await self._first(self.processes, READY)
        self._note(Blow.RESTARTED, before, seconds, began)

    async def _somebody_waits(self) -> None:
        async with asyncio.timeout(4 * PATIENCE):
            self._leader = await self._first(self.processes, READY)
            await self._first(self.others, *WAITING)

    def _note(self, blow: Blow, before: Process, seconds: float, at: float) -> None:
        after = self.leader.name
        self.history.append(
            TakeOver(blow=blow, before=before.name, after=after, seconds=seconds, at=at)
        )

    async def restore(self, struck: Process) -> None:
        """Start it anew, as a stand-by."""
        struck.end()
        struck.launch()

    async def _first(self, processes: list[Process], *wanted: str) -> Process:
        """The first of these that says so. One that stepped down is started anew."""
        while True:
            phases = await asyncio.gather(*(each.phase(self._http) for each in processes))
            for process, said in zip(processes, phases, strict=True):
                if said in wanted:
                    return process
                if process.gone:
                    assert process.stepped_down, process.log.read_text("utf-8")[-3_000:]
                    self.stepped_down += 1
                    process.launch()
            await asyncio.sleep(_LOOKS_AGAIN)


def settle(folder: Path, database_url: str) -> None:
    """Write the settings of a new desk that calls a shop."""
    settings = folder / FILE_NAME
    settings.touch(mode=0o600)
    settings.write_text(settings_of(database_url) + _SHOP, "utf-8")


@asynccontextmanager
async def house(
    folder: Path, database_url: str, processes: int, shop: Shop
) -> AsyncIterator[House]:
    """The processes of one new desk; none is left when the block ends."""
    settle(folder, database_url)
    timeout = aiohttp.ClientTimeout(total=5)
    with ExitStack() as stack:
        made = []
        for number in range(processes):
            name, port = f"p{number}", stack.enter_context(kept_port())
            made.append(Process(name, folder, port, {ITS_SHOP: shop.address(name)}))
            stack.callback(made[-1].end)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            yield House(made, http)
