"""Killed at any moment, the desk loses, doubles and reorders nothing that it took."""

import asyncio
import random
import re
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from tests.crash.desk import AGENTS, READY
from tests.crash.people import Agent, Customer
from tests.patience import PATIENCE, until
from tests.ports import kept_port

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1800)]

_CUSTOMERS = 6
_LINE = re.compile(r"(?<!r-)\bc\d+-\d{4}\b")


JOURNALS = "select body from journal where adapter = 'workspaces.local' order by seq"


class Desk:
    """A desk that is started, killed and started again on the same folder and port."""

    module = "tests.crash.desk"
    more: tuple[str, ...] = ()

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Until it says that it is ready."""
        ready = self.folder / READY
        ready.unlink(missing_ok=True)
        process = await self.launch()
        while not ready.exists():
            gone = process.returncode is not None
            assert not gone, (self.folder / "desk.log").read_text()[-2_000:]
            await asyncio.sleep(0.02)

    async def launch(self) -> asyncio.subprocess.Process:
        """Begin to start."""
        with (self.folder / "desk.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self.module,
                str(self.folder),
                str(self.port),
                *self.more,
                stdout=log,
                stderr=log,
            )
        return self._process

    async def end(self, how: signal.Signals) -> None:
        """Kill it, or ask it to stop; one that has ended has."""
        self.signal(how)
        await self.wait()

    def signal(self, how: signal.Signals) -> None:
        """Do this to it, if it runs."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)

    async def wait(self) -> None:
        """Until it has ended."""
        assert self._process is not None
        await self._process.wait()

    def posted(self) -> dict[str, list[str]]:
        """The customers' lines in the agents' threads, by customer, as they stand there."""
        seen: dict[str, list[str]] = {}
        for body in self.entries():
            text = body.decode() if isinstance(body, bytes) else body
            for line in _LINE.findall(text) if '"type":"post"' in text else ():
                seen.setdefault(line.split("-")[0], []).append(line)
        return seen

    def entries(self) -> list[bytes | str]:
        """The journals of the agents' pages."""
        with sqlite3.connect(self.folder / "data" / "desk.db") as database:
            return [body for (body,) in database.execute(JOURNALS)]


@asynccontextmanager
async def running(folder: Path, kind: Callable[[Path, int], Desk] = Desk) -> AsyncIterator[Desk]:
    """A desk that is gone when the block ends."""
    with kept_port() as port:
        desk = kind(folder, port)
        await desk.start()
        try:
            yield desk
        finally:
            await desk.end(signal.SIGKILL)


def browser() -> aiohttp.ClientSession:
    """What a person sits at; its cookies are its own."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=PATIENCE)
    )


class Crowd:
    """Customers and agents who go on through every kill."""

    def __init__(self, customers: list[Customer], agents: list[Agent]) -> None:
        self._customers = customers
        self._agents = agents
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ears: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Everybody writes once, is handed to an agent, and then all go on together."""
        for customer in self._customers:
            once = asyncio.Event()
            once.set()
            await customer.write(once)
        for customer in self._customers:
            self._ears.append(asyncio.create_task(customer.listen()))
            self._tasks.append(asyncio.create_task(customer.write(self._stop)))
        for agent in self._agents:
            await agent.sign_in()
        held: list[tuple[Agent, dict[str, str]]] = []
        async with asyncio.timeout(PATIENCE):
            while sum(len(his) for _, his in held) < len(self._customers):
                await asyncio.sleep(0.1)
                held = [(agent, await agent.threads()) for agent in self._agents]
        for agent, his in held:
            for name, thread in his.items():
                reply = agent.reply(name, thread, self._stop)
                self._tasks.append(asyncio.create_task(reply))

    async def end(self) -> None:
        """Nobody begins a new line; the last of each is seen through."""
        self._stop.set()
        async with asyncio.timeout(4 * PATIENCE):
            await asyncio.gather(*self._tasks)

    async def calm(self, desk: Desk) -> None:
        """Wait until both sides have seen as much as was taken, as long as that may take."""

        def all_seen() -> bool:
            self.look()
            return self._seen(desk) >= self._taken()

        with suppress(TimeoutError):
            await until(all_seen)
        self.leave()

    def look(self) -> None:
        """Raise what somebody met that may not be: else he only hears nothing any more."""
        for each in (*self._tasks, *self._ears):
            if each.done():
                each.result()

    def leave(self) -> None:
        """Every customer closes his chat."""
        for ear in self._ears:
            ear.cancel()

    def _taken(self) -> int:
        lines = sum(len(customer.taken) for customer in self._customers)
        return lines + sum(len(his) for agent in self._agents for his in agent.taken.values())

    def _seen(self, desk: Desk) -> int:
        heard = sum(len(customer.heard) for customer in self._customers)
        return heard + sum(len(lines) for lines in desk.posted().values())


def wrong(taken: list[str], seen: list[str]) -> str:
    """What is wrong with what the other side saw; empty: nothing."""
    if lost := [line for line in taken if line not in set(seen)]:
        return f"{len(lost)} lost: {lost[:10]}"
    if doubled := [line for line, times in Counter(seen).items() if times > 1]:
        return f"{len(doubled)} doubled: {doubled[:10]}"
    if more := [line for line in seen if line not in set(taken)]:
        return f"{len(more)} that nobody said: {more[:10]}"
    if seen != taken:
        first = next(
            n for n, pair in enumerate(zip(seen, taken, strict=False)) if len(set(pair)) > 1
        )
        return f"reordered from {taken[first]} on: {seen[first : first + 10]}"
    return ""


@pytest.mark.long
async def test_nothing_taken_is_lost_doubled_or_reordered(tmp_path: Path, kills: int) -> None:
    async with running(tmp_path) as desk:
        await survives(desk, kills)


async def survives(desk: Desk, kills: int) -> None:
    """Customers and agents go on through so many kills, and get everything once and in order."""
    chance = random.Random(20_261_122)
    async with browser() as shop, browser() as one, browser() as two:
        customers = [Customer(f"c{n}", shop, f"{desk.url}/chat/web") for n in range(_CUSTOMERS)]
        agents = [
            Agent(handle, http, f"{desk.url}/desk")
            for handle, http in zip(AGENTS, (one, two), strict=True)
        ]
        crowd = Crowd(customers, agents)
        await crowd.begin()

        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.05, 1.0))
            await desk.end(signal.SIGKILL)
            await desk.start()
        await asyncio.sleep(0.5)
        await crowd.end()
        await crowd.calm(desk)

        replies = {name: lines for agent in agents for name, lines in agent.taken.items()}
        assert min(len(customer.taken) for customer in customers) > kills
        for customer in customers:
            assert wrong(customer.taken, desk.posted()[customer.name]) == ""
            assert wrong(replies[customer.name], customer.heard) == ""
