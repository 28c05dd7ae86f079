"""How many threads are open in the server: Discord takes a thousand, whoever opened them."""

import asyncio

from bridge.adapters.workspaces.discord.errors import TOO_MANY_THREADS
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.ids import MINUTE, Instant

_TRUE_FOR = MINUTE
_WARNED_AT = 0.9
_WAIT = 30.0
"""Seconds until it is looked again whether there is room for a thread."""
_TROUBLE = "threads"
_FIX = "return or close conversations, archive other threads, or bind queues to a text channel"


class Active:
    """Counts them; asked before each thread is opened, Discord is asked now and then."""

    def __init__(self, site: Site) -> None:
        """Nothing was counted."""
        self._site = site
        self._limit = site.settings.active_threads
        self._count = 0
        self._counted_at: Instant | None = None
        self._asking = asyncio.Lock()

    async def make_room(self) -> None:
        """One more is going to be opened. Raises `TemporaryFailure` when there is no room."""
        async with self._asking:
            now = self._site.clock.now()
            full = self._count >= self._limit
            if full or self._counted_at is None or now - self._counted_at > _TRUE_FOR:
                await self._recount()
            if self._count >= self._limit:
                self._tell()
                raise TemporaryFailure(f"{self._count} threads are open in the server", _WAIT)
            self._count += 1
        self._tell()

    def refused(self, error: DeskbridgeError) -> None:
        """A thread was not opened after all; perhaps because Discord counts more than we do."""
        self._count -= 1
        if str(TOO_MANY_THREADS) in str(error):
            self._count = max(self._count, self._limit)
            self._tell()

    async def _recount(self) -> None:
        to = route("GET", "/guilds/{guild_id}/threads/active", guild_id=self._site.guild)
        self._count = len((await self._site.discord.call(to)).get("threads", ()))
        self._counted_at = self._site.clock.now()

    def _tell(self) -> None:
        """Somebody is told at nine tenths, and again when nothing more is taken."""
        said = f"{self._count} of {self._limit} threads are open in the server"
        if self._count >= self._limit:
            self._site.standing.wrong(_TROUBLE, f"{said}: new ones wait", _FIX)
        elif self._count >= self._limit * _WARNED_AT:
            about = f"more than {_WARNED_AT:.0%} of {self._limit} threads are open in the server"
            self._site.standing.wrong(_TROUBLE, about, _FIX, warning=True)
        else:
            self._site.standing.right(_TROUBLE)
