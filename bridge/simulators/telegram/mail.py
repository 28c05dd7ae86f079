"""The updates that wait for a bot, however it takes them.

https://core.telegram.org/bots/api#getting-updates, read November 2026.
"""

import asyncio
import random
from collections.abc import Callable, Sequence

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.telegram.faults import EventFault, Faults
from bridge.simulators.telegram.records import Update
from bridge.simulators.telegram.settings import Quirks

ON_DEMAND = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Told only to a bot that names them in `allowed_updates`."""
_AHEAD = 10
_BEHIND = 100_000
_FIRST = 100_000_000
_LAST = 900_000_000


class Mailbox:
    """One bot's updates, oldest first, until they are confirmed."""

    def __init__(
        self,
        faults: Faults,
        quirks: Callable[[], Quirks],
        now: Callable[[], float],
        arrived: Callable[[], None],
    ) -> None:
        """Nothing waits, and the first id is anything. `arrived` is called for whoever waits."""
        self.allowed: tuple[str, ...] = ()
        """None are named: all but those on demand."""
        self.lost: list[Update] = []
        """Waited for longer than Telegram keeps them."""
        self._waiting: list[Update] = []
        self._held: list[Update] = []
        self._faults = faults
        self._quirks = quirks
        self._now = now
        self._arrived = arrived
        self._next = random.randint(_FIRST, _LAST)
        self._last_at = now()

    @property
    def waiting(self) -> Sequence[Update]:
        """What was not confirmed yet."""
        self._forget_old()
        return tuple(self._waiting)

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind of update."""
        return kind in self.allowed if self.allowed else kind not in ON_DEMAND

    def put(self, kind: str, said: JsonObject, chat: int = 0) -> Update | None:
        """One more update; None when the bot does not want it, or a fault lost it."""
        if not self.wants(kind):
            return None
        update = Update(id=self._new_id(), kind=kind, said=said, at=self._now(), chat=chat)
        match self._faults.for_event(kind):
            case EventFault(kind="lose"):
                return None
            case EventFault(kind="swap"):
                self._held.append(update)
            case EventFault(kind="delay", seconds=seconds):
                asyncio.get_running_loop().call_later(seconds, self._arrive, update)
            case EventFault(kind="duplicate", copies=copies):
                self._arrive(*[update] * (1 + copies))
            case _:
                self._arrive(update)
        return update

    def _arrive(self, *updates: Update) -> None:
        self._waiting += [*updates, *self._held]
        self._held.clear()
        self._arrived()

    def _new_id(self) -> int:
        now = self._now()
        if now - self._last_at >= self._quirks().ids_restart_after:
            self._next = random.randint(_FIRST, _LAST)
        self._last_at = now
        self._next += 1
        return self._next - 1

    def confirm(self, offset: int) -> None:
        """Forget what is before an offset; a negative one keeps so many from the end.

        One that belongs to ids before a restart confirms nothing.
        """
        self._forget_old()
        if offset < 0:
            del self._waiting[: max(0, len(self._waiting) + offset)]
        elif self._head - _BEHIND <= offset <= self._next + _AHEAD:
            self._waiting = [one for one in self._waiting if one.id >= offset]

    @property
    def _head(self) -> int:
        return min((one.id for one in self._waiting), default=self._next)

    def holds(self, update: Update) -> bool:
        """Whether it still waits."""
        return any(one is update for one in self._waiting)

    def take(self, update: Update) -> None:
        """This one was brought, or given up. A copy of it stays."""
        for index, one in enumerate(self._waiting):
            if one is update:
                del self._waiting[index]
                return

    def drop(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()

    def _forget_old(self) -> None:
        limit = self._now() - self._quirks().keeps_updates
        if self._waiting and self._waiting[0].at <= limit:
            self.lost += [one for one in self._waiting if one.at <= limit]
            self._waiting = [one for one in self._waiting if one.at > limit]
