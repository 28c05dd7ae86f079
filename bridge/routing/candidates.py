"""The agents of one level of a queue who can take a conversation now, the best one first."""

from collections.abc import Callable, Mapping
from heapq import heapify, heappop, heappush, heapreplace

from bridge.domain.ids import AgentId, Instant, QueueId
from bridge.routing.facts import Weighed
from bridge.routing.order import Rank
from bridge.routing.records import Seat

_NOW, _FOREVER = Instant(0), Instant(1)

_Entry = tuple[int, float, int, int, int, int, Seat]
"""(breadth, rank, agent, stamp, seat): stamps are never equal, so seats are never compared."""


class Candidates:
    """A heap with lazy deletion.

    An entry older than its seat's `born` is void. One older than its `stamp` ranks the agent at
    least as well as he deserves, so it is ranked again only when it comes to the top.
    """

    __slots__ = ("_breadth_first", "_heap", "_limit", "_queue", "_rank")

    def __init__(
        self,
        queue: QueueId,
        rank: Callable[[Seat, QueueId], Rank],
        *,
        specialist_first: bool = True,
    ) -> None:
        """Nobody yet. `specialist_first`: who serves fewer queues comes first, then the rank."""
        self._heap: list[_Entry] = []
        self._limit = 64
        self._queue = queue
        self._breadth_first = specialist_first
        self._rank = rank

    def __len__(self) -> int:
        """At least the number of candidates; 0 only if there is none."""
        return len(self._heap)

    def add(self, seat: Seat) -> None:
        """Enter an agent under a new `born`; his older entries are void."""
        heappush(self._heap, self._entry(seat))
        if len(self._heap) > self._limit:
            self._heap = [entry for entry in self._heap if entry[5] >= entry[6].born]
            heapify(self._heap)
            self._limit = max(64, 4 * len(self._heap))

    def best(self) -> Seat | None:
        """The first who has a free slot; he stays in the heap."""
        heap = self._heap
        while heap:
            entry = heap[0]
            stamp, seat = entry[5], entry[6]
            if stamp == seat.stamp:
                return seat
            if stamp < seat.born or seat.used >= seat.capacity:
                heappop(heap)
            else:
                heapreplace(heap, self._entry(seat))
        return None

    def best_but(self, skip: Mapping[AgentId, Instant], now: Instant) -> Seat | None:
        """The first who has a free slot and is not to be skipped now."""
        passed = []
        seat = self.best()
        while seat is not None and now < skip.get(seat.id, now):
            passed.append(heappop(self._heap))
            seat = self.best()
        for entry in passed:
            heappush(self._heap, entry)
        return seat

    def second(self, first: Seat) -> Seat | None:
        """The best but for this one, who is the best."""
        if len(self._heap) < 2:
            return None
        return self.best_but({first.id: _FOREVER}, _NOW)

    def weigh(self, seat: Seat, level: int) -> Weighed:
        """How he compares with others."""
        rank, breadth = self._rank(seat, self._queue), self._breadth(seat)
        return Weighed(
            agent=seat.id,
            level=level,
            breadth=breadth,
            rank=rank,
            used=seat.used,
            capacity=seat.capacity,
        )

    def _breadth(self, seat: Seat) -> int:
        return seat.breadth if self._breadth_first else 0

    def _entry(self, seat: Seat) -> _Entry:
        first, second, third = self._rank(seat, self._queue)
        return self._breadth(seat), first, second, third, seat.id, seat.stamp, seat
