"""What messages look like on the wire, with all that hangs on them."""

import hashlib
from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, without_none
from bridge.simulators.discord.state.records import HAS_THREAD, App, Attachment, Message, User
from bridge.simulators.discord.state.shapes import channel, member, user, when
from bridge.simulators.discord.state.world import World


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
