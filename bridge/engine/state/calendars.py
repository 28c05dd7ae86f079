"""The opening times of every queue, worked out once for the hours it has."""

from bridge.domain.hours import Hours
from bridge.domain.ids import Instant, QueueId, after
from bridge.domain.queue import Queue
from bridge.routing.opening import Calendar


class Calendars:
    """Answers about a queue's hours; a queue without hours is always open."""

    def __init__(self) -> None:
        """None worked out yet."""
        self._known: dict[QueueId, tuple[Hours, Calendar]] = {}

    def open(self, queue: Queue, now: Instant) -> bool:
        """True while handovers are taken here: it is in use, and open."""
        calendar = self._of(queue)
        return queue.active and (calendar is None or calendar.is_open(now))

    def opens_at(self, queue: Queue, now: Instant) -> Instant | None:
        """When it is open next: `now` itself while it is; None: not within a year."""
        calendar = self._of(queue)
        return now if calendar is None else calendar.opens_at(now)

    def due(self, queue: Queue, since: Instant, length: int) -> Instant | None:
        """When so much open time has passed since a moment; None: not within a year."""
        calendar = self._of(queue)
        return after(since, length) if calendar is None else calendar.due(since, length)

    def _of(self, queue: Queue) -> Calendar | None:
        if queue.hours is None:
            return None
        known = self._known.get(queue.id)
        if known is None or known[0] is not queue.hours:
            known = self._known[queue.id] = (queue.hours, Calendar(queue.hours))
        return known[1]
