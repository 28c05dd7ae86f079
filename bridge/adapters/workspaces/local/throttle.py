"""Slows down whoever guesses: so many tries, then waiting."""

from collections import OrderedDict

from bridge.domain.ids import Instant, Millis
from bridge.ports.clock import Clock

_REMEMBERED = 10_000


class Throttle:
    """Lets `burst` tries through at once and one more every `interval`, per key.

    It keeps the theoretical time of the next try (GCRA) and forgets the oldest keys.
    """

    def __init__(self, clock: Clock, *, burst: int, interval: Millis) -> None:
        """Nobody has tried yet."""
        self._clock = clock
        self._interval = interval
        self._tolerance = interval * (burst - 1)
        self._due: OrderedDict[str, Instant] = OrderedDict()

    def wait(self, key: str) -> Millis:
        """How long until the next try is let through; 0 for now."""
        due = self._due.get(key, Instant(0))
        return Millis(max(0, due - self._tolerance - self._clock.now()))

    def count(self, key: str) -> None:
        """Remember a try."""
        now = self._clock.now()
        self._due[key] = Instant(max(self._due.get(key, now), now) + self._interval)
        self._due.move_to_end(key)
        while len(self._due) > _REMEMBERED:
            self._due.popitem(last=False)

    def forget(self, key: str) -> None:
        """It was the right person after all."""
        self._due.pop(key, None)
