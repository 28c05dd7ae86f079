"""What the bot must be allowed, and what it is allowed where; pure.

Bits: discord.com/developers/docs/topics/permissions, read November 2026.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Json = Mapping[str, Any]  # Discord's own JSON; read here at once

ADMINISTRATOR = 1 << 3
VIEW = 1 << 10
PERMISSIONS: Mapping[str, int] = MappingProxyType(
    {
        "Manage Channels": 1 << 4,  # tags of a forum, and the rooms that `connect` makes
        "Add Reactions": 1 << 6,  # the mark on a line that stayed inside
        "View Channels": VIEW,
        "Send Messages": 1 << 11,  # a post of a forum counts as one
        "Embed Links": 1 << 14,
        "Attach Files": 1 << 15,
        "Read Message History": 1 << 16,  # what was said while we were away
        "Manage Threads": 1 << 34,  # tags, archiving, members of private threads
        "Create Public Threads": 1 << 35,
        "Create Private Threads": 1 << 36,  # where only the holder may see a conversation
        "Send Messages in Threads": 1 << 38,
    }
)
"""Everything that the code does, by the names that Discord's own settings show. No mention of
everyone and no webhooks: neither is ever used."""
ALL = sum(PERMISSIONS.values())
INVITE = "https://discord.com/oauth2/authorize"


def invite_link(application: str, guild: str = "") -> str:
    """Where somebody adds the bot with exactly these permissions, to `guild` if it is named."""
    where = f"&guild_id={guild}&disable_guild_select=true" if guild else ""
    scopes = "bot+applications.commands"
    return f"{INVITE}?client_id={application}&scope={scopes}&permissions={ALL}{where}"


def lacking(granted: int) -> list[str]:
    """What is missing, by name."""
    return [name for name, bit in PERMISSIONS.items() if not granted & bit]


def granted_in(guild: str, member: Json, roles: Iterable[Json]) -> int:
    """What a member's roles allow him in the server as a whole."""
    mine = {guild, *map(str, member.get("roles") or ())}
    found = 0
    for role in roles:
        if str(role.get("id")) in mine:
            found |= int(role.get("permissions") or 0)
    return ALL if found & ADMINISTRATOR else found


def granted_at(channel: Json, guild: str, member: Json, user: str, base: int) -> int:
    """The same in one channel: its overwrites for everybody, for his roles, for himself."""
    if base == ALL:
        return ALL
    overwrites: Sequence[Json] = channel.get("permission_overwrites") or ()
    his = set(map(str, member.get("roles") or ()))
    layers = (
        [one for one in overwrites if str(one.get("id")) == guild],
        [one for one in overwrites if str(one.get("id")) in his],
        [one for one in overwrites if str(one.get("id")) == user],
    )
    for layer in layers:
        allow = deny = 0
        for one in layer:
            allow |= int(one.get("allow") or 0)
            deny |= int(one.get("deny") or 0)
        base = (base & ~deny) | allow
    return base if base & VIEW else 0
