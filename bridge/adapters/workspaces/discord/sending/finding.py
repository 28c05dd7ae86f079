"""Looks for what an earlier try may have left in Discord, when its nonce is too old to be trusted.

A post is seen in a history only after a moment, so the first thing is to wait for it. What cannot
be read now stays unknown: whoever asked asks again later.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.refs import CLOCKS_DIFFER, first_at
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.errors import OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import Instant

Fits = Callable[[Json], bool]


class Finder:
    """Finds our posts and threads again. Raises `OutcomeUnknown` when it cannot be told now."""

    def __init__(self, site: Site) -> None:
        """Look with the workspace's own client."""
        self._site = site

    async def message(self, channel: str, since: Instant, fits: Fits) -> Json | None:
        """The newest message of ours that fits; None when it is certainly not there."""
        await asyncio.sleep(self._site.pauses.shown)
        found: Json | None = None
        async for message in self._messages(channel, since):
            if fits(message):
                found = message
        return found

    async def thread(self, room: str, since: Instant, title: str) -> str | None:
        """The thread of ours with this title that no binding has."""
        await asyncio.sleep(self._site.pauses.shown)
        to = route("GET", "/guilds/{guild_id}/threads/active", guild_id=self._site.guild)
        try:
            answer = await self._site.discord.call(to)
        except TemporaryFailure as error:
            raise OutcomeUnknown(f"cannot look for it now: {error}") from error
        earliest = int(first_at(Instant(since - CLOCKS_DIFFER)))
        for thread in answer.get("threads", ()):
            ours = thread.get("parent_id") == room and thread.get("owner_id") == self._site.me.user
            fits = ours and thread.get("name") == title and int(thread["id"]) >= earliest
            if fits and await self._site.threads.find(thread["id"]) is None:
                return str(thread["id"])
        return None

    async def _messages(self, channel: str, since: Instant) -> AsyncIterator[Json]:
        """Ours since a moment, oldest first."""
        after, size = first_at(Instant(since - CLOCKS_DIFFER)), self._site.settings.history_page
        while True:
            page = await self._page(channel, {"after": after, "limit": str(size)})
            for message in sorted(page, key=lambda one: int(one["id"])):
                if message["author"]["id"] == self._site.me.user:
                    yield message
                after = str(message["id"])
            if len(page) < size:
                return

    async def _page(self, channel: str, query: Mapping[str, str]) -> list[Json]:
        to = route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        try:
            return await self._site.discord.many(to, query=query)
        except TemporaryFailure as error:
            raise OutcomeUnknown(f"cannot look for it now: {error}") from error
