"""Somebody who holds a desk's name and so may write, for as long as a test lasts."""

from contextlib import AsyncExitStack

from bridge.ports.holding import Held
from storage import ENGINE, Database


class Leader:
    """Leads from `begin` to `end`."""

    def __init__(self, database: Database) -> None:
        """Nobody leads yet."""
        self._database = database
        self._stack = AsyncExitStack()
        self.held: Held | None = None

    async def begin(self) -> None:
        """Wait until nobody else does."""
        self.held = await self._stack.enter_async_context(self._database.holding.hold(ENGINE))
        await self._database.lead(self.held)

    async def end(self) -> None:
        """Let another do it."""
        await self._stack.aclose()
