"""Keeps to what Telegram lets one bot send: altogether, and to each customer.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, November 2026:
about one a second to a chat, with short bursts; about 30 a second altogether.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.domain.ids import SECOND
from bridge.ports.clock import Clock
from bridge.ports.pace import Pace, Rate, Urgency, place

_REMEMBERED = 10_000
_JITTER = 2
"""Milliseconds; a clock gives whole ones."""
_SPARE = 0.1
_BURST = 3.5
"""Without a burst a budget takes one call at a time, and a long upload would stop everybody."""


class Pacing:
    """A call waits here for its turn, but not for longer than a lane may stand."""

    def __init__(self, clock: Clock, per_second: int, burst: int, seconds: float) -> None:
        """One customer gets at most `burst` in `burst * seconds`; 0 means any number."""
        self._clock = clock
        spare = min(0.5, max(_SPARE, _BURST / per_second))
        self._bot = Pace(Rate(limit=per_second, per=SECOND, spare=spare), clock)
        self._burst = burst
        self._window = burst * seconds * SECOND
        self._sent: dict[int, deque[float]] = {}
        self._not_before: dict[int, float] = {}
        self._asked: tuple[int, float] = (0, 0.0)

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Wait until this customer may get one more, then until the bot may send one more.

        A customer's lane sends one after another: nobody else changes what is known of him. What
        counts is when the answer came, for Telegram took the call no later than that.
        """
        await self._chat(chat)
        room = await place((self._bot,), self._clock, Urgency.LINE)
        await room.begin()
        try:
            yield
        finally:
            room.answered()
            self._took(chat)

    async def _chat(self, chat: int) -> None:
        free = self._not_before.pop(chat, 0.0)
        sent = self._sent.get(chat)
        if sent is not None and len(sent) == self._burst:
            free = max(free, sent[0] + self._window + _JITTER)
        left = free - self._clock.now()
        if left > 0:
            await asyncio.sleep(left / SECOND)

    def _took(self, chat: int) -> None:
        if not self._window:
            return
        sent = self._sent.pop(chat, None) or deque(maxlen=self._burst)
        sent.append(self._clock.now())
        self._sent[chat] = sent
        while len(self._sent) > _REMEMBERED:
            del self._sent[next(iter(self._sent))]

    def slow_down(self, chat: int, seconds: float) -> None:
        """Telegram asked for a pause: in this chat, or, when another is in its own, everywhere."""
        now = float(self._clock.now())
        until = now + seconds * SECOND
        self._not_before[chat] = until
        other, paused_until = self._asked
        if other not in (0, chat) and paused_until > now:
            self._bot.sleep(seconds)
        self._asked = (chat, until)
