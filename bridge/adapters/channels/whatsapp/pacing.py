"""Keeps to what Meta lets one number send: altogether, and to each customer.

https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput, read November 2026.
"""

import asyncio

from bridge.domain.ids import SECOND, Address
from bridge.ports.clock import Clock
from bridge.ports.pace import Pace, Place, Rate, Urgency, place

_REMEMBERED = 10_000


class Pacing:
    """A call waits here for its turn, but not for longer than a lane may stand."""

    def __init__(self, clock: Clock, per_second: int, pair_burst: int, pair_seconds: float) -> None:
        """`pair_seconds` of 0 means that one customer may get any number."""
        self._clock = clock
        self._number = Pace(Rate(limit=per_second, per=SECOND), clock)
        self._gap = pair_seconds * SECOND
        self._ahead = self._gap * (pair_burst - 1)
        self._free: dict[Address, float] = {}

    async def turn(self, to: Address) -> Place:
        """Wait until this customer may get one more, then until the number may send one more."""
        if self._gap:
            await self._pair(to)
        room = await place((self._number,), self._clock, Urgency.LINE)
        await room.begin()
        return room

    async def _pair(self, to: Address) -> None:
        """A customer's lane sends one after another, so nobody else changes this meanwhile."""
        left = self._free.get(to, 0.0) - self._ahead - self._clock.now()
        if left > 0:
            await asyncio.sleep(left / SECOND)
        self._free[to] = max(self._free.pop(to, 0.0), float(self._clock.now())) + self._gap
        while len(self._free) > _REMEMBERED:
            del self._free[next(iter(self._free))]

    def slow_down(self, seconds: float) -> None:
        """Meta says that the number sends too much."""
        self._number.sleep(seconds)
