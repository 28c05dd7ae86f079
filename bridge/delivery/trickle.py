"""Lets what becomes possible all at once begin a few at a time, with a turn of the loop between."""

import asyncio
from collections import deque

AT_ONCE = 4


class Trickle:
    """Whoever comes alone goes on at once; of a crowd a few in each turn, in their order.

    A commit sets free many lanes in one moment. Begun in a row their calls would keep all that
    comes meanwhile waiting, answers and the next commit; and as they left together their answers
    come together, when the next commit is as large. With room between them they come apart.
    """

    def __init__(self) -> None:
        """Nobody has come."""
        self._gone_on = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False

    async def turn(self) -> None:
        """Return when it is one's turn."""
        loop = asyncio.get_running_loop()
        if not self._turning:
            self._turning = True
            loop.call_soon(self._next_turn)
        if self._gone_on < AT_ONCE:
            self._gone_on += 1
            return
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append(future)
        await future

    def _next_turn(self) -> None:
        self._gone_on = 0
        while self._waiting and self._gone_on < AT_ONCE:
            future = self._waiting.popleft()
            if not future.done():  # else he went away
                future.set_result(None)
                self._gone_on += 1
        self._turning = self._gone_on > 0
        if self._turning:
            asyncio.get_running_loop().call_soon(self._next_turn)
