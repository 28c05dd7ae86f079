"""The world as `/sim` shows it: shorter than Discord's own shapes, and with who was pinged."""

from bridge.simulators.common.wire import Json, JsonObject, obj
from bridge.simulators.discord.house import Outcome
from bridge.simulators.discord.server import Server
from bridge.simulators.discord.state.records import REPLY, Channel, Message, Modal


def channel_shown(one: Channel) -> JsonObject:
    """A channel or thread."""
    shape: JsonObject = {
        "id": one.id,
        "guild": one.guild_id,
        "name": one.name,
        "type": one.type,
        "parent": one.parent_id,
    }
    names = {tag.id: tag.name for tag in one.tags}
    if names:
        shape["tags"] = list(names.values())
    if one.thread is not None:
        shape["archived"] = one.thread.archived
        shape["locked"] = one.thread.locked
        shape["tags"] = list(one.thread.applied_tags)
        shape["members"] = list(one.thread.members)
    return shape


def message_shown(discord: Server, one: Message) -> JsonObject:
    """A message, with who was pinged by it."""
    files: list[Json] = [
        {
            "id": it.id,
            "name": it.filename,
            "size": len(it.content),
            "mimetype": it.content_type,
        }
        for it in one.attachments
    ]
    reactions: JsonObject = {it.emoji: list(it.users) for it in one.reactions}
    author = discord.world.users[one.author_id]
    return {
        "id": one.id,
        "channel": one.channel_id,
        "author": author.id,
        "name": one.webhook_name or author.name,
        "bot": author.bot,
        "type": one.type,
        "at": one.created_at,
        "edited_at": one.edited_at,
        "text": one.content,
        "embeds": list(one.embeds),
        "components": list(one.components),
        "files": files,
        "reactions": reactions,
        "pings": sorted(one.pings),
        "everyone": one.mention_everyone,
        "flags": one.flags,
        "nonce": one.nonce,
        "only_for": one.only_for,
        "reply_to": obj(one.reference).get("message_id") if one.type == REPLY else None,
        "used_by": obj(obj(one.interaction).get("user")).get("id") if one.interaction else None,
        "app": one.app_id,
    }


def modal_shown(one: Modal) -> JsonObject:
    """A form on a screen."""
    return {
        "custom_id": one.custom_id,
        "title": one.title,
        "components": list(one.components),
        "channel": one.channel_id,
    }


def outcome_shown(discord: Server, one: Outcome) -> JsonObject:
    """What an app made of an interaction."""
    return {
        "answered": one.answered,
        "answer": one.interaction.answer,
        "interaction": one.interaction.id,
        "message": message_shown(discord, one.message) if one.message else None,
        "modal": modal_shown(one.modal) if one.modal else None,
        "choices": list(one.choices),
    }


def state_shown(discord: Server) -> JsonObject:
    """Everything that is there, without messages."""
    world = discord.world
    apps: list[Json] = [
        {
            "id": one.id,
            "name": one.name,
            "token": one.token,
            "bot": one.bot_id,
            "connected": len(discord.hub.connected(one)),
        }
        for one in world.apps.values()
    ]
    guilds: list[Json] = [
        {
            "id": one.id,
            "name": one.name,
            "members": list(world.members[one.id]),
            "roles": {role.name: role.id for role in world.roles_of(one.id)},
        }
        for one in world.guilds.values()
    ]
    people: list[Json] = [
        {"id": one.id, "name": one.name} for one in world.users.values() if not one.bot
    ]
    return {
        "api_url": f"{world.address}/api/v10",
        "gateway_url": f"{world.address.replace('http', 'ws', 1)}/gateway",
        "apps": apps,
        "guilds": guilds,
        "people": people,
        "channels": [channel_shown(one) for one in world.channels.values()],
    }
