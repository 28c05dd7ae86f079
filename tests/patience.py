"""How tests wait: until it is so, never for a while. Only a fault makes them wait to the end."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 30.0
"""Seconds that anything may take on a busy machine."""
_PAUSE = 0.01


async def until(holds: Callable[[], object], within: float = PATIENCE) -> None:
    """Wait until it holds. Raises `TimeoutError`."""
    async with asyncio.timeout(within):
        while True:
            if holds():
                return
            await asyncio.sleep(_PAUSE)


async def seen(look: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Look until this is seen. Raises `TimeoutError`."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await look() == wanted:
                return
            await asyncio.sleep(_PAUSE)
