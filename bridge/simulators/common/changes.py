"""What happened in the workspace, for whoever waits, watches or is subscribed."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bridge.simulators.common.wire import JsonObject

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One thing that happened. `event` is what Slack tells apps of it, if anything."""

    kind: str
    """`message`, `ephemeral`, `view`, `home`, or the name of the event."""
    event: JsonObject | None = None
    channel: str | None = None
    user: str | None = None
    ts: str | None = None
    only_app: str | None = None
    """Told to this app alone."""
    extra: JsonObject = field(default_factory=dict)
    """What the envelope carries besides (`is_ext_shared_channel`)."""


class GaveUpWaiting(AssertionError):
    """What was waited for did not come."""


END = "end"
"""The last happening of all."""
LOOKS_AGAIN = 0.02
"""Seconds after which a condition is asked again though nothing changed here."""


class Changes:
    """Happenings are held until the ledger has them, then told to everybody in order."""

    def __init__(self) -> None:
        self._held: list[Happening] = []
        self._listeners: list[Callable[[Happening], None]] = []
        self._waiting: set[asyncio.Event] = set()
        self.count = 0

    def listen(self, listener: Callable[[Happening], None]) -> Callable[[], None]:
        """Call `listener` for each happening from now on; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, happening: Happening) -> None:
        """Note what happened; it is told at the next `release`."""
        self._held.append(happening)

    def release(self) -> None:
        """Tell everything that was held, and wake whoever waits."""
        held, self._held = self._held, []
        self.count += len(held)
        for happening in held:
            for listener in tuple(self._listeners):
                listener(happening)
        self.wake()

    def end(self) -> None:
        """Tell everybody who listens that nothing more will happen."""
        self.add(Happening(kind=END))
        self.release()

    def wake(self) -> None:
        """Let everybody who waits look again."""
        for event in self._waiting:
            event.set()

    async def until(self, look: Callable[[], T | None], within: float = 30.0) -> T:
        """What `look` gives as soon as it is something true. Raises `GaveUpWaiting`.

        It is asked after every change here, and now and then for what changes elsewhere.
        """
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(within):
                while not (found := look()):
                    event.clear()
                    await _either(event)
            return found
        except TimeoutError as e:
            raise GaveUpWaiting(f"nothing after {within:g} s") from e
        finally:
            self._waiting.discard(event)


async def _either(event: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), LOOKS_AGAIN)
