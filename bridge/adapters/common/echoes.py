"""Our own posts as a platform shows them back to us: they settle doubts and prove that we hear."""

from typing import TypeVar

from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.ports.clock import Clock

_REMEMBERED = 10_000

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Echo(Value):
    """Where a post of ours stands."""

    channel: str
    line: str


class Echoes:
    """The newest posts of ours, made and come back as events, in whichever order."""

    def __init__(self, clock: Clock) -> None:
        """Nothing was posted or heard yet."""
        self._clock = clock
        self._by_key: dict[str, Echo] = {}
        self._heard: dict[Echo, None] = {}
        self._awaited: dict[Echo, Instant] = {}
        self.last_heard = Instant(0)

    def saw(self, key: str, channel: str, line: str) -> None:
        """One came back; `key` is what it says of itself, empty when it says nothing."""
        echo = Echo(channel=channel, line=line)
        self._awaited.pop(echo, None)
        self._heard[echo] = None
        _trim(self._heard)
        if key:
            self._by_key.pop(key, None)
            self._by_key[key] = echo
            _trim(self._by_key)

    def find(self, key: str) -> Echo | None:
        """Where the post with this key stands, when it came back to us."""
        return self._by_key.get(key)

    def posted(self, channel: str, line: str) -> None:
        """The platform took a post of ours: it has to come back, or has already."""
        echo = Echo(channel=channel, line=line)
        if echo not in self._heard:
            self._awaited[echo] = self._clock.now()
            _trim(self._awaited)

    def heard(self) -> None:
        """Any event came: we are not deaf."""
        self.last_heard = self._clock.now()

    def deaf_for(self) -> int:
        """Milliseconds since we posted something and heard nothing at all from then on."""
        missing = (at for at in self._awaited.values() if at > self.last_heard)
        oldest = next(missing, None)
        return 0 if oldest is None else self._clock.now() - oldest

    def give_up(self) -> None:
        """What has not come back will not: the connection is another one now."""
        self._awaited.clear()


def _trim(memory: dict[Key, Kept]) -> None:
    while len(memory) > _REMEMBERED:
        del memory[next(iter(memory))]
