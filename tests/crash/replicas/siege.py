"""One desk with many processes, its people, and one blow after the other at who leads."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from storage.postgres.connect import end
from tests.crash.replicas.books import Books
from tests.crash.replicas.doors import Doors
from tests.crash.replicas.house import Blow, House, TakeOver, house
from tests.crash.replicas.people import Agent, Customer, Replies
from tests.crash.replicas.team import agents, hire, operator
from tests.crash.replicas.zombie import awakes
from tests.patience import PATIENCE

_SEED = 20_261_123
_HANDLES = ("ana", "bruno", "carla", "davi", "elisa")
_LEADS = 2.0
"""Seconds that each leads before it is struck, as the goal says."""
_PAUSE = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How large it is; places are scarce, so most of the customers wait."""

    processes: int
    blows: Sequence[Blow]
    customers: int = 12
    agents: int = 3
    capacity: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What was seen, and everything that was wrong with it."""

    take_overs: Sequence[TakeOver]
    numbers: dict[str, int]
    wrong: Sequence[str]


async def siege(
    folder: Path, database_url: str, plan: Plan, say: Callable[[str], None] = lambda _: None
) -> Ended:
    """Strike as planned while everybody goes on; then let them finish, and read the books."""
    chance = random.Random(_SEED)
    async with house(folder, database_url, plan.processes) as place, _books(database_url) as books:
        await place.start()
        async with _crowd(place, folder, plan, chance) as crowd:
            for number, blow in enumerate(plan.blows, 1):
                await asyncio.sleep(_LEADS)
                crowd.wrong += await books.broken()
                struck = await place.strike(blow)
                if blow is Blow.FROZEN:
                    crowd.wrong += await awakes(struck, operator(folder / "data"))
                await place.restore(struck)
                say(f"{number}: {place.history[-1]}")
            await crowd.goes_home(books)
        wrong = [*crowd.wrong, *await books.broken(), *await books.unfinished()]
        wrong += await books.unlike(crowd.lines, crowd.replies.taken)
        numbers = crowd.numbers | await books.numbers() | {"stepped down": place.stepped_down}
    return Ended(take_overs=place.history, numbers=numbers, wrong=wrong)


class Crowd:
    """Customers and agents. Whoever of them meets an answer that may not be ends all."""

    def __init__(self, customers: list[Customer], team: list[Agent], replies: Replies) -> None:
        """Nobody does anything yet."""
        self.customers = customers
        self.team = team
        self.replies = replies
        self.wrong: list[str] = []
        self._closing, self._over = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """All of them at once."""
        works = (agent.works(self._closing, self._over) for agent in self.team)
        writes = (customer.writes(self._closing) for customer in self.customers)
        self._tasks = [asyncio.create_task(each) for each in (*works, *writes)]

    async def goes_home(self, books: Books) -> None:
        """Nobody begins anything; everybody is served, and then the agents leave, too."""
        self._closing.set()
        workers, writers = self._tasks[: len(self.team)], self._tasks[len(self.team) :]
        async with asyncio.timeout(4 * PATIENCE):
            await asyncio.gather(*writers)
        with suppress(TimeoutError):  # what is left then is told by the books
            async with asyncio.timeout(4 * PATIENCE):
                while not any(each.done() for each in workers):
                    if not await books.unfinished():
                        break
                    await asyncio.sleep(_PAUSE)
        self._over.set()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*workers)

    async def leaves(self) -> None:
        """Whatever they are doing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for doors in [each.doors for each in self.customers] + [each.doors for each in self.team]:
            await doors.close()

    @property
    def lines(self) -> dict[str, list[str]]:
        """What customers wrote and was taken."""
        return {customer.name: customer.taken for customer in self.customers}

    @property
    def numbers(self) -> dict[str, int]:
        """How much they did."""
        return {
            "lines": sum(map(len, self.lines.values())),
            "replies": sum(map(len, self.replies.taken.values())),
        }


@asynccontextmanager
async def _crowd(
    place: House, folder: Path, plan: Plan, chance: random.Random
) -> AsyncIterator[Crowd]:
    handles, replies = _HANDLES[: plan.agents], Replies()
    team = agents(handles, place.urls, replies, chance)
    names = [f"c{number}" for number in range(plan.customers)]
    customers = [Customer(name, Doors(place.urls), chance) for name in names]
    crowd = Crowd(customers, team, replies)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(crowd.leaves)
        first = team[0].doors
        ways_in = await hire(first, operator(folder / "data"), handles, plan.capacity)
        for agent in team:
            await agent.joins(ways_in[agent.handle])
        crowd.begin()
        yield crowd


@asynccontextmanager
async def _books(database_url: str) -> AsyncIterator[Books]:
    connection = await asyncpg.connect(database_url)
    try:
        yield Books(connection)
    finally:
        await end(connection)
