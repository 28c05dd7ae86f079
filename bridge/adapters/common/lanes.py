"""What came in waits for its turn, in the order of its coming, until it is taken."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import structlog

from bridge.adapters.common.pauses import USUAL
from bridge.adapters.common.tasks import begun, over
from bridge.domain.errors import DeskbridgeError, Overloaded, StorageUnavailable, TemporaryFailure

log = structlog.get_logger("bridge.workspaces")

Work: TypeAlias = Callable[[], Awaitable[None]]
"""Handles one thing that came in; it is called again until it does not raise."""

_MOST = 10_000


class Lanes:
    """One lane for each key: what is in it is handled one after another, never out of turn.

    For platforms that send everything once: a thing that cannot be taken now (the database is
    away, a platform cannot be asked) stays at the head of its lane and is tried again. There is
    room for so many; what finds none is not kept, and `overflow` is told of its key.
    """

    def __init__(
        self,
        overflow: Callable[[str], None],
        most: int = _MOST,
        pauses: Sequence[float] = USUAL.taking,
    ) -> None:
        """Nothing came yet; between tries are `pauses` seconds."""
        self._pauses = pauses
        self.most = most
        self._overflow = overflow
        self._lanes: dict[str, deque[Work]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._waiting = 0
        self._open = False
        self._urged = asyncio.Event()

    def open(self) -> None:
        """Take from now on."""
        self._open = True

    async def close(self) -> None:
        """Take nothing new; what is under way ends soon, what waits is not taken."""
        self._open = False
        self._urged.set()
        for lane in self._lanes.values():
            lane.clear()
        await over(self._workers.values())
        self._waiting = 0
        self._urged.clear()

    @property
    def waiting(self) -> int:
        """How much is not taken yet."""
        return self._waiting

    def put(self, key: str, work: Work) -> None:
        """Something came in; nothing is awaited before it has its place."""
        if not self._open:
            return
        if self._waiting >= self.most:
            self._overflow(key)
            return
        self._waiting += 1
        lane = self._lanes.setdefault(key, deque())
        lane.append(work)
        if key not in self._workers:
            self._serve_from_now_on(key)

    def _serve_from_now_on(self, key: str) -> None:
        self._workers[key] = begun(self._serve(key), f"lane {key}")

    async def _serve(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                await self._until_taken(key, lane[0])
                self._next(lane)
        finally:
            self._left(key, lane)

    def _next(self, lane: deque[Work]) -> None:
        if lane:
            lane.popleft()
            self._waiting -= 1

    def _left(self, key: str, lane: deque[Work]) -> None:
        """The lane is empty, or what was at its head failed: what is behind that goes on."""
        del self._workers[key]
        self._next(lane)
        if lane:
            self._serve_from_now_on(key)
        else:
            del self._lanes[key]

    async def _until_taken(self, key: str, work: Work) -> None:
        tries = 0
        while True:
            try:
                return await work()
            except (StorageUnavailable, Overloaded, TemporaryFailure) as failure:
                if not self._open:
                    return None
                log.warning("not_taken_yet", lane=key, why=str(failure))
            except DeskbridgeError as error:
                log.error("not_taken", lane=key, why=str(error))
                return None
            await self._pause(self._pauses[min(tries, len(self._pauses) - 1)])
            tries += 1

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._urged.wait()
        except TimeoutError:
            return
