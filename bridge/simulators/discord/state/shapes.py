"""What the records look like on the wire."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, without_none
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.state.records import (
    DM,
    FORUM,
    HAS_THREAD,
    App,
    Attachment,
    Channel,
    Command,
    Guild,
    Member,
    Message,
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


def attachment(world: World, one: Attachment, channel_id: str) -> JsonObject:
    """A file with an address that expires."""
    address = f"{world.address}/attachments/{channel_id}/{one.id}/{one.filename}"
    signed = f"{address}?{signature(world, one.id)}"
    return without_none(
        {
            "id": one.id,
            "filename": one.filename,
            "size": len(one.content),
            "url": signed,
            "proxy_url": signed,
            "content_type": one.content_type,
            "description": one.description,
        }
    )


def signature(world: World, file_id: str, expires: int | None = None) -> str:
    """`ex`, `is` and `hm` of an address, until a moment or for as long as links live."""
    ex = expires if expires is not None else int(world.now() + world.timing.links_live)
    issued = ex - int(world.timing.links_live)
    proof = hashlib.sha256(f"{file_id} {ex}".encode()).hexdigest()
    return f"ex={ex:x}&is={issued:x}&hm={proof}&"


def emoji(text: str) -> JsonObject:
    """A plain emoji, or `name:id`."""
    name, _, number = text.partition(":")
    return {"id": number or None, "name": name}


def author(world: World, one: Message) -> JsonObject:
    """Who wrote it; a webhook writes under any name."""
    if one.webhook_id is None or one.webhook_name is None:
        return user(world.users[one.author_id])
    named = User(id=one.webhook_id, name=one.webhook_name, bot=True)
    return {**user(named), "avatar": one.webhook_avatar}


def message(world: World, one: Message, *, seen_by: str = "", event: bool = False) -> JsonObject:
    """A message; with what only events carry (`guild_id`, `member`)."""
    shape: JsonObject = {
        "id": one.id,
        "channel_id": one.channel_id,
        "author": author(world, one),
        "type": one.type,
        "content": one.content,
        "timestamp": when(one.created_at),
        "edited_timestamp": when(one.edited_at) if one.edited_at is not None else None,
        "tts": False,
        "mention_everyone": one.mention_everyone,
        "mentions": [_mentioned(world, one, it) for it in one.mentions],
        "mention_roles": list(one.mention_roles),
        "attachments": [attachment(world, it, one.channel_id) for it in one.attachments],
        "embeds": list(one.embeds),
        "components": list(one.components),
        "pinned": one.pinned,
        "flags": one.flags,
    }
    shape.update(_extras(world, one, seen_by))
    known = world.members.get(one.guild_id or "", {}).get(one.author_id)
    if event and one.guild_id is not None:
        shape["guild_id"] = one.guild_id
        if known is not None and one.webhook_id is None:
            shape["member"] = member(world, known, with_user=False)
    return shape


def _mentioned(world: World, one: Message, user_id: str) -> JsonObject:
    known = world.members.get(one.guild_id or "", {}).get(user_id)
    shape = user(world.users[user_id])
    return {**shape, "member": member(world, known, with_user=False)} if known else shape


def _extras(world: World, one: Message, seen_by: str) -> JsonObject:
    shape = without_none(
        {
            "nonce": one.nonce,
            "webhook_id": one.webhook_id,
            "application_id": one.app_id,
            "message_reference": one.reference,
            "interaction_metadata": one.interaction,
        }
    )
    if one.reactions:
        shape["reactions"] = [
            {
                "emoji": emoji(it.emoji),
                "count": len(it.users),
                "count_details": {"burst": 0, "normal": len(it.users)},
                "me": seen_by in it.users,
                "me_burst": False,
                "burst_colors": [],
            }
            for it in one.reactions
        ]
    if one.type == 19 and one.reference is not None:
        there = world.messages.get(one.channel_id, {})
        answered = there.get(str(obj(one.reference).get("message_id")))
        shape["referenced_message"] = message(world, answered) if answered else None
    if one.flags & HAS_THREAD and one.id in world.channels:
        shape["thread"] = channel(world, world.channels[one.id])
    return shape


def without_content(shape: Mapping[str, Json], app: App, *, is_direct: bool) -> JsonObject:
    """The message as a bot without the message-content intent gets it."""
    mentioned = any(obj(one).get("id") == app.bot_id for one in arr(shape.get("mentions")))
    own = obj(shape.get("author")).get("id") == app.bot_id or shape.get("application_id") == app.id
    if own or mentioned or is_direct:
        return dict(shape)
    return {**shape, "content": "", "attachments": [], "embeds": [], "components": []}


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
