"""How much a bot may send: to one chat, to one group, and altogether.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, November 2026.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bridge.simulators.telegram.errors import too_many
from bridge.simulators.telegram.records import Chat


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """So many messages in so many seconds."""

    most: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is counted. None means not at all."""

    overall: Window | None = None
    chat: Window | None = None
    group: Window | None = None

    @classmethod
    def off(cls) -> "Limits":
        """Nothing is counted."""
        return cls()

    @classmethod
    def documented(cls) -> "Limits":
        """30 a second; about one a second to a chat, in short bursts; 20 a minute to a group."""
        return cls(
            overall=Window(most=30, seconds=1.0),
            chat=Window(most=5, seconds=5.0),
            group=Window(most=20, seconds=60.0),
        )


class Meter:
    """Counts messages as they arrive. A refused one is not counted."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """`clock` must never go back."""
        self.limits = limits
        self.refused = 0
        self._clock = clock
        self._sent: dict[tuple[int, int], deque[float]] = defaultdict(deque)

    def admit(self, chat: Chat, messages: int = 1) -> None:
        """Raises `TelegramRefused` with when to come again."""
        places = self._places(chat)
        late = max((self._late(*place) for place in places), default=0.0)
        if late > 0:
            self.refused += 1
            raise too_many(math.ceil(late))
        for place, _ in places:
            self._sent[place].extend([self._clock()] * messages)

    def _places(self, chat: Chat) -> list[tuple[tuple[int, int], Window]]:
        found = []
        if self.limits.overall is not None:
            found.append(((chat.bot, 0), self.limits.overall))
        own = self.limits.chat if chat.kind == "private" else self.limits.group
        if own is not None:
            found.append(((chat.bot, chat.id), own))
        return found

    def _late(self, place: tuple[int, int], window: Window) -> float:
        now, sent = self._clock(), self._sent[place]
        while sent and sent[0] <= now - window.seconds:
            sent.popleft()
        return sent[0] + window.seconds - now if len(sent) >= window.most else 0.0
