"""The doorbell of a desk that is one process: it rings in memory."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

from bridge.domain.ids import Instant
from bridge.ports.clock import Clock, SystemClock
from bridge.ports.doorbell import Answer
from storage.bells import answered, pause
from storage.crontab import Crontab

_LOOKED_AT = 1.0
"""Seconds between two looks at the clock, which may have been moved."""


class EmbeddedDoorbell:
    """See `bridge.ports.doorbell.Doorbell`. It ends with the process, as does whoever rings it."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Nothing has been rung."""
        self._clock = clock or SystemClock()
        self._rung: Counter[str] = Counter()
        self._later: list[tuple[Instant, str]] = []
        self._crontabs: dict[str, tuple[Crontab, Instant]] = {}
        self._answering: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._heard = asyncio.Condition()

    async def ring(self, name: str) -> None:
        """Have whoever answers this name look."""
        await self._hear([name])

    async def ring_at(self, name: str, at: Instant) -> None:
        """The same, not before this moment."""
        heappush(self._later, (at, name))
        await self._look()

    async def cron(self, name: str, expression: str) -> None:
        """Ring it again and again."""
        crontab = Crontab(expression)
        known = self._crontabs.get(name)
        if known is None or known[0].expression != expression:
            self._crontabs[name] = (crontab, crontab.after(self._clock.now()))

    async def run(self, answers: Mapping[str, Answer]) -> None:
        """Answer these names until cancelled."""
        await self._hear(answers)
        async with asyncio.TaskGroup() as group:
            for name, answer in answers.items():
                group.create_task(self._run(name, answer), name=f"doorbell {name}")
            while True:
                await self._look()
                await asyncio.sleep(_LOOKED_AT)

    async def drain(self, answers: Mapping[str, Answer]) -> int:
        """Answer everything that is due now, here, and say how many bells that were."""
        await self._look()
        count = 0
        for name, answer in answers.items():
            while answers_now := await self._answer(name, answer):
                count += answers_now
        return count

    async def _run(self, name: str, answer: Answer) -> None:
        failures = 0
        while True:
            async with self._heard:
                await self._heard.wait_for(lambda: self._rung[name])
            if await self._answer(name, answer):
                failures = 0
            elif self._rung[name]:
                await asyncio.sleep(pause(failures))
                failures += 1

    async def _answer(self, name: str, answer: Answer) -> int:
        """How many bells that was the answer to: none when it failed, and one rings again."""
        async with self._answering[name]:
            rung = self._rung.pop(name, 0)
            if not rung:
                return 0  # somebody else was quicker
            done = False
            try:
                done = await answered(name, answer)
            finally:
                if not done:
                    self._rung[name] += 1
            return rung if done else 0

    async def _look(self) -> None:
        """Ring what is due by now."""
        now = self._clock.now()
        due = []
        while self._later and self._later[0][0] <= now:
            due.append(heappop(self._later)[1])
        for name, (crontab, at) in self._crontabs.items():
            if at <= now:
                due.append(name)
                self._crontabs[name] = (crontab, crontab.after(now))
        await self._hear(due)

    async def _hear(self, names: Iterable[str]) -> None:
        async with self._heard:
            for name in names:
                self._rung[name] += 1
            self._heard.notify_all()
