"""Channels and forums; a change of a thread is in `threads`."""

from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, arr, obj, txt
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.api.threads import change_thread
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import rooms, shapes
from bridge.simulators.discord.state.records import (
    CATEGORY,
    DM,
    FORUM,
    NEWS,
    TEXT,
    VOICE,
    Channel,
    Overwrite,
    Tag,
)

ARCHIVES = (60, 1_440, 4_320, 10_080)


def _read(call: Call) -> Reply:
    channel = call.channel()
    return Reply(body=shapes.channel(call.world, channel, seen_by=call.app.bot_id))


def _of_guild(call: Call) -> Reply:
    guild_id, world = call.guild_id(), call.world
    found = [one for one in world.channels.values() if one.guild_id == guild_id]
    plain = [one for one in found if not one.is_thread]
    return Reply(body=[shapes.channel(world, one) for one in plain])


def _create(call: Call) -> Reply:
    guild_id = call.guild_id(bits.MANAGE_CHANNELS)
    world, kind = call.world, call.fields.get("type", TEXT)
    _check(call)
    form = Form()
    form.required("name", call.fields.get("name"))
    form.one_of("type", kind, (TEXT, VOICE, CATEGORY, NEWS, FORUM))
    form.check()
    blank = Channel(
        id=world.mint.snowflake(),
        guild_id=guild_id,
        type=kind if isinstance(kind, int) else TEXT,
        name="",
        position=len([one for one in world.channels.values() if not one.is_thread]),
    )
    channel = rooms.made(world, _with(call, blank))
    return Reply(status=201, body=shapes.channel(world, channel), said={"id": channel.id})


def _check(call: Call) -> None:
    form, body = Form(), call.fields
    form.length("name", body.get("name"), 1, 100)
    form.length("topic", body.get("topic"), 0, 4_096 if body.get("type") == FORUM else 1_024)
    form.one_of(
        "default_auto_archive_duration", body.get("default_auto_archive_duration"), ARCHIVES
    )
    tags = list(arr(body.get("available_tags")))
    form.length("available_tags", tags, 0, 20)
    for n, one in enumerate(tags):
        form.required(f"available_tags.{n}.name", obj(one).get("name"))
        form.length(f"available_tags.{n}.name", obj(one).get("name"), 1, 20)
    form.check()


def _with(call: Call, old: Channel) -> Channel:
    """The channel with what the body says."""
    body = call.fields
    name = txt(body.get("name")) or old.name
    if old.type not in (CATEGORY, VOICE):
        name = name.lower().replace(" ", "-")
    parent = body.get("parent_id", old.parent_id)
    topic = body.get("topic", old.topic)
    archive = body.get("default_auto_archive_duration", old.default_auto_archive)
    return replace(
        old,
        name=name,
        topic=topic if isinstance(topic, str) else None,
        parent_id=str(parent) if parent is not None else None,
        position=_number(body.get("position"), old.position),
        nsfw=bool(body.get("nsfw", old.nsfw)),
        slowmode=_number(body.get("rate_limit_per_user"), old.slowmode),
        flags=_number(body.get("flags"), old.flags),
        default_auto_archive=archive if isinstance(archive, int) else None,
        overwrites=_overwrites(call, old),
        tags=_tags(call, old),
    )


def _number(value: Json, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _overwrites(call: Call, old: Channel) -> tuple[Overwrite, ...]:
    if "permission_overwrites" not in call.fields:
        return old.overwrites
    found = [obj(one) for one in arr(call.fields.get("permission_overwrites"))]
    return tuple(read_overwrite(str(one.get("id")), one) for one in found)


def read_overwrite(target: str, one: Mapping[str, Json]) -> Overwrite:
    """An overwrite as bodies write it: the bits are text."""
    kind = one.get("type")
    return Overwrite(
        id=target,
        type=kind if isinstance(kind, int) else int(kind == "member"),
        allow=int(str(one.get("allow") or 0)),
        deny=int(str(one.get("deny") or 0)),
    )


def _tags(call: Call, old: Channel) -> tuple[Tag, ...]:
    """A tag with an id stays the same tag; one without is new."""
    if "available_tags" not in call.fields:
        return old.tags
    known = {one.id for one in old.tags}
    tags: list[Tag] = []
    for one in (obj(it) for it in arr(call.fields.get("available_tags"))):
        given = str(one.get("id") or "")
        emoji_id = one.get("emoji_id")
        tag = Tag(
            id=given if given in known else call.world.mint.snowflake(),
            name=txt(one.get("name")),
            moderated=bool(one.get("moderated")),
            emoji_id=str(emoji_id) if emoji_id else None,
            emoji_name=txt(one.get("emoji_name")) or None,
        )
        tags.append(tag)
    return tuple(tags)


def _change(call: Call) -> Reply:
    channel = call.channel()
    name = call.fields.get("name")
    if channel.is_thread:
        return change_thread(call, channel)
    call.need(channel, bits.MANAGE_CHANNELS)
    _check(call)
    if isinstance(name, str) and name != channel.name:
        call.limit("rename", channel.id)
    changed = rooms.changed(call.world, _with(call, channel))
    return Reply(body=shapes.channel(call.world, changed), said={"id": channel.id})


def _delete(call: Call) -> Reply:
    channel = call.channel()
    if channel.type != DM:
        call.need(channel, bits.MANAGE_THREADS if channel.is_thread else bits.MANAGE_CHANNELS)
        shape = shapes.channel(call.world, channel)
        rooms.delete(call.world, channel)
        return Reply(body=shape)
    return Reply(body=shapes.channel(call.world, channel, seen_by=call.app.bot_id))


def _allow(call: Call) -> Reply:
    channel = call.channel(bits.MANAGE_ROLES)
    if channel.is_thread:
        raise DiscordRefused(50024)
    target = call.path["overwrite_id"]
    kept = tuple(one for one in channel.overwrites if one.id != target)
    added = read_overwrite(target, call.fields)
    rooms.changed(call.world, replace(channel, overwrites=(*kept, added)))
    return NOTHING


def _disallow(call: Call) -> Reply:
    channel = call.channel(bits.MANAGE_ROLES)
    kept = tuple(one for one in channel.overwrites if one.id != call.path["overwrite_id"])
    rooms.changed(call.world, replace(channel, overwrites=kept))
    return NOTHING


def _direct(call: Call) -> Reply:
    """The direct messages with somebody; always the same channel."""
    world, bot = call.world, call.app.bot_id
    other = world.user(str(call.fields.get("recipient_id")))
    for one in world.channels.values():
        if one.type == DM and set(one.recipients) == {bot, other.id}:
            return Reply(body=shapes.channel(world, one, seen_by=bot))
    channel = Channel(
        id=world.mint.snowflake(), guild_id=None, type=DM, name="", recipients=(bot, other.id)
    )
    world.put_channel(channel)
    shape: JsonObject = shapes.channel(world, channel, seen_by=bot)
    return Reply(body=shape, said={"id": channel.id})


ROUTES: Mapping[str, Operation] = {
    "GET /channels/{channel_id}": _read,
    "PATCH /channels/{channel_id}": _change,
    "DELETE /channels/{channel_id}": _delete,
    "PUT /channels/{channel_id}/permissions/{overwrite_id}": _allow,
    "DELETE /channels/{channel_id}/permissions/{overwrite_id}": _disallow,
    "GET /guilds/{guild_id}/channels": _of_guild,
    "POST /guilds/{guild_id}/channels": _create,
    "POST /users/@me/channels": _direct,
}
