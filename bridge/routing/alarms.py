"""Instants at which time alone may make a match possible."""

from heapq import heappop, heappush
from typing import Generic, Protocol, TypeVar

from bridge.domain.ids import Instant


class HasAlarm(Protocol):
    """Something that has at most one alarm; None: it has none."""

    alarm: Instant | None


_T = TypeVar("_T", bound=HasAlarm)


class Alarms(Generic[_T]):
    """A heap of alarms. An alarm that was changed or cleared leaves a void entry behind."""

    __slots__ = ("_count", "_heap")

    def __init__(self) -> None:
        """None set."""
        self._count = 0
        self._heap: list[tuple[Instant, int, _T]] = []

    def set(self, owner: _T, instant: Instant | None) -> None:
        """Wake the owner at this instant instead of at any earlier named one; None: never."""
        if instant is not None and instant != owner.alarm:
            self._count += 1
            heappush(self._heap, (instant, self._count, owner))
        owner.alarm = instant

    def next(self) -> Instant | None:
        """The earliest alarm."""
        while self._heap and self._heap[0][2].alarm != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: Instant) -> list[_T]:
        """Take out, earliest first, the owners whose alarm has come."""
        owners = []
        while self._heap and self._heap[0][0] <= now:
            instant, _, owner = heappop(self._heap)
            if owner.alarm == instant:
                owner.alarm = None
                owners.append(owner)
        return owners
