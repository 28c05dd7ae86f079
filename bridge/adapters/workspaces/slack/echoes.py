"""Our own posts as Slack shows them back to us: they settle doubts and prove that we hear."""

from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.ports.clock import Clock

_REMEMBERED = 10_000


class Echo(Value):
    """Where a post of ours stands."""

    channel: str
    ts: str


class Echoes:
    """The newest posts of ours that came back as events, by the key in their metadata."""

    def __init__(self, clock: Clock) -> None:
        """Nothing was heard yet."""
        self._clock = clock
        self._seen: dict[str, Echo] = {}
        self.last_seen: Instant | None = None

    def saw(self, key: str, channel: str, ts: str) -> None:
        """One came back."""
        self.last_seen = self._clock.now()
        self._seen.pop(key, None)
        self._seen[key] = Echo(channel=channel, ts=ts)
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def find(self, key: str) -> Echo | None:
        """Where the post with this key stands, when it came back to us."""
        return self._seen.get(key)
