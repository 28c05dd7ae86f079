"""Counts the events of the last hour: Slack gives 30,000, and our own posts are among them."""

from collections import deque

from bridge.adapters.common.standing import Standing
from bridge.domain.ids import HOUR, MINUTE, Instant
from bridge.ports.clock import Clock
from bridge.ports.plugin import Check

LIMIT = 30_000
"""https://docs.slack.dev/reference/events/app_rate_limited"""
WARN_AT = LIMIT * 8 // 10

_TROUBLE = "events"
_FIX = "bind fewer channels, or give part of the queues to another workspace"


class Volume:
    """The events of the last sixty minutes, by the minute."""

    def __init__(self, clock: Clock, standing: Standing) -> None:
        """None came yet."""
        self._clock = clock
        self._standing = standing
        self._minutes: deque[tuple[Instant, int]] = deque()
        self.last_hour = 0

    def count(self) -> None:
        """One more came; the operator is warned at four fifths of what Slack gives."""
        minute = Instant(self._clock.now() // MINUTE * MINUTE)
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1] = (minute, self._minutes[-1][1] + 1)
        else:
            self._minutes.append((minute, 1))
        self.last_hour += 1
        while self._minutes[0][0] <= minute - HOUR:
            self.last_hour -= self._minutes.popleft()[1]
        self._judge()

    def refused(self) -> None:
        """Slack says that it keeps events back."""
        detail = f"Slack keeps events back: more than {LIMIT} an hour"
        self._standing.wrong(_TROUBLE, detail, _FIX)

    def checks(self) -> tuple[Check, ...]:
        """How many came, unless they are a trouble: then that is what there is to say."""
        if self._standing.is_wrong(_TROUBLE):
            return ()
        detail = f"{self.last_hour} of {LIMIT} in the last hour"
        return (Check(name=_TROUBLE, ok=True, detail=detail),)

    def _judge(self) -> None:
        if self.last_hour >= WARN_AT:
            detail = f"over {WARN_AT} events within an hour; Slack gives {LIMIT}"
            self._standing.wrong(_TROUBLE, detail, _FIX, warning=True)
        elif self.last_hour < WARN_AT // 2:
            self._standing.right(_TROUBLE)
