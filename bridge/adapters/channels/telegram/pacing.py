"""Keeps to what Telegram lets one bot send: altogether, and to each customer.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, November 2026:
about one a second to a chat, with short bursts; about 30 a second altogether.
"""

import asyncio

from bridge.domain.ids import SECOND
from bridge.ports.clock import Clock
from bridge.ports.pace import Pace, Place, Rate, Urgency, place

_REMEMBERED = 10_000
_SPARE = 0.1
_BURST = 3.5
"""Without a burst a budget takes one call at a time, and a long upload would stop everybody."""


class Pacing:
    """A call waits here for its turn, but not for longer than a lane may stand."""

    def __init__(self, clock: Clock, per_second: int, burst: int, seconds: float) -> None:
        """`seconds` of 0 means that one customer may get any number."""
        self._clock = clock
        spare = min(0.5, max(_SPARE, _BURST / per_second))
        self._bot = Pace(Rate(limit=per_second, per=SECOND, spare=spare), clock)
        self._gap = seconds * SECOND
        self._ahead = self._gap * (burst - 1)
        self._free: dict[int, float] = {}
        self._asked: tuple[int, float] = (0, 0.0)

    async def turn(self, chat: int) -> Place:
        """Wait until this customer may get one more, then until the bot may send one more."""
        await self._chat(chat)
        room = await place((self._bot,), self._clock, Urgency.LINE)
        await room.begin()
        return room

    async def _chat(self, chat: int) -> None:
        """A customer's lane sends one after another, so nobody else changes this meanwhile."""
        left = self._free.get(chat, 0.0) - self._ahead - self._clock.now()
        if left > 0:
            await asyncio.sleep(left / SECOND)
        if not self._gap:
            self._free.pop(chat, None)
            return
        self._free[chat] = max(self._free.pop(chat, 0.0), float(self._clock.now())) + self._gap
        while len(self._free) > _REMEMBERED:
            del self._free[next(iter(self._free))]

    def slow_down(self, chat: int, seconds: float) -> None:
        """Telegram asked for a pause: in this chat, or, when another is in its own, everywhere."""
        now = float(self._clock.now())
        until = now + seconds * SECOND
        self._free.pop(chat, None)
        self._free[chat] = until + self._ahead
        other, paused_until = self._asked
        if other != chat and paused_until > now:
            self._bot.sleep(seconds)
        self._asked = (chat, until)
