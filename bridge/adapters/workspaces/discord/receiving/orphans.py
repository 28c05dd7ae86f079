"""Threads that we began just before a crash: they are ours as soon as the desk knows them again."""

from bridge.adapters.common.recent import Recent
from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import TemporaryFailure
from bridge.domain.ids import ThreadRef

_TRIES = 4


class Orphans:
    """Waits a little for a thread to be known; then what was said in it is read later."""

    def __init__(self, site: Site) -> None:
        """There are none."""
        self._site = site
        self._tries: Recent[int] = Recent()
        self._left: dict[ThreadRef, None] = {}

    async def find(self, ref: ThreadRef, line: str) -> Thread | None:
        """The thread in which this line stands; None for one that is not ours.

        Raises `TemporaryFailure` while it may be about to be.
        """
        thread = await self._site.threads.find(ref)
        if thread is not None or self._site.server.begun_by(ref) != self._site.me.user:
            return thread
        if ref in self._left:
            return None
        tries = self._tries.get(line) or 0
        if tries >= _TRIES:
            self._left[ref] = None
            return None
        self._tries.put(line, tries + 1)
        raise TemporaryFailure(f"thread {ref} is being opened")

    async def found(self) -> tuple[ThreadRef, ...]:
        """Those that have become ours since: everything in them is still to be read."""
        known = [ref for ref in self._left if await self._site.threads.find(ref) is not None]
        for ref in known:
            del self._left[ref]
        return tuple(known)
