"""Who is asking for updates just now: one at a time, as Telegram has it."""

import asyncio
import contextlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class Poll:
    """One `getUpdates` that waits."""

    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""
    """What ended it, in Telegram's words."""

    async def wait(self, seconds: float) -> None:
        """Until something may be new, or for so long."""
        self.changed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.changed.wait(), seconds)


OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Polls:
    """The newest poll of each bot. A new one ends the one before."""

    def __init__(self) -> None:
        """Nobody asks."""
        self._by_bot: dict[int, Poll] = {}

    def begin(self, bot: int) -> Poll:
        """A bot asks; whoever asked for it before is refused."""
        self.end(bot, OTHER)
        poll = Poll()
        self._by_bot[bot] = poll
        return poll

    def end(self, bot: int, by: str) -> None:
        """Refuse the one that waits, if any."""
        poll = self._by_bot.pop(bot, None)
        if poll is not None:
            poll.ended_by = by
            poll.changed.set()

    def done(self, bot: int, poll: Poll) -> None:
        """It got its answer."""
        if self._by_bot.get(bot) is poll:
            del self._by_bot[bot]

    def waits(self, bot: int) -> bool:
        """Whether somebody asks for this bot's updates now."""
        return bot in self._by_bot

    def wake(self, bot: int) -> None:
        """Something may be new for a bot."""
        if bot in self._by_bot:
            self._by_bot[bot].changed.set()

    def end_all(self) -> None:
        """Nothing more will come."""
        for bot in tuple(self._by_bot):
            self.end(bot, "the server stops")
