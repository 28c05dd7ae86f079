"""The processes of one desk, and what is done to whoever leads."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import aiohttp

from bridge.settings import FILE_NAME
from tests.crash.desk import settings_of
from tests.crash.replicas.process import READY, STANDBY, Process
from tests.crash.test_kills import kept_port
from tests.patience import PATIENCE

_LOOKS_AGAIN = 0.02


class Blow(StrEnum):
    """What happens to the process that leads."""

    KILLED = "killed"
    ELSEWHERE = "killed on another machine"
    """Killed and not buried: as from another machine, nobody can see that it is gone."""
    FROZEN = "frozen"


GOALS = {Blow.KILLED: 5.0, Blow.ELSEWHERE: 5.0, Blow.FROZEN: 15.0}
"""Seconds within which another leads. What a test waits is this and its patience."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeOver:
    """One led, then another did; `seconds` lie between the blow and its 200 at `/readyz`."""

    blow: Blow
    before: str
    after: str
    seconds: float


class House:
    """All processes of one desk. `start` it before anything else."""

    def __init__(self, processes: list[Process], http: aiohttp.ClientSession) -> None:
        """Nothing runs yet."""
        self.processes = processes
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
                await self._first([each], STANDBY)

    @property
    def others(self) -> list[Process]:
        """Who does not lead."""
        return [process for process in self.processes if process is not self._leader]

    async def strike(self, blow: Blow) -> Process:
        """Do this to who leads, as soon as anybody stands by: gives who it was."""
        async with asyncio.timeout(4 * PATIENCE):
            self._leader = await self._first(self.processes, READY)
            await self._first(self.others, STANDBY)
        struck, others = self.leader, self.others
        began = time.monotonic()
        if blow is Blow.FROZEN:
            struck.freeze()
        else:
            struck.kill()
        if blow is Blow.KILLED:
            struck.bury()
        async with asyncio.timeout(GOALS[blow] + PATIENCE):
            self._leader = await self._first(others, READY)
        seconds = time.monotonic() - began
        self.history.append(
            TakeOver(blow=blow, before=struck.name, after=self.leader.name, seconds=seconds)
        )
        return struck

    async def restore(self, struck: Process) -> None:
        """Start it anew, as a stand-by."""
        struck.end()
        struck.launch()

    async def _first(self, processes: list[Process], phase: str) -> Process:
        """The first of these that says so. One that stepped down is started anew."""
        while True:
            phases = await asyncio.gather(*(each.phase(self._http) for each in processes))
            for process, said in zip(processes, phases, strict=True):
                if said == phase:
                    return process
                if process.gone:
                    assert process.stepped_down, process.log.read_text("utf-8")[-3_000:]
                    self.stepped_down += 1
                    process.launch()
            await asyncio.sleep(_LOOKS_AGAIN)


@asynccontextmanager
async def house(folder: Path, database_url: str, processes: int) -> AsyncIterator[House]:
    """The processes of one new desk; none is left when the block ends."""
    settings = folder / FILE_NAME
    settings.touch(mode=0o600)
    settings.write_text(settings_of(database_url), "utf-8")
    timeout = aiohttp.ClientTimeout(total=5)
    with ExitStack() as stack:
        made = []
        for number in range(processes):
            made.append(Process(f"p{number}", folder, stack.enter_context(kept_port())))
            stack.callback(made[-1].end)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            yield House(made, http)
