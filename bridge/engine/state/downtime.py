"""The time that nothing ran, and what it does to deadlines."""

from bridge.domain.ids import Instant, after
from bridge.domain.value import Value


class Downtime(Value):
    """From `since` to `until` nothing ran; deadlines that began before are later by that."""

    since: Instant = Instant(0)
    until: Instant = Instant(0)

    def due(self, began: Instant, length: int) -> Instant:
        """When a deadline is, that began at `began`."""
        pause = self.until - self.since if began <= self.since else 0
        return after(began, length + pause)
