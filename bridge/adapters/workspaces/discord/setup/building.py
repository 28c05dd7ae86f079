"""Makes the rooms of a new desk: a category, a forum with its tags, a room for the monitor.

Made twice they are there once: what bears the name already is taken, and only lacking tags are
added. Nobody but admins sees them at first; who else may is for the server's own settings.
"""

from collections.abc import Mapping, Sequence

from bridge.adapters.workspaces.discord.client import DiscordClient, Json, Me
from bridge.adapters.workspaces.discord.errors import DiscordRefusal
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.setup.inspecting import (
    FORUM,
    channels_of,
    find_channel,
    tag_names,
)
from bridge.adapters.workspaces.discord.setup.permissions import ALL, VIEW
from bridge.domain.value import Value

_TEXT, _CATEGORY = 0, 4
_WEEK = 10_080
_MOST_TAGS = 20


class Names(Value):
    """What the rooms are called."""

    category: str
    forum: str
    monitor: str
    topic: str


class Rooms(Value):
    """What was made: ids and names. `forum` is a text channel where the server takes no forum."""

    forum: str
    forum_name: str
    is_forum: bool
    monitor: str
    monitor_name: str


class Building:
    """Makes rooms in one server."""

    def __init__(self, discord: DiscordClient, me: Me, guild: str) -> None:
        """Nothing is made yet."""
        self._discord = discord
        self._me = me
        self._guild = guild

    async def build(self, names: Names, tags: Sequence[str]) -> Rooms:
        """Raises what a call raises; what was made before that stays."""
        there = await channels_of(self._discord, self._guild)
        category = _category(there, names.category) or await self._make(names.category, _CATEGORY)
        inside = [one for one in there if one.get("parent_id") == category["id"]]
        forum = find_channel(inside, names.forum, kinds=(FORUM, _TEXT))
        if forum is None:
            forum = await self._forum(names, str(category["id"]), tags)
        else:
            await self.complete(forum, tags)
        monitor = find_channel(inside, names.monitor, kinds=(_TEXT,))
        if monitor is None:
            monitor = await self._make(names.monitor, _TEXT, parent_id=category["id"])
        return Rooms(
            forum=str(forum["id"]),
            forum_name=str(forum["name"]),
            is_forum=forum["type"] == FORUM,
            monitor=str(monitor["id"]),
            monitor_name=str(monitor["name"]),
        )

    async def complete(self, forum: Mapping[str, object], tags: Sequence[str]) -> None:
        """Add the tags that a forum lacks; those that others use stay."""
        if forum.get("type") != FORUM:
            return
        there = forum.get("available_tags")
        kept: list[object] = list(there) if isinstance(there, list) else []
        lacking = [name for name in tags if name not in tag_names(forum)]
        added: list[object] = [{"name": name} for name in lacking]
        if added:
            body = {"available_tags": [*kept, *added][:_MOST_TAGS]}
            channel = str(forum["id"])
            await self._discord.call(
                route("PATCH", "/channels/{channel_id}", channel_id=channel), body
            )

    async def _forum(self, names: Names, parent: str, tags: Sequence[str]) -> Json:
        more: Json = {
            "parent_id": parent,
            "topic": names.topic,
            "available_tags": [{"name": name} for name in tags],
            "default_auto_archive_duration": _WEEK,
        }
        try:
            return await self._make(names.forum, FORUM, **more)
        except DiscordRefusal:
            # A server without forums: threads of a text channel do as well, without tags.
            return await self._make(names.forum, _TEXT, parent_id=parent)

    async def _make(self, name: str, kind: int, **more: object) -> Json:
        ours = {"id": self._me.user, "type": 1, "allow": str(ALL), "deny": "0"}
        others = {"id": self._guild, "type": 0, "allow": "0", "deny": str(VIEW)}
        body: Json = {"name": name, "type": kind, "permission_overwrites": [others, ours], **more}
        to = route("POST", "/guilds/{guild_id}/channels", guild_id=self._guild)
        return await self._discord.call(to, body)


def _category(channels: Sequence[Json], name: str) -> Json | None:
    named = (one for one in channels if one.get("type") == _CATEGORY)
    return next((one for one in named if str(one.get("name")).lower() == name.lower()), None)
