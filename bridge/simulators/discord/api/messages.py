"""Messages of the bot, and reading what others wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, arr, obj
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.api.bodies import (
    check_not_empty,
    check_sizes,
    edited_draft,
    read_draft,
)
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import message_shapes, posting, shapes, threads
from bridge.simulators.discord.state.mentions import Allowed
from bridge.simulators.discord.state.posting import Draft
from bridge.simulators.discord.state.records import (
    CATEGORY,
    FORUM,
    SUPPRESS_EMBEDS,
    Channel,
    Message,
)

HOUR = 3_600.0


def shown(call: Call, message: Message) -> JsonObject:
    """A message as this bot may read it."""
    shape = message_shapes.message(call.world, message, seen_by=call.app.bot_id)
    if call.app.reads_content:
        return shape
    return message_shapes.without_content(shape, call.app, is_direct=message.guild_id is None)


def speakable(call: Call, channel: Channel) -> Channel:
    """The channel, awake, where the bot may write. Raises 50008, 50001, 50013 or 160005."""
    if channel.type in (FORUM, CATEGORY):
        raise DiscordRefused(50008)
    call.need(channel, bits.SEND_IN_THREADS if channel.is_thread else bits.SEND)
    if call.files:
        call.need(channel, bits.ATTACH)
    if channel.is_thread:
        return threads.check_speaking(call.world, channel, call.app.bot_id)
    return channel


def _repeated(call: Call) -> Message | None:
    """The message that this nonce made lately. Raises 10008 when it is gone."""
    nonce = call.fields.get("nonce")
    known = call.world.nonces.get((call.app.bot_id, str(nonce)))
    if nonce is None or not call.fields.get("enforce_nonce") or known is None:
        return None
    at, channel_id, message_id = known
    if call.world.now() - at > call.world.timing.nonce_lives:
        return None
    return call.world.message(channel_id, message_id)


def _create(call: Call) -> Reply:
    world, channel = call.world, call.channel()
    repeated = _repeated(call)
    if repeated is not None:
        return Reply(body=shown(call, repeated), said={"id": repeated.id, "repeated": True})
    check_sizes(world.guilds.get(channel.guild_id or ""), call.files)
    draft = check_not_empty(read_draft(world, call.fields, call.files, Allowed()))
    draft = replace(draft, reference=_reference(call, channel))
    channel = speakable(call, channel)
    message = posting.post(world, channel, call.app.bot_id, draft)
    if message.nonce is not None:
        key = (call.app.bot_id, str(message.nonce))
        world.nonces[key] = (world.now(), channel.id, message.id)
    return Reply(body=shown(call, message), said=_said(message))


def _said(message: Message) -> JsonObject:
    pings: Sequence[Json] = sorted(message.pings)
    files: list[Json] = [one.filename for one in message.attachments]
    return {"id": message.id, "pings": pings, "files": files}


def _reference(call: Call, channel: Channel) -> JsonObject | None:
    reference = obj(call.fields.get("message_reference"))
    message_id = str(reference.get("message_id") or "")
    if not message_id:
        return None
    if message_id not in call.world.messages.get(channel.id, {}):
        if reference.get("fail_if_not_exists") is False:
            return None
        form = Form()
        form.wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        form.check()
    return {"channel_id": channel.id, "message_id": message_id, "guild_id": channel.guild_id}


def _read(call: Call) -> Reply:
    """A page of history, the newest first."""
    world, channel = call.world, call.channel()
    if not call.may(channel, bits.READ_HISTORY):
        return Reply(body=[])
    seen_until = world.now() - world.quirks.history_lag
    messages = list(world.messages.get(channel.id, {}).values())
    messages = [one for one in messages if one.created_at <= seen_until]
    messages.sort(key=lambda one: int(one.id))
    page = _page(messages, call.query, call.number("limit", 50, 100))
    return Reply(body=[shown(call, one) for one in reversed(page)])


def _page(messages: list[Message], query: Mapping[str, str], limit: int) -> list[Message]:
    """The oldest after a point, the newest before one, or those around it."""
    if "after" in query:
        return [one for one in messages if int(one.id) > int(query["after"])][:limit]
    if "before" in query:
        return [one for one in messages if int(one.id) < int(query["before"])][-limit:]
    if "around" in query:
        middle, half = int(query["around"]), limit // 2
        older = [one for one in messages if int(one.id) <= middle][-half - 1 :]
        newer = [one for one in messages if int(one.id) > middle][:half]
        return [*older, *newer][-limit:]
    return messages[-limit:]


def _read_one(call: Call) -> Reply:
    return Reply(body=shown(call, call.message(bits.READ_HISTORY)))


def _edit(call: Call) -> Reply:
    world, message = call.world, call.message()
    channel = world.channel(message.channel_id)
    threads.check_open(channel)
    if message.author_id != call.app.bot_id or message.webhook_name is not None:
        return _suppress(call, message)
    if world.now() - message.created_at > HOUR:
        call.limit("old_edits", message.id)
    check_sizes(world.guilds.get(channel.guild_id or ""), call.files)
    message = apply_edit(call, message, Allowed())
    return Reply(body=shown(call, message), said=_said(message))


def _suppress(call: Call, message: Message) -> Reply:
    """On somebody else's message only the embeds may be hidden. Raises 50005."""
    flags = call.fields.get("flags")
    if set(call.fields) - {"flags", "allowed_mentions"} or not isinstance(flags, int):
        raise DiscordRefused(50005)
    call.need(call.world.channel(message.channel_id), bits.MANAGE_MESSAGES)
    kept = message.flags & ~SUPPRESS_EMBEDS | flags & SUPPRESS_EMBEDS
    message = posting.change(call.world, message, replace(message, flags=kept), is_edit=False)
    return Reply(body=shown(call, message), said={"id": message.id})


def apply_edit(call: Call, message: Message, default: Allowed) -> Message:
    """The message with what the body changes. Raises 50035 or 50006."""
    old = Draft(
        content=message.content,
        embeds=message.embeds,
        components=message.components,
        attachments=message.attachments,
        flags=message.flags,
    )
    draft = check_not_empty(edited_draft(call, old, default))
    changed = replace(
        message,
        content=draft.content,
        embeds=draft.embeds,
        components=draft.components,
        attachments=draft.attachments,
        flags=draft.flags | message.flags & ~SUPPRESS_EMBEDS,
    )
    changed = posting.remention(call.world, changed, draft.allowed)
    return posting.change(call.world, message, changed)


def _delete(call: Call) -> Reply:
    message = call.message()
    channel = call.world.channel(message.channel_id)
    if message.author_id != call.app.bot_id:
        call.need(channel, bits.MANAGE_MESSAGES)
    threads.check_open(channel)
    posting.delete(call.world, message)
    return NOTHING


def _delete_many(call: Call) -> Reply:
    channel = call.channel(bits.MANAGE_MESSAGES)
    named = [str(one) for one in arr(call.fields.get("messages"))]
    form = Form()
    form.length("messages", list(named), 2, 100)
    form.check()
    for message_id in named:
        found = call.world.messages.get(channel.id, {}).get(message_id)
        if found is not None:
            posting.delete(call.world, found)
    return NOTHING


def _pin(call: Call) -> Reply:
    message = call.message(bits.PIN)
    threads.check_open(call.world.channel(message.channel_id))
    posting.pin(call.world, message, call.app.bot_id)
    return NOTHING


def _unpin(call: Call) -> Reply:
    message = call.message(bits.PIN)
    posting.change(call.world, message, replace(message, pinned=False), is_edit=False)
    return NOTHING


def _pins(call: Call) -> Reply:
    channel = call.channel()
    pinned = [one for one in call.world.messages.get(channel.id, {}).values() if one.pinned]
    items: list[Json] = [
        {"pinned_at": shapes.when(one.created_at), "message": shown(call, one)} for one in pinned
    ]
    return Reply(body={"items": items, "has_more": False})


def _typing(call: Call) -> Reply:
    channel = call.channel(bits.SEND)
    data: JsonObject = {
        "channel_id": channel.id,
        "user_id": call.app.bot_id,
        "timestamp": int(call.world.now()),
    }
    if channel.guild_id is not None:
        data["guild_id"] = channel.guild_id
    call.world.tell("TYPING_START", data, guild=channel.guild_id, channel=channel.id)
    return NOTHING


_ONE = "/channels/{channel_id}/messages/{message_id}"
ROUTES: Mapping[str, Operation] = {
    "POST /channels/{channel_id}/messages": _create,
    "GET /channels/{channel_id}/messages": _read,
    "POST /channels/{channel_id}/messages/bulk-delete": _delete_many,
    f"PATCH {_ONE}": _edit,
    f"DELETE {_ONE}": _delete,
    "GET /channels/{channel_id}/messages/pins": _pins,
    f"GET {_ONE}": _read_one,
    "PUT /channels/{channel_id}/messages/pins/{message_id}": _pin,
    "DELETE /channels/{channel_id}/messages/pins/{message_id}": _unpin,
    "PUT /channels/{channel_id}/pins/{message_id}": _pin,
    "DELETE /channels/{channel_id}/pins/{message_id}": _unpin,
    "POST /channels/{channel_id}/typing": _typing,
}
