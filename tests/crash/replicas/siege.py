"""One desk with many processes, its people, and one blow after the other at who leads."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crash.replicas.blows import AWAY, Blow
from tests.crash.replicas.books import Books
from tests.crash.replicas.crowd import Crowd
from tests.crash.replicas.ground import HERE, Ground
from tests.crash.replicas.house import House, TakeOver
from tests.crash.replicas.people import Customer, Replies
from tests.crash.replicas.shop import Shop
from tests.crash.replicas.team import agents, hire, operator
from tests.crash.replicas.zombie import Woke, awakes
from tests.postgres import Server

_SEED = 20_261_123
_NAMES = ("ana", "bruno", "carla", "davi", "elisa")
_LEADS = 2.0
"""Seconds that each leads at least before it is struck, as the goal says."""
_KNOCKS = 6
_LOOKS_AGAIN = 0.5
_SAYS_SO_EVERY = 10.0
_LINES_A_SECOND = 40
_LOOKS_A_SECOND = 30
"""What all customers and all agents together ask for at most: the machine is the limit anyway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How large it is; places are scarce, so many of the customers wait."""

    processes: int
    blows: Sequence[Blow]
    customers: int = 12
    agents: int = 3
    capacity: int = 2
    conversations: int = 0
    """Goes on until so many were opened, with the blows at equal distances."""
    minutes: float = 60.0
    """Nothing new begins after that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What was seen, and everything that was wrong with it."""

    take_overs: Sequence[TakeOver]
    woke: Sequence[Woke]
    numbers: dict[str, int]
    wrong: Sequence[str]


async def siege(
    folder: Path,
    database_url: str,
    plan: Plan,
    say: Callable[[str], None] = lambda _: None,
    server: Server | None = None,
    ground: Ground = HERE,
) -> Ended:
    """Strike as planned while everybody goes on; then let them finish, and read the books.

    `server` is that of the database, for plans in which it fails; `ground` says where all stand.
    """
    async with AsyncExitStack() as open_:
        shop = await open_.enter_async_context(Shop(ground.shop))
        made = ground.house(folder, database_url, plan.processes, shop)
        place = await open_.enter_async_context(made)
        await place.start()
        crowd = await open_.enter_async_context(_crowd(place, folder, plan, shop, ground))
        here = _Siege(folder, plan, say, place, crowd, shop, Books(database_url), ground)
        await here.goes_on(server)
        return await here.ends()


class _Siege:
    """One of them, from the first blow to the last look at the books."""

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        say: Callable[[str], None],
        place: House,
        crowd: Crowd,
        shop: Shop,
        books: Books,
        ground: Ground,
    ) -> None:
        self._folder = folder
        self._plan = plan
        self._say = say
        self._place = place
        self._crowd = crowd
        self._shop = shop
        self._books = books
        self._ground = ground
        self._woke: list[Woke] = []
        self._wrong: list[str] = []
        self._until = time.monotonic() + 60 * plan.minutes
        self._said_at = 0.0

    async def goes_on(self, server: Server | None) -> None:
        """All blows, and then until there were enough conversations."""
        plan = self._plan
        for number, blow in enumerate(plan.blows, 1):
            await asyncio.sleep(_LEADS)
            await self._comes_to(plan.conversations * number // (len(plan.blows) + 1))
            self._wrong += await self._books.broken()
            if blow is Blow.RESTARTED:
                assert server is not None, "whose database is it?"
                await self._place.restart(server, self._is_served)
            else:
                await self._strike(blow)
            self._say(f"{number:3} of {len(plan.blows)}: {self._place.history[-1]}")
        await self._comes_to(plan.conversations)
        await self._crowd.goes_home(self._books)

    async def _strike(self, blow: Blow) -> None:
        struck = await self._place.strike(blow)
        if blow in AWAY:
            at, as_operator = self._place.history[-1].at, operator(self._folder / "data")
            knocking = [self._knocking(number) for number in range(_KNOCKS)]
            woke = await awakes(struck, at, AWAY[blow], self._shop, as_operator, knocking)
            self._woke.append(woke)
            self._wrong += woke.wrong
            self._say(f"    it woke up: {woke}")
        await self._place.restore(struck)

    async def _is_served(self) -> None:
        """Returns when something was written for the operator."""
        doors = self._ground.doors(self._place.urls)
        as_operator, title = operator(self._folder / "data"), {"title": "Help"}
        await doors.ask("PATCH", "/v1/queues/help", as_operator, body=title)
        await doors.close()

    def _knocking(self, number: int) -> Customer:
        name = f"z{len(self._woke) * _KNOCKS + number}"
        doors = self._ground.doors(self._place.urls)
        return self._crowd.joined(Customer(name, doors, random.Random(name)))

    async def _comes_to(self, conversations: int) -> None:
        """Until so many were opened, or the time is over; it is said now and then how many."""
        while (opened := await self._books.conversations()) < conversations:
            self._crowd.look()
            if time.monotonic() > self._until:
                return
            if time.monotonic() > self._said_at + _SAYS_SO_EVERY:
                self._said_at = time.monotonic()
                self._say(f"    {opened:,} conversations, {self._crowd.numbers}")
            await asyncio.sleep(_LOOKS_AGAIN)

    async def ends(self) -> Ended:
        """What came of it."""
        books, crowd, place = self._books, self._crowd, self._place
        wrong = [*self._wrong, *await books.broken(), *await books.ever_broken()]
        wrong += await books.unfinished()
        wrong += await books.unlike(crowd.lines, crowd.replies.taken, self._shop.told())
        told = [line for line in crowd.replies.untaken if any(line in each for each in wrong)]
        wrong += [f"{line} was answered with {crowd.replies.untaken[line]}" for line in told]
        made = [queue for woke in self._woke for queue in woke.queues]
        wrong += [f"queue {name} is not there" for name in await books.without(made)]
        numbers = crowd.numbers | await books.numbers()
        if numbers["conversations"] < self._plan.conversations:
            wrong.append(f"only {numbers['conversations']:,} conversations within its time")
        return Ended(
            take_overs=place.history,
            woke=self._woke,
            numbers=numbers | {"stepped down": place.stepped_down},
            wrong=wrong,
        )


@asynccontextmanager
async def _crowd(
    place: House, folder: Path, plan: Plan, shop: Shop, ground: Ground
) -> AsyncIterator[Crowd]:
    chance, replies = random.Random(_SEED), Replies()
    handles = [*_NAMES, *(f"agent{number}" for number in range(len(_NAMES), plan.agents))]
    looks = max(0.1, plan.agents / _LOOKS_A_SECOND)
    team = agents(handles[: plan.agents], place.urls, replies, chance, looks, ground)
    thinks = max(0.3, plan.customers / _LINES_A_SECOND)
    customers = [
        Customer(f"c{number}", ground.doors(place.urls, number), chance, shop, thinks, replies)
        for number in range(plan.customers)
    ]
    crowd = Crowd(customers, team, replies)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(crowd.leaves)
        first = team[0].doors
        as_operator = operator(folder / "data")
        ways_in = await hire(first, as_operator, handles[: plan.agents], plan.capacity)
        for agent in team:
            await agent.joins(ways_in[agent.handle])
        crowd.begin()
        yield crowd
