"""Looks now and then whether what was wrong is right again, and whether events still come."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.workspaces.discord.receiving.places import trouble_of_room
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import MINUTE, Instant, ThreadRef

log = structlog.get_logger("bridge.discord")

_LOOK_EVERY = 30.0
_PEOPLE_EVERY = 10 * MINUTE


class Watch:
    """`looks` are awaited each time; threads that somebody deleted are told of."""

    def __init__(self, site: Site, *looks: Callable[[], Awaitable[None]]) -> None:
        """Nothing is watched yet."""
        self._site = site
        self._looks = (*looks, self._look_at_threads, self._look_at_people)
        self._gone: set[ThreadRef] = set()
        self._people_at = Instant(0)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look from now on."""
        self._people_at = self._site.clock.now()
        self._task = begun(self._look_on(), "discord watch")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            await ended(self._task)

    def lost(self, thread: ThreadRef) -> None:
        """Somebody deleted this thread of ours."""
        self._gone.add(thread)
        self._wake.set()

    async def look(self) -> None:
        """See how everything is; what cannot be seen now is seen the next time."""
        for each in self._looks:
            try:
                await each()
            except DeskbridgeError as error:
                log.warning("not_seen", workspace=self._site.id, why=str(error))

    async def _look_at_threads(self) -> None:
        """A thread that is closed here is missed no more, nor is a room without any."""
        standing = self._site.standing
        for ref in tuple(self._gone):
            thread = await self._site.threads.find(ref)
            if thread is None or thread.closed_at is not None:
                self._gone.discard(ref)
                standing.right(_trouble(ref))
                if thread is not None and not self._is_missed(thread.room):
                    standing.right(trouble_of_room(thread.room))
                continue
            detail = f"somebody deleted the thread of #{thread.number} in Discord"
            fix = f"nothing: its next line opens another; at once: /transfer #{thread.number}"
            standing.wrong(_trouble(ref), detail, fix)

    def _is_missed(self, room: str) -> bool:
        open_ones = self._site.threads.open_ones()
        return any(each.room == room and each.ref in self._gone for each in open_ones)

    async def _look_at_people(self) -> None:
        now = self._site.clock.now()
        if now - self._people_at >= _PEOPLE_EVERY:
            self._people_at = now
            await self._site.people.look_again()

    async def _look_on(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._wake.wait()
            self._wake.clear()
            await self.look()


def _trouble(thread: ThreadRef) -> str:
    return f"thread {thread}"
