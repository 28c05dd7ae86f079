"""Threads that are being caught up with: what happens live in them waits behind it."""

import asyncio

import structlog

from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import ThreadRef

log = structlog.get_logger("bridge.workspaces")

HELD_BACK = 10.0
"""Seconds that a live line waits at most; then it goes first and the older ones come late."""


class Gates:
    """One gate per thread; only those of threads that are behind are shut."""

    def __init__(self) -> None:
        """All are open."""
        self._shut: dict[ThreadRef, asyncio.Event] = {}
        self._wanted: dict[ThreadRef, None] = {}
        self._late: set[ThreadRef] = set()
        self._given_up = False

    def shut(self, thread: ThreadRef) -> None:
        """What happens in the thread from now on waits."""
        self._shut.setdefault(thread, asyncio.Event())

    def open(self, thread: ThreadRef) -> None:
        """What has waited goes on, in its order."""
        self._wanted.pop(thread, None)
        self._late.discard(thread)
        gate = self._shut.pop(thread, None)
        if gate is not None:
            gate.set()

    def give_up(self) -> None:
        """Nobody waits any more: what waited is not taken."""
        self._given_up = True
        for gate in self._shut.values():
            gate.set()
            gate.clear()

    def begin(self) -> None:
        """From now on it may be waited again."""
        self._given_up = False

    def is_shut(self, thread: ThreadRef) -> bool:
        """Whether the thread is behind."""
        return thread in self._shut

    def wanted(self) -> tuple[ThreadRef, ...]:
        """The threads in which something waits, that of the longest waiting first."""
        return tuple(self._wanted)

    async def passed(self, thread: ThreadRef) -> None:
        """Wait until the thread is caught up with, but not for ever.

        Where one line has waited in vain the next ones need not. Raises `StorageUnavailable` when
        the desk stops.
        """
        gate = self._shut.get(thread)
        if gate is None or thread in self._late:
            return
        self._wanted.setdefault(thread)
        try:
            async with asyncio.timeout(HELD_BACK):
                if not self._given_up:
                    await gate.wait()
        except TimeoutError:
            self._late.add(thread)
            log.warning("late_lines", room_thread=thread)
        if self._given_up:
            raise StorageUnavailable("the desk stops")
