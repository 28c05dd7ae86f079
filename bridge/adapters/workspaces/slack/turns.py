"""One after another: whatever happens in one thread is handled in the order in which it came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A queue for each key; one that nobody waits in is forgotten."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._queues: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Wait for everybody who asked before for the same key."""
        lock, waiting = self._queues.get(key, (asyncio.Lock(), 0))
        self._queues[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues.pop(key)
            if waiting > 1:
                self._queues[key] = (lock, waiting - 1)
