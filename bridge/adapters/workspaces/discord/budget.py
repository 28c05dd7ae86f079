"""What Discord takes: so many calls of a route in a channel, so many of one bot in all.

The numbers are what was observed by many before Discord has said anything; its headers correct
them (discord.com/developers/docs/topics/rate-limits, read November 2026). What is never said in
headers, and only in refusals, keeps the observed number.
"""

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType

from bridge.adapters.workspaces.discord.routes import Route
from bridge.domain.errors import TemporaryFailure
from bridge.domain.ids import SECOND
from bridge.domain.value import Value
from bridge.ports.clock import Clock
from bridge.ports.pace import Pace, Place, Rate, Urgency, Way, place, place_at_once
from bridge.ports.slots import Slots

_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
SEND = "POST /channels/{channel_id}/messages"
_THREADS = frozenset({"POST /channels/{channel_id}/threads", f"POST {_MESSAGE}/threads"})


def _rate(calls: int, seconds: float) -> Rate:
    return Rate(limit=calls, per=int(seconds * SECOND), spare=0)


_OBSERVED: Mapping[str, Rate] = MappingProxyType(
    {
        f"DELETE {_MESSAGE}": _rate(5, 1),
        f"PUT {_MESSAGE}/reactions/{{emoji}}/@me": _rate(1, 0.25),
        f"DELETE {_MESSAGE}/reactions/{{emoji}}/@me": _rate(1, 0.25),
    }
)

_LEFT_TO_LINES = 2
"""Of a message budget, so many edits are left to customers' lines when cards are drawn."""
_STEP = 250
"""Milliseconds: no window is of another length, and what is left of one is told a little late."""
_MOST = 5_000
"""Budgets that are remembered; a window later an idle one is worth nothing."""

EARLY = 50
"""Milliseconds that a place is given before its moment: the desk writes down that it begins."""


class Sizes(Value):
    """What the settings say: calls a second in all, messages in a thread in 5 seconds, threads
    opened in a room in 5 minutes, by everybody together (discord-api-docs#7816), and calls of any
    other kind in a channel in 5 seconds, until Discord's headers say how many."""

    per_second: int = 50
    in_thread: int = 5
    opened: int = 50
    usual: int = 10


class Budgets:
    """Every budget of one bot, made when it is first asked for; interactions are outside."""

    def __init__(self, clock: Clock, sizes: Sizes | None = None) -> None:
        """Without `sizes` they are those of a new bot."""
        sizes = sizes or Sizes()
        self._clock = clock
        self._everything = Slots(_rate(sizes.per_second, 1), clock)
        self._ways: dict[str, Way] = {}
        self._usual = _rate(sizes.usual, 5)
        self._opening = _rate(sizes.opened, 300)
        messages = dict.fromkeys((SEND, f"PATCH {_MESSAGE}"), _rate(sizes.in_thread, 5))
        self._observed = {**_OBSERVED, **messages}
        self._paces: dict[str, Slots] = {}
        self._buckets: dict[str, str] = {}

    @property
    def remembered(self) -> int:
        """How many there are."""
        return len(self._paces)

    async def place(self, to: Route, urgency: Urgency, *, early: int = 0) -> Place:
        """Wait until this call may be made."""
        return await place(self._of(to), self._clock, urgency, early=early)

    def place_for_a_card(self, to: Route) -> Place:
        """A place for what is dropped first under pressure. Raises `TemporaryFailure`."""
        found = place_at_once(self._of(to), self._clock, _LEFT_TO_LINES)
        if isinstance(found, Place):
            return found
        raise TemporaryFailure("lines go before cards", found)

    def way(self, to: Route) -> Way:
        """How long calls of this route take: some are quicker than others."""
        return self._ways.setdefault(to.key, Way())

    def refused(self, to: Route, seconds: float, scope: str) -> None:
        """Discord said that it was one too many."""
        budget = self._everything if scope == "global" else self._of(to)[0]
        budget.sleep(seconds)

    def heard(self, to: Route, headers: Mapping[str, str]) -> None:
        """What an answer says of the budget that its call counted against."""
        bucket, limit = headers.get("X-RateLimit-Bucket"), headers.get("X-RateLimit-Limit")
        if not bucket or not limit or not to.counted:
            return
        left = _number(headers.get("X-RateLimit-Remaining"))
        ends = _number(headers.get("X-RateLimit-Reset-After"))
        pace = self._in_bucket(to, bucket)
        calls = int(limit)
        if left == calls - 1:  # its window began with this call
            pace.learn(calls, ceil(ends * SECOND / _STEP) * _STEP or _STEP)
        if left == 0:
            pace.sleep(ends)

    def crowded(self, to: Route) -> bool:
        """Whether somebody waits for the same."""
        return any(pace.crowded for pace in self._of(to))

    def _in_bucket(self, to: Route, bucket: str) -> Slots:
        """Discord's own name for a budget: several routes may share one."""
        old = self._key(to)
        self._buckets[to.key] = bucket
        new = self._key(to)
        if new != old and old in self._paces:
            self._paces.setdefault(new, self._paces.pop(old))
        return self._own(to)

    def _of(self, to: Route) -> tuple[Pace, ...]:
        """The budgets that a call counts against, narrowest first."""
        if not to.counted:
            return ()
        if to.key in _THREADS:
            opening = self._named(f"threads {to.major}", self._opening)
            return (opening, self._own(to), self._everything)
        return (self._own(to), self._everything)

    def _own(self, to: Route) -> Slots:
        return self._named(self._key(to), self._observed.get(to.key, self._usual))

    def _key(self, to: Route) -> str:
        return f"{self._buckets.get(to.key, to.key)} {to.major}"

    def _named(self, key: str, rate: Rate) -> Slots:
        pace = self._paces.get(key)
        if pace is None:
            if len(self._paces) >= _MOST:
                self._paces = {name: each for name, each in self._paces.items() if not each.idle}
            pace = self._paces[key] = Slots(rate, self._clock)
        return pace


def _number(header: str | None) -> float:
    try:
        return max(0.0, float(header or ""))
    except ValueError:
        return 0.0
