"""Everybody who has to do with a desk under siege."""

import asyncio
from contextlib import suppress

from tests.crash.replicas.books import Books
from tests.crash.replicas.people import Agent, Customer, Replies
from tests.patience import PATIENCE

_PAUSE = 0.2


class Crowd:
    """Customers and agents. Whoever of them meets an answer that may not be ends all."""

    def __init__(self, customers: list[Customer], team: list[Agent], replies: Replies) -> None:
        """Nobody does anything yet."""
        self.customers = customers
        self.team = team
        self.replies = replies
        self._closing, self._over = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """All of them at once."""
        works = (agent.works(self._closing, self._over) for agent in self.team)
        writes = (customer.writes(self._closing) for customer in self.customers)
        self._tasks = [asyncio.create_task(each) for each in (*works, *writes)]

    def joined(self, customer: Customer) -> Customer:
        """One more whose lines count; what he does is somebody else's business."""
        self.customers.append(customer)
        return customer

    def look(self) -> None:
        """Raise what somebody met that may not be."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def goes_home(self, books: Books) -> None:
        """Nobody begins anything; everybody is served, and then the agents leave, too."""
        self._closing.set()
        workers, writers = self._tasks[: len(self.team)], self._tasks[len(self.team) :]
        async with asyncio.timeout(4 * PATIENCE):
            await asyncio.gather(*writers)
        with suppress(TimeoutError):  # what is left then is told by the books
            async with asyncio.timeout(8 * PATIENCE):
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
