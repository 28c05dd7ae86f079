"""Threads that were put away: nothing in them is changed before they are taken out again."""

from collections.abc import Awaitable, Callable

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import ARCHIVED, LOCKED, DiscordRefusal
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.site import Site
from bridge.ports.pace import Urgency


class Waking:
    """Makes calls in threads; one that sleeps is woken, once."""

    def __init__(self, site: Site) -> None:
        """With the workspace's own client."""
        self._site = site

    async def awake(self, thread: str, call: Callable[[], Awaitable[Json]]) -> Json:
        """What the call gives, as soon as the thread is awake."""
        try:
            return await call()
        except DiscordRefusal as error:
            if error.discord_code not in (ARCHIVED, LOCKED):
                raise
        await self.change(thread, archived=False, locked=False)
        return await call()

    async def change(self, thread: str, **changes: object) -> None:
        """Put a thread away, or take it out, or give it tags."""
        await self._site.discord.call(
            route("PATCH", "/channels/{channel_id}", channel_id=thread),
            changes,
            urgency=Urgency.LINE,
        )
