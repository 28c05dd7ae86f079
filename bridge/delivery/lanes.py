"""Lanes: deliveries of one thread or customer, one after another; lanes beside each other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from bridge.domain.delivery import Delivery
from bridge.domain.ids import DeliveryId

Carry = Callable[[Sequence[Delivery]], Awaitable[int]]


class Lanes:
    """Carries deliveries, each lane in order, one task per lane that has work."""

    def __init__(self, carry: Carry) -> None:
        """`carry` makes the first of a lane, or its first few together, to their end.

        It is given everything that waits, says how many it has made, and does not raise.
        """
        self._carry = carry
        self._waiting: dict[str, deque[Delivery]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._cancelled: set[DeliveryId] = set()

    def add(self, delivery: Delivery) -> None:
        """Put a delivery at the end of its lane."""
        lane = self._waiting.get(delivery.lane)
        if lane is not None:
            lane.append(delivery)
            return
        self._waiting[delivery.lane] = deque((delivery,))
        loop = asyncio.get_running_loop()
        self._tasks[delivery.lane] = loop.create_task(self._run(delivery.lane), name=delivery.lane)

    def has(self, lane: str) -> bool:
        """True while this lane has work."""
        return lane in self._waiting

    def cancel(self, deliveries: set[DeliveryId]) -> None:
        """These were taken back before their call began."""
        self._cancelled |= deliveries

    @property
    def busy(self) -> int:
        """How many lanes have work."""
        return len(self._waiting)

    async def drain(self, seconds: float) -> None:
        """Wait until nothing is under way, at most so long; then stop what is left."""
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, name: str) -> None:
        lane = self._waiting[name]
        try:
            while lane:
                if lane[0].id in self._cancelled:
                    self._cancelled.discard(lane.popleft().id)
                    continue
                for _ in range(await self._carry(lane)):
                    made = lane.popleft()
                    if self._cancelled:
                        self._cancelled.discard(made.id)
        finally:
            del self._waiting[name]
            del self._tasks[name]
