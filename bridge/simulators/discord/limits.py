"""Discord's rate limits: buckets with a window that begins at the first call."""

import hashlib
import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.discord.errors import Banned, TooMany

Headers = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """At most `calls` in `seconds`."""

    calls: int
    seconds: float


def up(seconds: float) -> float:
    """Whole milliseconds, never too few: who waits that long is not refused again."""
    return math.ceil(seconds * 1_000) / 1_000


SEND = "POST /channels/{channel_id}/messages"
WEBHOOK = "POST /webhooks/{webhook_id}/{webhook_token}"
THREADS = frozenset(
    {
        "POST /channels/{channel_id}/threads",
        "POST /channels/{channel_id}/messages/{message_id}/threads",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is counted. None means not at all."""

    routes: Mapping[str, Window] = field(default_factory=dict)
    """By route; each channel, guild or webhook has its own bucket of it."""
    other: Window | None = None
    """Every route not named."""
    everything: Window | None = None
    """One bot over all routes; interactions are outside."""
    rename: Window | None = None
    """A channel's or thread's name. The headers know nothing of it."""
    threads: Window | None = None
    """Thread creation in one channel, shared by everybody there."""
    webhook_channel: Window | None = None
    """Webhook messages into one channel, all its threads together; hidden."""
    old_edits: Window | None = None
    """Edits of one message that is older than an hour."""
    invalid: Window | None = None
    """Answers 401, 403 and 429 to one address; then Cloudflare bans it."""

    @classmethod
    def off(cls) -> "Limits":
        """Nothing is counted."""
        return cls()

    @classmethod
    def documented(cls) -> "Limits":
        """What is documented, or was observed by many."""
        five = Window(calls=5, seconds=5.0)
        return cls(
            routes={
                SEND: five,
                WEBHOOK: Window(calls=5, seconds=2.0),
                "PATCH /channels/{channel_id}/messages/{message_id}": five,
                "DELETE /channels/{channel_id}/messages/{message_id}": Window(calls=5, seconds=1.0),
                "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me": Window(
                    calls=1, seconds=0.25
                ),
            },
            other=Window(calls=10, seconds=5.0),
            everything=Window(calls=50, seconds=1.0),
            rename=Window(calls=2, seconds=600.0),
            threads=Window(calls=50, seconds=300.0),
            webhook_channel=Window(calls=30, seconds=60.0),
            old_edits=Window(calls=3, seconds=60.0),
            invalid=Window(calls=10_000, seconds=600.0),
        )


@dataclass(slots=True)
class _Bucket:
    ends: float = 0.0
    used: int = 0

    def left(self, window: Window, now: float) -> int:
        if now >= self.ends:
            self.ends, self.used = now + window.seconds, 0
        return window.calls - self.used


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One call that was one too many."""

    at: float
    budget: str
    retry_after: float
    scope: str


class Meter:
    """Counts calls as they arrive and refuses what is too many. A refused call is not counted."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """`clock` must never go back."""
        self.limits = limits
        self.refusals: list[Refusal] = []
        self.accepted: dict[str, int] = defaultdict(int)
        """Calls let through, by route."""
        self._clock = clock
        self._buckets: dict[str, _Bucket] = defaultdict(_Bucket)
        self._invalid: deque[float] = deque()

    def admit(self, route: str, *, major: str, who: str, is_free: bool) -> Headers:
        """Count a call in its bucket and the bot's; gives the headers. Raises `TooMany`."""
        self._check_ban()
        headers: Headers = {}
        if self.limits.everything is not None and not is_free:
            self._take(f"{who} everything", self.limits.everything, "global", headers)
        window = self.limits.routes.get(route, self.limits.other)
        if window is not None:
            budget = f"{who} {route} {major}"
            bucket = self._buckets[budget]
            if bucket.left(window, self._clock()) <= 0:
                headers = self._headers(route, window, bucket)
                self._refuse(budget, bucket.ends - self._clock(), "user", headers)
            bucket.used += 1
            headers = self._headers(route, window, bucket)
        self.accepted[route] += 1
        return headers

    def sub(self, kind: str, key: str, headers: Headers) -> None:
        """Count what the bucket's headers do not show. Raises `TooMany`."""
        windows = {
            "rename": (self.limits.rename, "user"),
            "threads": (self.limits.threads, "shared"),
            "webhook_channel": (self.limits.webhook_channel, "shared"),
            "old_edits": (self.limits.old_edits, "user"),
        }
        window, scope = windows[kind]
        if window is not None:
            self._take(f"{kind} {key}", window, scope, headers)

    def failed(self, status: int, scope: str) -> None:
        """Note an invalid answer."""
        if status in (401, 403) or (status == 429 and scope != "shared"):
            self._invalid.append(self._clock())

    def _check_ban(self) -> None:
        window, now = self.limits.invalid, self._clock()
        if window is None:
            return
        while self._invalid and self._invalid[0] <= now - window.seconds:
            self._invalid.popleft()
        if len(self._invalid) >= window.calls:
            raise Banned

    def _take(self, budget: str, window: Window, scope: str, headers: Headers) -> None:
        bucket, now = self._buckets[budget], self._clock()
        if bucket.left(window, now) <= 0:
            self._refuse(budget, bucket.ends - now, scope, headers)
        bucket.used += 1

    def _refuse(self, budget: str, wait: float, scope: str, headers: Headers) -> None:
        refusal = Refusal(at=self._clock(), budget=budget, retry_after=wait, scope=scope)
        self.refusals.append(refusal)
        raise TooMany(up(wait), scope, headers, code=30046 if budget.startswith("old_edits") else 0)

    def _headers(self, route: str, window: Window, bucket: _Bucket) -> Headers:
        after = max(0.0, bucket.ends - self._clock())
        name = hashlib.sha256(route.encode()).hexdigest()[:32]
        return {
            "X-RateLimit-Limit": str(window.calls),
            "X-RateLimit-Remaining": str(max(0, window.calls - bucket.used)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{up(after):.3f}",
            "X-RateLimit-Bucket": name,
        }

    def report(self) -> JsonObject:
        """What was let through and what was not, as JSON."""
        refused: list[Json] = [
            {
                "at": one.at,
                "budget": one.budget,
                "retry_after": one.retry_after,
                "scope": one.scope,
            }
            for one in self.refusals
        ]
        return {"accepted": dict(self.accepted), "refused": refused}
