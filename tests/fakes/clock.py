"""Time that passes only when a test says so: no limit is refilled while a busy machine dawdles."""

from bridge.domain.ids import Instant


class FixedClock:
    """A clock that stands still until it is moved."""

    def now(self) -> Instant:
        return Instant(1_800_000_000_000)
