"""The only source of time."""

import time
from typing import Protocol

from bridge.domain.ids import Instant


class Clock(Protocol):
    """Tells the time; a test or the demo may move it."""

    def now(self) -> Instant:
        """The moment, in milliseconds UTC; never goes back."""
        ...


class SystemClock:
    """Wall clock at start plus monotonic, so that a step of the wall clock moves nothing."""

    def __init__(self) -> None:
        """Read the wall clock once."""
        self._ahead = time.time_ns() - time.monotonic_ns()

    def now(self) -> Instant:
        """The moment by the clock read at start."""
        return Instant((time.monotonic_ns() + self._ahead) // 1_000_000)


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
