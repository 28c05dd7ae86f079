"""Keeps calls within what a platform takes: budgets that calls wait for, the most urgent first.

A `Pace` is one budget of a platform (a room, a method, a whole workspace). A call that counts
against several of them waits for all of them at once with `place`, the narrowest first, so that
whoever waits for a slow one stands in nobody else's way.
"""

import asyncio
import heapq
from collections.abc import Sequence
from enum import IntEnum
from itertools import count

from bridge.domain.ids import SECOND
from bridge.domain.value import Value
from bridge.ports.clock import Clock

_LASTS = 5 * SECOND
"""A place that was not used for so long is lost."""

_ENOUGH_ANSWERS = 20
_LONG_ENOUGH = 10 * SECOND
"""The first answers come in a crowd, where even the quickest has stood in line."""

_tickets = count()


class Urgency(IntEnum):
    """Who goes first where not everybody can go."""

    LINE = 0
    NOTICE = 1
    CARD = 2


class Rate(Value):
    """At most `limit` calls in any stretch of `per` milliseconds.

    `spare` is the share that is kept for bursts and for calls that arrive late: the steady rate is
    `limit * (1 - spare)`.
    """

    limit: float
    per: int
    spare: float = 0.05

    @property
    def gap(self) -> float:
        """Milliseconds between two calls that fill the limit exactly."""
        return self.per / self.limit

    @property
    def burst(self) -> int:
        """How many calls may follow each other at once: what is kept, less one for jitter."""
        return max(1, int(self.limit * self.spare) - 1)


class Way:
    """How long the quickest answer takes: the way to the platform and back."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._quickest = float("inf")
        self._answers = 0
        self._since: float | None = None

    def learn(self, began: float, now: float) -> None:
        """A call that began then was answered now."""
        self._quickest = min(self._quickest, max(0.0, now - began))
        self._answers += 1
        if self._since is None:
            self._since = now

    def least(self, now: float) -> float:
        """Milliseconds that every answer takes; 0 until enough of them were seen, long enough."""
        known = self._since is not None and now - self._since >= _LONG_ENOUGH
        return self._quickest if known and self._answers >= _ENOUGH_ANSWERS else 0.0


class Pace:
    """One budget, and who waits for it.

    A budget without bursts takes one call at a time: the next one is due a gap after the call
    before was *taken* by the platform. That was no later than its answer less the quickest way
    back, so the calls keep their distance there, however late each of them is on its way.
    """

    def __init__(self, rate: Rate, clock: Clock, way: Way | None = None) -> None:
        """Nothing was used yet. Budgets of one platform share the `way` there."""
        self._clock = clock
        self._way = way or Way()
        self._single = rate.burst == 1
        self._gap = rate.gap * 1.01 + 1 if self._single else rate.gap / (1 - rate.spare)
        self._tolerance = self._gap * (rate.burst - 1)
        self._next = 0.0
        self._asleep = 0.0
        self._busy_until = 0.0
        self._turn_taken = False
        self._holder: asyncio.Future[None] | None = None
        self._waiting: list[tuple[tuple[int, int], asyncio.Future[None]]] = []

    # --- the budget -------------------------------------------------------------------------

    def due(self, spare: int = 0) -> float:
        """The moment from which a call may be made that leaves `spare` more of the burst."""
        free = self._next - self._tolerance + spare * self._gap
        return max(free, self._asleep, self._busy_until)

    def take(self, at: float) -> None:
        """A call is going to be made at this moment."""
        self._next = max(self._next, at) + self._gap
        if self._single:
            self._busy_until = at + _LASTS

    def answered(self, began: float, way: Way | None = None) -> None:
        """The call that began then was answered now; `way` is that of calls like it."""
        if not self._single:
            return
        self._busy_until = 0.0
        self._next = self._taken_at(began, way or self._way) + self._gap
        self._look_again()

    def _taken_at(self, began: float, way: Way) -> float:
        """When, at the latest, the platform took the call that is answered now."""
        now = self._clock.now()
        way.learn(began, now)
        return max(began, now - way.least(now))

    def dropped(self) -> None:
        """The call was not made after all."""
        self._next -= self._gap
        self._busy_until = 0.0
        self._look_again()

    def sleep(self, seconds: float) -> None:
        """The platform asked for a pause."""
        self._asleep = max(self._asleep, self._clock.now() + seconds * SECOND)

    @property
    def asleep(self) -> bool:
        """True while the pause lasts that the platform asked for."""
        return self._asleep > self._clock.now()

    @property
    def crowded(self) -> bool:
        """True while somebody waits, be it only for its moment."""
        return self._turn_taken

    # --- whose turn it is -------------------------------------------------------------------

    async def turn(self, ticket: tuple[int, int]) -> None:
        """Wait until nobody more urgent, and nobody who came before, stands in front."""
        if not self._turn_taken:
            self._turn_taken = True
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (ticket, future))
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.pass_on()
            raise

    async def settle(self, early: int) -> None:
        """With the turn: wait until a place is due, or will be in `early` milliseconds."""
        loop = asyncio.get_running_loop()
        while (left := self.due() - early - self._clock.now()) > 0:
            self._holder = loop.create_future()
            alarm = loop.call_later(left / SECOND, self._look_again)
            try:
                await self._holder
            finally:
                alarm.cancel()
                self._holder = None

    def _look_again(self) -> None:
        if self._holder is not None and not self._holder.done():
            self._holder.set_result(None)

    def overtaken(self, ticket: tuple[int, int]) -> bool:
        """Whether somebody more urgent came while the holder of the turn slept."""
        return any(other < ticket and not future.done() for other, future in self._waiting[:1])

    def pass_on(self) -> None:
        """Give the turn to the next one."""
        while self._waiting:
            _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)
                return
        self._turn_taken = False


class Place:
    """Leave to make one call, from the moment `at` on and soon."""

    def __init__(self, paces: Sequence[Pace], clock: Clock, at: float) -> None:
        """Taken from these budgets."""
        self._paces = paces
        self._clock = clock
        self._began = at
        self.at = at

    @property
    def lost(self) -> bool:
        """True when it was not used for too long; others may have it by now."""
        return self._clock.now() > self.at + _LASTS / 2

    async def begin(self) -> None:
        """Return when the call is to be made."""
        await asyncio.sleep(max(0.0, self.at - self._clock.now()) / SECOND)
        self._began = self._clock.now()

    def answered(self, way: Way | None = None) -> None:
        """The call was answered, or will not be any more; `way` is that of calls like it."""
        for pace in self._paces:
            pace.answered(self._began, way)

    def drop(self) -> None:
        """It is not needed after all."""
        for pace in self._paces:
            pace.dropped()


async def place(paces: Sequence[Pace], clock: Clock, urgency: Urgency, *, early: int = 0) -> Place:
    """Wait for a place in all of these budgets, narrowest first.

    It is given up to `early` milliseconds before its moment, for whoever has to prepare.
    """
    ticket = (int(urgency), next(_tickets))
    while True:
        held: list[Pace] = []
        try:
            for pace in paces:
                await _enter(pace, ticket, early)
                held.append(pace)
            at = max([float(clock.now()), *(pace.due() for pace in paces)])
            if at <= clock.now() + early:
                for pace in paces:
                    pace.take(at)
                return Place(paces, clock, at)
        finally:
            for pace in held:
                pace.pass_on()


def place_at_once(paces: Sequence[Pace], clock: Clock, spare: int = 0) -> Place | float:
    """A place for what can as well be left out; where there is none, the seconds to wait.

    It leaves `spare` calls of each burst to others, and never goes before anybody who waits.
    """
    now = clock.now()
    due = max((pace.due(spare) for pace in paces), default=0.0)
    if due > now or any(pace.crowded for pace in paces):
        return max(1.0, (due - now) / SECOND)
    for pace in paces:
        pace.take(now)
    return Place(paces, clock, now)


async def _enter(pace: Pace, ticket: tuple[int, int], early: int) -> None:
    """Have the turn of this budget at its moment."""
    while True:
        await pace.turn(ticket)
        try:
            await pace.settle(early)
        except BaseException:
            pace.pass_on()
            raise
        if not pace.overtaken(ticket):
            return
        pace.pass_on()
