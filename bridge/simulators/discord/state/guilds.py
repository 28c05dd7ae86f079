"""Members, roles and bans: coming, going, and what they may do."""

from dataclasses import replace

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import App, Member, Role
from bridge.simulators.discord.state.world import World


def join(world: World, guild_id: str, user_id: str, roles: tuple[str, ...] = ()) -> Member:
    """Become a member."""
    member = Member(guild_id=guild_id, user_id=user_id, joined_at=world.now(), roles=roles)
    world.members[guild_id][user_id] = member
    data: JsonObject = {**shapes.member(world, member), "guild_id": guild_id}
    world.tell("GUILD_MEMBER_ADD", data, guild=guild_id)
    return member


def leave(world: World, guild_id: str, user_id: str) -> None:
    """Stop being a member, by one's own will or not."""
    world.members[guild_id].pop(user_id, None)
    for thread in [world.channels[one] for one in world.threads.get(guild_id, ())]:
        state = thread.own_thread
        if user_id in state.members:
            left = tuple(one for one in state.members if one != user_id)
            world.put_channel(replace(thread, thread=replace(state, members=left)))
    data: JsonObject = {"guild_id": guild_id, "user": shapes.user(world.users[user_id])}
    world.tell("GUILD_MEMBER_REMOVE", data, guild=guild_id)
    for app in world.apps.values():
        if app.bot_id == user_id:
            world.tell("GUILD_DELETE", {"id": guild_id}, guild=None, only=app.id)


def admit(world: World, guild_id: str, app: App, permissions: int) -> Member:
    """An app's bot joins with a role of its own."""
    role = Role(
        id=world.mint.snowflake(),
        guild_id=guild_id,
        name=app.name,
        permissions=permissions,
        position=len(world.roles_of(guild_id)),
        managed=True,
        bot_id=app.bot_id,
    )
    put_role(world, role, is_new=True)
    member = join(world, guild_id, app.bot_id, (role.id,))
    whole = shapes.guild(world, world.guilds[guild_id], app)
    del whole["unavailable"]  # Discord says it only of guilds that were there before.
    world.tell("GUILD_CREATE", whole, guild=None, only=app.id)
    return member


def put_member(world: World, member: Member) -> Member:
    """Keep a member as he is now."""
    world.members[member.guild_id][member.user_id] = member
    data: JsonObject = {**shapes.member(world, member), "guild_id": member.guild_id}
    world.tell("GUILD_MEMBER_UPDATE", data, guild=member.guild_id, about=member.user_id)
    return member


def put_role(world: World, role: Role, *, is_new: bool = False) -> Role:
    """Keep a role as it is now."""
    world.roles[role.id] = role
    event = "GUILD_ROLE_CREATE" if is_new else "GUILD_ROLE_UPDATE"
    data: JsonObject = {"guild_id": role.guild_id, "role": shapes.role(role)}
    world.tell(event, data, guild=role.guild_id)
    return role


def delete_role(world: World, role: Role) -> None:
    """A role is gone, and nobody has it any more."""
    del world.roles[role.id]
    for member in tuple(world.members[role.guild_id].values()):
        if role.id in member.roles:
            kept = tuple(one for one in member.roles if one != role.id)
            put_member(world, replace(member, roles=kept))
    data: JsonObject = {"guild_id": role.guild_id, "role_id": role.id}
    world.tell("GUILD_ROLE_DELETE", data, guild=role.guild_id)


def ban(world: World, guild_id: str, user_id: str, reason: str | None = None) -> None:
    """Throw somebody out for good."""
    world.bans[guild_id][user_id] = reason
    if user_id in world.members[guild_id]:
        leave(world, guild_id, user_id)
    _tell_ban(world, "GUILD_BAN_ADD", guild_id, user_id)


def unban(world: World, guild_id: str, user_id: str) -> None:
    """Let somebody come again."""
    world.bans[guild_id].pop(user_id, None)
    _tell_ban(world, "GUILD_BAN_REMOVE", guild_id, user_id)


def _tell_ban(world: World, event: str, guild_id: str, user_id: str) -> None:
    data: JsonObject = {"guild_id": guild_id, "user": shapes.user(world.users[user_id])}
    world.tell(event, data, guild=guild_id)
