"""Emoji on lines: customers' reactions, and marks on what agents wrote. Each may be repeated."""

from collections.abc import Mapping
from types import MappingProxyType

from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import UNKNOWN_MESSAGE, DiscordRefusal
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.sending.waking import Waking
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.delivery import Mark
from bridge.ports.pace import Urgency

MARKS: Mapping[Mark, str] = MappingProxyType(
    {Mark.NOT_CROSSED: "🚫", Mark.FAILED: "❌", Mark.UNKNOWN: "❔", Mark.NOTE: "📝"}
)
"""What happened to a person's line: stopped, failed, nobody knows, only written down."""

_UNKNOWN_EMOJI = 10014
_TOO_MANY = 30010
_BLOCKED = 90001
_NOTHING_TO_DO = frozenset({UNKNOWN_MESSAGE, _UNKNOWN_EMOJI, _TOO_MANY, _BLOCKED})
"""The line is gone; it is no emoji of Discord's; it has twenty; its writer blocked the bot."""


class Reacting:
    """Adds and removes emoji of the bot's own."""

    def __init__(self, site: Site, waking: Waking) -> None:
        """With the workspace's own client."""
        self._site = site
        self._waking = waking

    async def show(self, thread: str, message: str, emoji: str, *, removed: bool) -> None:
        """Have this emoji on a line, or not."""
        to = route(
            "DELETE" if removed else "PUT",
            "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me",
            channel_id=thread,
            message_id=message,
            emoji=emoji,
        )

        async def react() -> Json:
            return await self._site.discord.call(to, urgency=Urgency.LINE)

        try:
            await self._waking.awake(thread, react)
        except DiscordRefusal as error:
            if error.discord_code not in _NOTHING_TO_DO:
                raise
