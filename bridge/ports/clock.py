"""The only source of time."""

import time
from collections.abc import Callable
from typing import Protocol

from bridge.domain.ids import Instant

_MILLI = 1_000_000
_LOOK = 1_000 * _MILLI
"""So often the wall clock is looked at; it costs as much as the other one."""
_SLEW = 20
_FAR = 60_000 * _MILLI


class Clock(Protocol):
    """Tells the time; a test or the demo may move it."""

    def now(self) -> Instant:
        """The moment, in milliseconds UTC; never goes back."""
        ...


class SystemClock:
    """Wall clock at start plus monotonic; a step of the wall clock is followed slowly.

    It goes at most a twentieth faster or slower until it is right again, so that nothing becomes
    due at a stroke, or never; and not back. `alarm` is told, in milliseconds, how far off it is
    once that is more than a minute.
    """

    def __init__(
        self,
        alarm: Callable[[int], None] = lambda millis: None,
        *,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Read both clocks, which count nanoseconds."""
        self._alarm = alarm
        self._wall, self._steady = wall, steady
        self._looked = steady()
        self._ahead = wall() - self._looked
        self._latest = 0
        self._far = False

    def now(self) -> Instant:
        """The moment."""
        steady = self._steady()
        if steady - self._looked >= _LOOK:
            self._follow(steady)
        self._latest = max(self._latest, steady + self._ahead)
        return Instant(self._latest // _MILLI)

    def _follow(self, steady: int) -> None:
        """Come nearer to the wall clock, by as much as the time since the last look allows."""
        off = self._wall() - steady - self._ahead
        most = (steady - self._looked) // _SLEW
        self._looked = steady
        self._ahead += max(-most, min(off, most))
        far = abs(off) > _FAR
        if far and not self._far:
            self._alarm(off // _MILLI)
        self._far = far


class MovableClock:
    """A clock that can be sent forward, for the demo's buttons and for tests."""

    def __init__(self, base: Clock) -> None:
        """Stand on another clock."""
        self._base = base
        self._ahead = 0

    def now(self) -> Instant:
        """The base clock's moment plus what was added."""
        return Instant(self._base.now() + self._ahead)

    def forward(self, millis: int) -> None:
        """Go ahead by `millis`, which must not be negative."""
        if millis < 0:
            raise ValueError("a clock does not go back")
        self._ahead += millis
