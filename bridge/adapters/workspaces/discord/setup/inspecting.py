"""Looks at a bot from outside: its switch, its servers, what it may do, its way to the gateway."""

from collections.abc import Mapping

from bridge.adapters.workspaces.discord.client import DiscordClient, Json, Me
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.setup.permissions import granted_at, granted_in
from bridge.domain.value import Value

CONTENT = 1 << 18
"""The message-content intent of an application that Discord has approved."""
CONTENT_LIMITED = 1 << 19
"""The same below the size from which Discord wants to approve it."""
FORUM = 15
_CATEGORY = 4


def reads_content(flags: int) -> bool:
    """Whether an application's flags let it read what people write."""
    return bool(flags & (CONTENT | CONTENT_LIMITED))


async def switch_content_on(discord: DiscordClient, me: Me) -> bool:
    """Switch the message-content intent on; false where Discord leaves that to a person."""
    body = {"flags": me.flags | CONTENT_LIMITED}
    answer = await discord.call(route("PATCH", "/applications/@me"), body)
    return reads_content(int(answer.get("flags") or 0))


class Gateway(Value):
    """The way to the gateway, and how many more sessions Discord lets the bot begin today."""

    url: str
    left: int


async def find_gateway(discord: DiscordClient) -> Gateway:
    """Ask Discord for it."""
    answer = await discord.call(route("GET", "/gateway/bot"))
    limit = answer.get("session_start_limit") or {}
    return Gateway(url=str(answer.get("url") or ""), left=int(limit.get("remaining") or 0))


async def servers(discord: DiscordClient) -> dict[str, str]:
    """The servers that the bot is in: their names by their ids."""
    found = await discord.many(route("GET", "/users/@me/guilds"))
    return {str(one["id"]): str(one.get("name") or "") for one in found}


class Server:
    """One server as the bot finds it now."""

    def __init__(self, guild: Json, member: Json, user: str) -> None:
        """What Discord says of the server and of the bot in it."""
        self.id = str(guild["id"])
        self.name = str(guild.get("name") or self.id)
        self._member = member
        self._user = user
        self.granted = granted_in(self.id, member, guild.get("roles") or ())

    def granted_at(self, channel: Json) -> int:
        """What the bot may do in a channel."""
        return granted_at(channel, self.id, self._member, self._user, self.granted)


async def look_at(discord: DiscordClient, guild: str, user: str) -> Server:
    """Raises `DiscordRefusal` when the bot is not in it."""
    found = await discord.call(route("GET", "/guilds/{guild_id}", guild_id=guild))
    path = "/guilds/{guild_id}/members/{user_id}"
    member = await discord.call(route("GET", path, guild_id=guild, user_id=user))
    return Server(found, member, user)


async def channels_of(discord: DiscordClient, guild: str) -> list[Json]:
    """Every channel of a server that stands by itself."""
    return await discord.many(route("GET", "/guilds/{guild_id}/channels", guild_id=guild))


def find_channel(channels: list[Json], name: str, *, kinds: tuple[int, ...] = ()) -> Json | None:
    """The channel of this name or id, `#name` too; never a category."""
    wanted = name.strip().removeprefix("<").removesuffix(">").removeprefix("#").lower()
    for one in channels:
        is_it = wanted in (str(one.get("id")), str(one.get("name") or "").lower())
        fits = one.get("type") in kinds if kinds else one.get("type") != _CATEGORY
        if is_it and fits:
            return one
    return None


async def active_threads(discord: DiscordClient, guild: str) -> int:
    """How many threads are open in the server, whoever opened them."""
    path = "/guilds/{guild_id}/threads/active"
    answer = await discord.call(route("GET", path, guild_id=guild))
    threads = answer.get("threads")
    return len(threads) if isinstance(threads, list) else 0


def tag_names(channel: Mapping[str, object]) -> frozenset[str]:
    """The names of a forum's tags."""
    tags = channel.get("available_tags")
    return (
        frozenset(str(one.get("name")) for one in tags) if isinstance(tags, list) else frozenset()
    )
