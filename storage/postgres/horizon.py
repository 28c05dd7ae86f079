"""How far back one has to look for arrivals that nobody has decided yet."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from math import inf

TOLD_WITHIN = 3.0
"""Seconds: whose row took longer to be kept is told that it is not, and sends it again."""

_THERE_AFTER = TOLD_WITHIN + 1
_LOOKS_AT_ALL = 30.0


class Horizon:
    """A number up to which nothing waits of which anybody was told that it is kept.

    What was removed stays in the index until the database tidies up, which it cannot do while
    somebody reads for long: whoever looked from the beginning would go through all of it each
    time. But numbers are drawn one after the other, and a row is there soon after its number was
    drawn or nobody is told that it is kept. So when a look finds nothing up to a number that was
    seen some seconds before, the next one may begin behind it.

    A row that comes even later is found, too, for now and then all is looked at.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Nothing was looked at. `now` is in seconds."""
        self._now = now
        self._all_at = -inf
        self._seen: deque[tuple[float, int]] = deque()
        self.behind = 0
        """Nothing waits up to this number, as far as anybody was told."""

    def look(self) -> "Look":
        """Begin one."""
        now = self._now()
        if now - self._all_at < _LOOKS_AT_ALL:
            return Look(began=now, behind=self.behind)
        return Look(began=now, behind=0)

    def found(self, look: "Look", ids: Sequence[int]) -> None:
        """It found these, the lowest first."""
        if look.behind == 0:
            self._all_at = look.began
        lowest = inf
        if ids:
            lowest = ids[0]
            self.behind = min(self.behind, ids[0] - 1)
        while self._seen and self._seen[0][1] < lowest:
            at, number = self._seen[0]
            if at + _THERE_AFTER > look.began:
                break
            self.behind = number
            self._seen.popleft()
        if ids and (not self._seen or self._seen[-1][1] < ids[-1]):
            self._seen.append((self._now(), ids[-1]))


class Look:
    """One look at what waits behind a number."""

    __slots__ = ("began", "behind")

    def __init__(self, *, began: float, behind: int) -> None:
        """At this moment, behind this number."""
        self.began = began
        self.behind = behind
