"""A budget of so many calls in a window, for platforms that count from the first call on.

Each of the slots is free again a window after its last call was *taken* by the platform, which was
no later than that call's answer less the quickest way back. So there are never more calls in any
window there, wherever it begins and however late each of them is on its way; and a burst of a
whole window goes out at once.
"""

from bisect import bisect_left, bisect_right, insort
from math import inf

from bridge.domain.ids import SECOND
from bridge.ports.clock import Clock
from bridge.ports.pace import Pace, Rate, Way

_LASTS = 5 * SECOND
"""A slot that was taken and never answered is free after this and a window."""
_MARGIN = 5
"""Milliseconds by which clocks may be read too early."""


class Slots(Pace):
    """One budget of a window, and who waits for it."""

    def __init__(self, rate: Rate, clock: Clock, way: Way | None = None) -> None:
        """All slots are free; `rate.spare` is not used."""
        super().__init__(rate, clock, way)
        self._window = rate.per
        self._free: list[float] = [0.0] * int(rate.limit)
        self._taken: list[tuple[float, float]] = []

    @property
    def rate(self) -> Rate:
        """What it keeps to now."""
        return Rate(limit=len(self._free), per=self._window, spare=0)

    @property
    def idle(self) -> bool:
        """Whether it has nothing to remember."""
        free = not self._taken and self._free[-1] <= self._clock.now()
        return free and not self.crowded and not self.asleep

    def due(self, spare: int = 0) -> float:
        """The moment from which a call may be made that leaves `spare` more slots."""
        return max(self._free[min(spare, len(self._free) - 1)], self._asleep)

    def take(self, at: float) -> None:
        """A call is going to be made at this moment."""
        oldest = self._free.pop(0)
        self._taken = [each for each in self._taken if each[1] > oldest]  # that was never answered
        until = at + _LASTS + self._window
        insort(self._free, until)
        insort(self._taken, (at, until))

    def answered(self, began: float, way: Way | None = None) -> None:
        """The call that began then was answered now; `way` is that of calls like it."""
        moment = self._taken_at(began, way or self._way) + self._window + _MARGIN
        self._give_back(bisect_right(self._taken, (began, inf)) - 1, moment)

    def dropped(self) -> None:
        """The call was not made after all."""
        self._give_back(len(self._taken) - 1, 0.0)

    def learn(self, limit: int, window: int) -> None:
        """The platform says that its budget is another one."""
        if limit < 1 or (limit == len(self._free) and window == self._window):
            return
        while len(self._free) > limit:
            self._free.pop(0)
        while len(self._free) < limit:
            self._free.insert(0, 0.0)
        self._window = window
        self._look_again()

    def _give_back(self, place: int, at: float) -> None:
        """The slot of the call that was taken at this place is free from a moment on."""
        if self._taken:
            _, until = self._taken.pop(max(0, place))
            there = bisect_left(self._free, until)
            if there < len(self._free) and self._free[there] == until:
                del self._free[there]
                insort(self._free, at)
        self._look_again()
