"""A lease in memory: gives a name to one after the other, and takes it away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.ports.holding import Held


class Lease:
    """Who holds it now, and every name that was ever held, in order."""

    def __init__(self) -> None:
        """Nobody holds anything."""
        self.names: list[str] = []
        self.now: Held | None = None
        self._free = asyncio.Lock()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[Held]:
        """One at a time, whatever the name."""
        async with self._free:
            self.names.append(name)
            self.now = Held(epoch=len(self.names))
            try:
                yield self.now
            finally:
                self.now = None

    def lose(self) -> None:
        """Whoever holds it does so no more."""
        assert self.now is not None
        self.now.lost.set()
