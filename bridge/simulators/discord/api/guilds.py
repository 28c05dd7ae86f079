"""Guilds, members, roles and bans."""

from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, arr, txt
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import guilds, shapes
from bridge.simulators.discord.state.records import Member, Role
from bridge.simulators.discord.state.world import ids


def _read(call: Call) -> Reply:
    guild = call.world.guilds[call.guild_id()]
    shape = shapes.guild_alone(call.world, guild)
    if call.query.get("with_counts") in ("1", "true", "True"):
        count = len(call.world.members[guild.id])
        shape.update({"approximate_member_count": count, "approximate_presence_count": count})
    return Reply(body=shape)


def _mine(call: Call) -> Reply:
    world, found = call.world, list[Json]()
    for guild in world.guilds.values():
        member = world.members[guild.id].get(call.app.bot_id)
        if member is not None:
            rights = str(world.guild_rights(member))
            more: JsonObject = {"owner": False, "permissions": rights}
            found.append({**shapes.guild_alone(world, guild), **more})
    return Reply(body=found)


def _leave(call: Call) -> Reply:
    guilds.leave(call.world, call.guild_id(), call.app.bot_id)
    return NOTHING


# ---------------------------------------------------------------- members


def _member(call: Call) -> Reply:
    member = call.world.member(call.guild_id(), call.user_id())
    return Reply(body=shapes.member(call.world, member))


def _members(call: Call) -> Reply:
    """A page by growing id; without the members intent Discord refuses. Raises 50001."""
    guild_id = call.guild_id()
    if not call.app.members_intent:
        raise DiscordRefused(50001)
    after = int(call.query.get("after", "0"))
    everybody = sorted(call.world.members[guild_id].values(), key=lambda one: int(one.user_id))
    page = [one for one in everybody if int(one.user_id) > after]
    found = page[: call.number("limit", 1, 1_000)]
    return Reply(body=[shapes.member(call.world, one) for one in found])


def _search(call: Call) -> Reply:
    query, world = call.query.get("query", "").lower(), call.world
    found = [
        one
        for one in world.members[call.guild_id()].values()
        if (one.nick or world.users[one.user_id].name).lower().startswith(query)
    ]
    return Reply(
        body=[shapes.member(world, one) for one in found[: call.number("limit", 1, 1_000)]]
    )


def _change_member(call: Call) -> Reply:
    guild_id, body = call.guild_id(), call.fields
    member = call.world.member(guild_id, call.user_id())
    form = Form()
    form.length("nick", body.get("nick"), 0, 32)
    form.check()
    if "roles" in body:
        call.guild_id(bits.MANAGE_ROLES)
        roles = ids(list(arr(body.get("roles"))))
        member = replace(member, roles=tuple(_role(call, one).id for one in roles))
    if "nick" in body:
        member = replace(member, nick=txt(body.get("nick")) or None)
    if "communication_disabled_until" in body:
        until = body.get("communication_disabled_until")
        member = replace(member, timed_out_until=txt(until) or None)
    guilds.put_member(call.world, member)
    return Reply(body=shapes.member(call.world, member))


def _give(call: Call) -> Reply:
    member, role = _member_and_role(call)
    if role.id not in member.roles:
        guilds.put_member(call.world, replace(member, roles=(*member.roles, role.id)))
    return NOTHING


def _take(call: Call) -> Reply:
    member, role = _member_and_role(call)
    kept = tuple(one for one in member.roles if one != role.id)
    guilds.put_member(call.world, replace(member, roles=kept))
    return NOTHING


def _member_and_role(call: Call) -> tuple[Member, Role]:
    guild_id = call.guild_id(bits.MANAGE_ROLES)
    return call.world.member(guild_id, call.user_id()), _role(call, call.path["role_id"])


def _kick(call: Call) -> Reply:
    guild_id = call.guild_id(bits.KICK)
    member = call.world.member(guild_id, call.user_id())
    guilds.leave(call.world, guild_id, member.user_id)
    return NOTHING


# ---------------------------------------------------------------- roles


def _role(call: Call, role_id: str) -> Role:
    role = call.world.roles.get(role_id)
    if role is None or role.guild_id != call.path["guild_id"]:
        raise DiscordRefused(10011)
    return role


def _roles(call: Call) -> Reply:
    return Reply(body=[shapes.role(one) for one in call.world.roles_of(call.guild_id())])


def _with(call: Call, role: Role) -> Role:
    body = call.fields
    form = Form()
    form.length("name", body.get("name"), 1, 100)
    form.check()
    color = body.get("color", role.color)
    return replace(
        role,
        name=txt(body.get("name")) or role.name,
        permissions=int(str(body.get("permissions", role.permissions))),
        color=color if isinstance(color, int) else 0,
        hoist=bool(body.get("hoist", role.hoist)),
        mentionable=bool(body.get("mentionable", role.mentionable)),
    )


def _new_role(call: Call) -> Reply:
    guild_id = call.guild_id(bits.MANAGE_ROLES)
    blank = Role(id=call.world.mint.snowflake(), guild_id=guild_id, name="new role")
    role = guilds.put_role(call.world, _with(call, blank), is_new=True)
    return Reply(body=shapes.role(role), said={"id": role.id})


def _change_role(call: Call) -> Reply:
    call.guild_id(bits.MANAGE_ROLES)
    role = guilds.put_role(call.world, _with(call, _role(call, call.path["role_id"])))
    return Reply(body=shapes.role(role))


def _delete_role(call: Call) -> Reply:
    call.guild_id(bits.MANAGE_ROLES)
    guilds.delete_role(call.world, _role(call, call.path["role_id"]))
    return NOTHING


# ---------------------------------------------------------------- bans


def _bans(call: Call) -> Reply:
    world, guild_id = call.world, call.guild_id(bits.BAN)
    found: list[Json] = [
        {"reason": reason, "user": shapes.user(world.users[who])}
        for who, reason in world.bans[guild_id].items()
    ]
    return Reply(body=found)


def _ban(call: Call) -> Reply:
    guild_id = call.guild_id(bits.BAN)
    guilds.ban(call.world, guild_id, call.world.user(call.user_id()).id)
    return NOTHING


def _unban(call: Call) -> Reply:
    guild_id = call.guild_id(bits.BAN)
    if call.user_id() not in call.world.bans[guild_id]:
        raise DiscordRefused(10026)
    guilds.unban(call.world, guild_id, call.user_id())
    return NOTHING


_GUILD = "/guilds/{guild_id}"
ROUTES: Mapping[str, Operation] = {
    f"GET {_GUILD}": _read,
    "GET /users/@me/guilds": _mine,
    "DELETE /users/@me/guilds/{guild_id}": _leave,
    f"GET {_GUILD}/members": _members,
    f"GET {_GUILD}/members/search": _search,
    f"GET {_GUILD}/members/{{user_id}}": _member,
    f"PATCH {_GUILD}/members/{{user_id}}": _change_member,
    f"DELETE {_GUILD}/members/{{user_id}}": _kick,
    f"PUT {_GUILD}/members/{{user_id}}/roles/{{role_id}}": _give,
    f"DELETE {_GUILD}/members/{{user_id}}/roles/{{role_id}}": _take,
    f"GET {_GUILD}/roles": _roles,
    f"POST {_GUILD}/roles": _new_role,
    f"PATCH {_GUILD}/roles/{{role_id}}": _change_role,
    f"DELETE {_GUILD}/roles/{{role_id}}": _delete_role,
    f"GET {_GUILD}/bans": _bans,
    f"PUT {_GUILD}/bans/{{user_id}}": _ban,
    f"DELETE {_GUILD}/bans/{{user_id}}": _unban,
}
