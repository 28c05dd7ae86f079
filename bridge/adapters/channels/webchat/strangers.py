"""Remembers the sites that were refused, so that somebody learns of it."""

from collections import Counter
from collections.abc import Mapping

import structlog

MOST = 50
"""Sites that are told apart; anybody can make one up."""
OTHERS = "others"
_LONGEST = 200


class Strangers:
    """Counts refused sites. The first time, each is a line of the log; memory is bounded."""

    def __init__(self, channel: str) -> None:
        """`channel` is the id in the settings."""
        self._channel = channel
        self._log = structlog.get_logger("bridge.webchat")
        self._seen: Counter[str] = Counter()

    @property
    def seen(self) -> Mapping[str, int]:
        """How often each was refused; what came after the first fifty is `others`."""
        return self._seen

    def note(self, origin: str) -> None:
        """One more request of this site was refused."""
        name = origin[:_LONGEST].encode("ascii", "backslashreplace").decode()
        if name not in self._seen and len(self._seen) >= MOST:
            name = OTHERS
        self._seen[name] += 1
        if self._seen[name] == 1:
            place = f"[channels.{self._channel}] origins"
            self._log.warning("origin_refused", channel=self._channel, origin=name, allow_in=place)
