"""One after another: what happens in one thread is handled in order, however it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count


class Turns:
    """A queue for each key; one that nobody is in is forgotten."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._queues: dict[str, list[tuple[str, int, asyncio.Future[None]]]] = {}
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, key: str, position: str = "") -> AsyncIterator[None]:
        """Wait for everybody before us: by position, then by who asked first.

        No platform promises an order: two lines may overtake each other on their way. Nobody
        waits for one that has not come yet.
        """
        if key in self._queues:
            await self._called(key, position)
        else:
            self._queues[key] = []
        try:
            yield
        finally:
            self._call_next(key)

    async def _called(self, key: str, position: str) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._queues[key], (position, next(self._numbers), called))
        try:
            await called
        except asyncio.CancelledError:
            if not called.cancelled():  # it is our turn, and we are no longer there
                self._call_next(key)
            raise

    def _call_next(self, key: str) -> None:
        queue = self._queues[key]
        while queue:
            _, _, called = heappop(queue)
            if not called.done():
                called.set_result(None)
                return
        del self._queues[key]
