"""Who is pinged by a message: the text, what its sender may do, and `allowed_mentions`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridge.simulators.common.wire import Json, arr
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.errors import Form
from bridge.simulators.discord.state.records import Channel
from bridge.simulators.discord.state.world import World, ids

_CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@everyone\b")
_HERE = re.compile(r"@here\b")
KINDS = ("everyone", "users", "roles")


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """`allowed_mentions`, read."""

    everyone: bool = True
    users: bool | tuple[str, ...] = True
    roles: bool | tuple[str, ...] = True
    replied_user: bool = True

    def allows_user(self, user_id: str) -> bool:
        """Whether this user may be pinged."""
        return self.users if isinstance(self.users, bool) else user_id in self.users

    def allows_role(self, role_id: str) -> bool:
        """Whether this role may be pinged."""
        return self.roles if isinstance(self.roles, bool) else role_id in self.roles


ONLY_USERS = Allowed(everyone=False, roles=False)
"""The default of webhooks and interactions. A bot's own messages ping everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentioned:
    """What a text mentions, as far as it counts."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False
    pings: frozenset[str] = frozenset()


def read_allowed(value: Mapping[str, Json] | None, default: Allowed, form: Form) -> Allowed:
    """What a body says, or the default where it says nothing."""
    if value is None:
        return default
    parse = arr(value.get("parse"))
    for n, kind in enumerate(parse):
        form.one_of(f"allowed_mentions.parse.{n}", kind, KINDS)
    for kind in ("users", "roles"):
        listed = arr(value.get(kind))
        form.length(f"allowed_mentions.{kind}", list(listed), 0, 100)
        if listed and kind in parse:
            wrong = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
            form.wrong("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", wrong)
    return Allowed(
        everyone="everyone" in parse,
        users="users" in parse or ids(_listed(value, "users")),
        roles="roles" in parse or ids(_listed(value, "roles")),
        replied_user=value.get("replied_user") is True,
    )


def _listed(value: Mapping[str, Json], kind: str) -> list[Json]:
    return list(arr(value.get(kind)))


def mentioned(
    world: World,
    channel: Channel,
    author_id: str,
    content: str,
    allowed: Allowed,
    *,
    replied_to: str | None = None,
    is_trusted: bool = False,
) -> Mentioned:
    """What a text mentions in a channel. A webhook `is_trusted` with what its guild allows."""
    text = _CODE.sub(" ", content)
    may_all = is_trusted or bool(world.rights(author_id, channel) & bits.MENTION_EVERYONE)
    users = _users(world, channel, text, allowed)
    if replied_to is not None and allowed.replied_user and replied_to not in users:
        users = (*users, replied_to)
    roles = _roles(world, channel, text, allowed, may_all)
    wants_all = bool(_EVERYONE.search(text) or _HERE.search(text))
    everyone = wants_all and allowed.everyone and may_all
    reached = set(users)
    members = world.members.get(channel.guild_id or "", {})
    for member in members.values():
        if everyone or set(member.roles) & set(roles):
            reached.add(member.user_id)
    pings = frozenset(one for one in reached if one != author_id and _reaches(world, channel, one))
    return Mentioned(users=users, roles=roles, everyone=everyone, pings=pings)


def _users(world: World, channel: Channel, text: str, allowed: Allowed) -> tuple[str, ...]:
    named = dict.fromkeys(_USER.findall(text))
    known = world.users if channel.guild_id is None else world.members[channel.guild_id]
    return tuple(one for one in named if one in known and allowed.allows_user(one))


def _roles(
    world: World, channel: Channel, text: str, allowed: Allowed, may_all: bool
) -> tuple[str, ...]:
    named: Sequence[str] = list(dict.fromkeys(_ROLE.findall(text)))
    found = [world.roles[one] for one in named if one in world.roles]
    mine = [one for one in found if one.guild_id == channel.guild_id and one.id != one.guild_id]
    pinged = [one for one in mine if one.mentionable or may_all]
    return tuple(one.id for one in pinged if allowed.allows_role(one.id))


def _reaches(world: World, channel: Channel, user_id: str) -> bool:
    """A mention brings somebody into a private thread, if he sees the channel above it."""
    if channel.type == 12 and channel.parent_id in world.channels:
        return world.sees(user_id, world.channels[channel.parent_id])
    return world.sees(user_id, channel)
