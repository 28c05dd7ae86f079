"""Questions to a platform about people: one at a time for each, and nobody waits for ever."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

import structlog

P = TypeVar("P")

log = structlog.get_logger("bridge.workspaces")

PATIENCE = 2.0
"""Seconds that a line waits for its platform to say who wrote it; then the answer is no."""


class Inquiries(Generic[P]):
    """Whoever asks about somebody meanwhile gets the same answer."""

    def __init__(self, ask: Callable[[str], Coroutine[None, None, P | None]]) -> None:
        """`ask` asks the platform about one person; it gives None when that says nothing."""
        self._ask = ask
        self._asking: dict[str, asyncio.Task[P | None]] = {}

    async def about(self, id: str) -> P | None:
        """What the platform says of a person; None when it does not say anything in time."""
        asking = self._asking.get(id)
        if asking is None:
            asking = self._asking[id] = asyncio.create_task(self._ask(id))
            asking.add_done_callback(lambda _: self._asking.pop(id, None))
        try:
            return await asyncio.wait_for(asyncio.shield(asking), PATIENCE)
        except TimeoutError:
            log.warning("user_unknown", user=id, why="no answer in time")
            return None

    async def stop(self) -> None:
        """Nobody waits for the answers that are still out."""
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
