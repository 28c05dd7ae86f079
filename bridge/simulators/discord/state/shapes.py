"""What the records look like on the wire; messages have a module of their own."""

from datetime import UTC, datetime

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.state.records import (
    DM,
    FORUM,
    App,
    Channel,
    Command,
    Guild,
    Member,
    Role,
    Tag,
    User,
    Webhook,
)
from bridge.simulators.discord.state.world import World


def when(seconds: float) -> str:
    """A moment as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def user(one: User) -> JsonObject:
    """An account."""
    return {
        "id": one.id,
        "username": one.name,
        "discriminator": "0000" if one.bot else "0",
        "global_name": one.global_name,
        "avatar": None,
        "bot": one.bot,
        "public_flags": 0,
        "flags": 0,
    }


def application(app: App) -> JsonObject:
    """An application, as its own bot sees it."""
    return {
        "id": app.id,
        "name": app.name,
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": app.public_key,
        "flags": app.flags,
        "summary": "",
        "team": None,
        "owner": user(app.owner),
        "hook": True,
        "install_params": None,
        "interactions_endpoint_url": None,
    }


def role(one: Role) -> JsonObject:
    """A role."""
    shape: JsonObject = {
        "id": one.id,
        "name": one.name,
        "color": one.color,
        "colors": {"primary_color": one.color, "secondary_color": None, "tertiary_color": None},
        "hoist": one.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": one.position,
        "permissions": str(one.permissions),
        "managed": one.managed,
        "mentionable": one.mentionable,
        "flags": 0,
    }
    return {**shape, "tags": {"bot_id": one.bot_id}} if one.bot_id else shape


def member(world: World, one: Member, *, with_user: bool = True) -> JsonObject:
    """Somebody in a guild."""
    shape: JsonObject = {
        "nick": one.nick,
        "roles": list(one.roles),
        "joined_at": when(one.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "avatar": None,
        "communication_disabled_until": one.timed_out_until,
    }
    return {**shape, "user": user(world.users[one.user_id])} if with_user else shape


def tag(one: Tag) -> JsonObject:
    """A forum's tag."""
    return {
        "id": one.id,
        "name": one.name,
        "moderated": one.moderated,
        "emoji_id": one.emoji_id,
        "emoji_name": one.emoji_name,
    }


def channel(world: World, one: Channel, *, seen_by: str | None = None) -> JsonObject:
    """A channel, forum, thread or direct message; a thread with the viewer's membership."""
    if one.type == DM:
        others = [world.users[who] for who in one.recipients if who != seen_by]
        recipients: list[Json] = [user(other) for other in others]
        base: JsonObject = {"id": one.id, "type": DM, "last_message_id": one.last_message_id}
        return {**base, "recipients": recipients, "flags": 0}
    if one.is_thread:
        return _thread(one, seen_by)
    overwrites: list[Json] = [
        {"id": it.id, "type": it.type, "allow": str(it.allow), "deny": str(it.deny)}
        for it in one.overwrites
    ]
    shape: JsonObject = {
        "id": one.id,
        "guild_id": one.guild_id,
        "type": one.type,
        "name": one.name,
        "position": one.position,
        "parent_id": one.parent_id,
        "topic": one.topic,
        "nsfw": one.nsfw,
        "rate_limit_per_user": one.slowmode,
        "flags": one.flags,
        "permission_overwrites": overwrites,
        "last_message_id": one.last_message_id,
        "default_auto_archive_duration": one.default_auto_archive,
    }
    if one.type == FORUM:
        forum: JsonObject = {
            "available_tags": [tag(it) for it in one.tags],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
        }
        shape.update(forum)
    return shape


def _thread(one: Channel, seen_by: str | None) -> JsonObject:
    state = one.own_thread
    shape: JsonObject = {
        "id": one.id,
        "guild_id": one.guild_id,
        "parent_id": one.parent_id,
        "owner_id": state.owner_id,
        "type": one.type,
        "name": one.name,
        "last_message_id": one.last_message_id,
        "rate_limit_per_user": one.slowmode,
        "flags": one.flags,
        "message_count": min(state.message_count, 50),
        "total_message_sent": state.message_count,
        "member_count": min(len(state.members), 50),
        "applied_tags": list(state.applied_tags),
        "thread_metadata": {
            "archived": state.archived,
            "locked": state.locked,
            "auto_archive_duration": state.auto_archive,
            "archive_timestamp": when(state.archive_at),
            "create_timestamp": when(state.created_at),
            "invitable": state.invitable,
        },
    }
    if seen_by in state.members:
        shape["member"] = thread_member(one, seen_by or "")
    return shape


def thread_member(thread: Channel, user_id: str) -> JsonObject:
    """Somebody's place in a thread."""
    joined = when(thread.own_thread.created_at)
    return {"id": thread.id, "user_id": user_id, "join_timestamp": joined, "flags": 1}


def guild(world: World, one: Guild, app: App) -> JsonObject:
    """A server, whole, as GUILD_CREATE brings it to a bot."""
    rooms = [it for it in world.channels.values() if it.guild_id == one.id and not it.is_thread]
    visible = [it for it in rooms if world.sees(app.bot_id, it)]
    threads = [it for it in world.active_threads(one.id) if _synced(world, it, app)]
    members = world.members[one.id]
    shown = list(members.values()) if app.members_intent else [members[app.bot_id]]
    lists: JsonObject = {
        "channels": [channel(world, it) for it in visible],
        "threads": [channel(world, it, seen_by=app.bot_id) for it in threads],
        "members": [member(world, it) for it in shown],
        "member_count": len(members),
        "joined_at": when(members[app.bot_id].joined_at),
        "large": False,
        "unavailable": False,
    }
    empty = ("presences", "voice_states", "stage_instances", "guild_scheduled_events")
    lists.update({name: [] for name in (*empty, "soundboard_sounds")})
    return {**guild_alone(world, one), **lists}


def _synced(world: World, thread: Channel, app: App) -> bool:
    private = thread.type == 12 and app.bot_id not in thread.own_thread.members
    return world.sees(app.bot_id, thread) and not private


def guild_alone(world: World, one: Guild) -> JsonObject:
    """A server without what is in it."""
    return {
        "id": one.id,
        "name": one.name,
        "owner_id": one.owner_id,
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(it) for it in world.roles_of(one.id)],
        "preferred_locale": one.locale,
        "premium_tier": one.premium_tier,
        "premium_subscription_count": 0,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "afk_timeout": 300,
        "afk_channel_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "application_id": None,
        "vanity_url_code": None,
        "max_members": 500_000,
    }


def webhook(world: World, one: Webhook) -> JsonObject:
    """A webhook, with its secret."""
    return {
        "id": one.id,
        "type": 1,
        "channel_id": one.channel_id,
        "guild_id": one.guild_id,
        "name": one.name,
        "avatar": None,
        "token": one.token,
        "application_id": one.app_id,
        "user": user(world.users[one.user_id]),
    }


def command(one: Command) -> JsonObject:
    """An application command, as it was registered."""
    return {
        "description": "",
        "default_member_permissions": None,
        "nsfw": False,
        **one.spec,
        "id": one.id,
        "application_id": one.app_id,
        "guild_id": one.guild_id,
        "type": one.type,
        "version": one.version,
    }


def partial_channel(world: World, one: Channel, user_id: str) -> JsonObject:
    """A channel inside an interaction, with what its user may do there."""
    return {
        **channel(world, one, seen_by=user_id),
        "permissions": str(world.rights(user_id, one)),
    }


def interacting_member(world: World, one: Member, place: Channel) -> JsonObject:
    """A member inside an interaction, with what he may do there."""
    rights = world.rights(one.user_id, place) or bits.EVERYONE
    return {**member(world, one), "permissions": str(rights)}
