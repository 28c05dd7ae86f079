"""Slack's rate limits, counted strictly: a window that slides with every call."""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.errors import TooMany

TIERS: Mapping[int, int] = MappingProxyType({1: 1, 2: 20, 3: 50, 4: 100})
"""Calls a minute, per method, team and app."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """At most `calls` in any stretch of `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is counted. None means not at all."""

    channel: Window | None = None
    """`chat.postMessage` in one channel, all its threads together."""
    team: Window | None = None
    """`chat.postMessage` of one app in the workspace."""
    tiers: bool = False
    methods: Mapping[str, Window] = field(default_factory=dict)
    """A method's own window, instead of its tier's."""
    history_objects: int | None = None
    """The most that history and replies give at once (15 for apps sold outside the store)."""

    @classmethod
    def off(cls) -> "Limits":
        """Nothing is counted."""
        return cls()

    @classmethod
    def documented(cls) -> "Limits":
        """About one message a second per channel with short bursts, 300 a minute, tiers."""
        burst = Window(calls=5, seconds=5.0)
        return cls(channel=burst, team=Window(calls=300, seconds=60.0), tiers=True)

    @classmethod
    def strict(cls) -> "Limits":
        """One message in any second per channel, 300 in any minute, tiers."""
        one = Window(calls=1, seconds=1.0)
        return cls(channel=one, team=Window(calls=300, seconds=60.0), tiers=True)

    @classmethod
    def commercial(cls) -> "Limits":
        """`documented`, and the cut of 2025: history once a minute, 15 objects."""
        once = Window(calls=1, seconds=60.0)
        methods = {"conversations.replies": once, "conversations.history": once}
        return replace(cls.documented(), methods=methods, history_objects=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One call that was one too many."""

    at: float
    budget: str
    retry_after: int


class Meter:
    """Counts calls as they arrive and refuses what is too many. A refused call is not counted."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """`clock` must never go back."""
        self.limits = limits
        self.refusals: list[Refusal] = []
        self.accepted: dict[str, int] = defaultdict(int)
        """Calls let through, by method."""
        self._clock = clock
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def admit(self, method: str, *, tier: int | None, app: str, channel: str | None) -> None:
        """Count the call in every window that it touches. Raises `TooMany` and counts nothing."""
        now = self._clock()
        windows = self._windows(method, tier=tier, app=app, channel=channel)
        for budget, window in windows:
            wait = self._wait(budget, window, now)
            if wait > 0:
                seconds = max(1, math.ceil(wait))
                self.refusals.append(Refusal(at=now, budget=budget, retry_after=seconds))
                raise TooMany(seconds, budget)
        for budget, _ in windows:
            self._seen[budget].append(now)
        self.accepted[method] += 1

    def _windows(
        self, method: str, *, tier: int | None, app: str, channel: str | None
    ) -> list[tuple[str, Window]]:
        found: list[tuple[str, Window]] = []
        if method == "chat.postMessage":
            if self.limits.channel is not None:
                found.append((f"{app} channel {channel}", self.limits.channel))
            if self.limits.team is not None:
                found.append((f"{app} posts", self.limits.team))
        own = self.limits.methods.get(method)
        if own is not None:
            found.append((f"{app} {method}", own))
        elif self.limits.tiers and tier is not None:
            found.append((f"{app} {method}", Window(calls=TIERS[tier], seconds=60.0)))
        return found

    def _wait(self, budget: str, window: Window, now: float) -> float:
        """Seconds until the window has room; 0 when it has."""
        seen = self._seen[budget]
        while seen and seen[0] <= now - window.seconds:
            seen.popleft()
        if len(seen) < window.calls:
            return 0.0
        return seen[len(seen) - window.calls] + window.seconds - now

    def report(self) -> JsonObject:
        """What was let through and what was not, as JSON."""
        refused: list[Json] = [
            {"at": one.at, "budget": one.budget, "retry_after": one.retry_after}
            for one in self.refusals
        ]
        return {"accepted": dict(self.accepted), "refused": refused}
