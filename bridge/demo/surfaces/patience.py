"""Waiting for something to be seen: what was expected, and what was there instead."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE = 30.0
"""Seconds after which somebody who looks gives up; a busy machine needs some of them."""
_PAUSE = 0.03


class NotSeen(Exception):
    """It was looked for long enough."""

    def __init__(self, expected: str, observed: str) -> None:
        """Say both."""
        super().__init__(f"expected {expected}; observed {observed}")
        self.expected = expected
        self.observed = observed


async def until(
    expected: str,
    look: Callable[[], Awaitable[Seen]],
    holds: Callable[[Seen], object] = bool,
    *,
    within: float = PATIENCE,
) -> Seen:
    """What was seen when it held. Raises `NotSeen` with the last thing that was seen."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        seen = await look()
        if holds(seen):
            return seen
        if asyncio.get_running_loop().time() > deadline:
            raise NotSeen(expected, _short(seen))
        await asyncio.sleep(_PAUSE)


def check(holds: object, expected: str, observed: object) -> None:
    """Raises `NotSeen` when it does not hold."""
    if not holds:
        raise NotSeen(expected, _short(observed))


def _short(seen: object) -> str:
    words = " ".join(str(seen).split()) or "nothing"
    return words if len(words) <= 300 else words[:299] + "…"
