"""How much one number may send: to one customer, and altogether.

https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput, read November 2026.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bridge.simulators.graph.errors import GraphRefusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is counted. None means not at all."""

    per_second: int | None = None
    """Messages of one number."""
    pair_burst: int | None = None
    """Messages to one customer at once."""
    pair_seconds: float = 6.0
    """One more to the same customer after so long."""

    @classmethod
    def off(cls) -> "Limits":
        """Nothing is counted."""
        return cls()

    @classmethod
    def documented(cls) -> "Limits":
        """What Meta writes."""
        return cls(per_second=80, pair_burst=45)


class Meter:
    """Counts messages as they arrive. A refused one is not counted."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """`clock` must never go back."""
        self.limits = limits
        self.refused: dict[int, int] = defaultdict(int)
        """How often, by error code."""
        self._clock = clock
        self._sent: dict[str, deque[float]] = defaultdict(deque)
        self._free_from: dict[tuple[str, str], float] = {}

    def admit(self, number: str, customer: str) -> None:
        """Raises `GraphRefusal` for one that is too many."""
        now = self._clock()
        self._throughput(number, now)
        self._pair(number, customer, now)
        self._sent[number].append(now)

    def _throughput(self, number: str, now: float) -> None:
        most, sent = self.limits.per_second, self._sent[number]
        while sent and sent[0] <= now - 1.0:
            sent.popleft()
        if most is not None and len(sent) >= most:
            self._refuse(130429, "Cloud API message throughput has been reached.")

    def _pair(self, number: str, customer: str, now: float) -> None:
        burst, gap = self.limits.pair_burst, self.limits.pair_seconds
        if burst is None:
            return
        free = max(now, self._free_from.get((number, customer), 0.0))
        if free - now > gap * (burst - 1) + 1e-6:
            self._refuse(131056, "Too many messages sent to the same phone number.")
        self._free_from[number, customer] = free + gap

    def _refuse(self, code: int, details: str) -> None:
        self.refused[code] += 1
        raise GraphRefusal(code, details)
