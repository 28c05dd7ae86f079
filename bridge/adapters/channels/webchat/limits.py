"""How often somebody may ask: token buckets in bounded memory."""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

_BURST_SECONDS = 10.0


class Buckets:
    """One bucket per key, each refilled at the same pace; a burst may take ten seconds' worth.

    It remembers for each key only when its bucket will be full again. At most `capacity` keys
    are kept; then full buckets are forgotten, and after them the ones that were idle longest.
    """

    def __init__(self, per_second: float, now: Callable[[], float], capacity: int = 50_000) -> None:
        """`per_second` 0 means without limit; `now` gives seconds."""
        self._cost = 1 / per_second if per_second else 0.0
        self._depth = max(_BURST_SECONDS, self._cost)
        self._now = now
        self._capacity = capacity
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._full_at)

    def take(self, key: str) -> float:
        """Take one. 0.0 when it was there, else the seconds until there will be one."""
        if not self._cost:
            return 0.0
        now = self._now()
        full_at = max(self._full_at.pop(key, now), now) + self._cost
        late = full_at - now - self._depth
        if late > 1e-9:
            self._full_at[key] = full_at - self._cost
            return late
        if len(self._full_at) >= self._capacity:
            self._forget(now)
        self._full_at[key] = full_at
        return 0.0

    def _forget(self, now: float) -> None:
        live = [(key, full_at) for key, full_at in self._full_at.items() if full_at > now]
        self._full_at = dict(live[-self._capacity // 2 :])


@lru_cache(maxsize=4_096)
def network(address: str) -> str:
    """The /24 or /64 that an address belongs to: one household or office."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return f"{int(parsed) >> 64:x}"
        parsed = parsed.ipv4_mapped
    return str(parsed).rpartition(".")[0]
