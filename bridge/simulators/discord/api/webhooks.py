"""Webhooks, and messages sent through an address that is its own secret."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import JsonObject, txt
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.api import followups
from bridge.simulators.discord.api.bodies import check_not_empty, check_sizes, read_draft
from bridge.simulators.discord.api.messages import apply_edit
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused, Form
from bridge.simulators.discord.state import message_shapes, posting, shapes, threads
from bridge.simulators.discord.state.mentions import ONLY_USERS
from bridge.simulators.discord.state.records import FORUM, PUBLIC_THREAD, Channel, Message, Webhook

_FORBIDDEN = re.compile(r"clyde|discord", re.IGNORECASE)
_TAKEN = frozenset({"everyone", "here"})


def check_name(form: Form, path: str, name: str | None) -> None:
    """Discord keeps some names for itself."""
    form.length(path, name, 1, 80)
    if name and _FORBIDDEN.search(name):
        wrong = 'Username cannot contain "discord" or "clyde"'
        form.wrong(path, "USERNAME_INVALID_CONTAINS", wrong)
    elif name and name.lower() in _TAKEN:
        form.wrong(path, "USERNAME_INVALID", f'Username cannot be "{name}"')


def _create(call: Call) -> Reply:
    channel, form = call.channel(bits.MANAGE_WEBHOOKS), Form()
    form.required("name", call.fields.get("name"))
    check_name(form, "name", call.text("name"))
    form.check()
    here = [one for one in call.world.webhooks.values() if one.channel_id == channel.id]
    if len(here) >= call.world.quirks.max_webhooks:
        raise DiscordRefused(30007)
    if channel.is_thread:
        raise DiscordRefused(50024)
    hook = Webhook(
        id=call.world.mint.snowflake(),
        channel_id=channel.id,
        guild_id=channel.guild_id or "",
        token=call.world.mint.secret(68),
        name=call.text("name"),
        app_id=call.app.id,
        user_id=call.app.bot_id,
    )
    call.world.webhooks[hook.id] = hook
    _tell(call, hook)
    return Reply(body=shapes.webhook(call.world, hook), said={"id": hook.id})


def _tell(call: Call, hook: Webhook) -> None:
    data: JsonObject = {"guild_id": hook.guild_id, "channel_id": hook.channel_id}
    call.world.tell("WEBHOOKS_UPDATE", data, guild=hook.guild_id, channel=hook.channel_id)


def _of_channel(call: Call) -> Reply:
    channel = call.channel(bits.MANAGE_WEBHOOKS)
    found = [one for one in call.world.webhooks.values() if one.channel_id == channel.id]
    return Reply(body=[shapes.webhook(call.world, one) for one in found])


def _of_guild(call: Call) -> Reply:
    guild_id = call.guild_id(bits.MANAGE_WEBHOOKS)
    found = [one for one in call.world.webhooks.values() if one.guild_id == guild_id]
    return Reply(body=[shapes.webhook(call.world, one) for one in found])


def _hook(call: Call) -> Webhook:
    """By id and token, or by id for a bot that manages them. Raises 10015 or 50027."""
    hook = call.world.webhooks.get(call.path["webhook_id"])
    if hook is None:
        raise DiscordRefused(10015)
    if "webhook_token" not in call.path:
        call.need(call.world.channel(hook.channel_id), bits.MANAGE_WEBHOOKS)
    elif call.path["webhook_token"] != hook.token:
        raise DiscordRefused(50027)
    return hook


def _read(call: Call) -> Reply:
    return Reply(body=shapes.webhook(call.world, _hook(call)))


def _delete(call: Call) -> Reply:
    hook = _hook(call)
    del call.world.webhooks[hook.id]
    _tell(call, hook)
    return NOTHING


# ---------------------------------------------------------------- sending


def _send(call: Call) -> Reply:
    if call.path["webhook_id"] in call.world.apps:
        return followups.send(call)
    hook, form = _hook(call), Form()
    name = txt(call.fields.get("username")) or None
    check_name(form, "username", name)
    form.check()
    parent = call.world.channel(hook.channel_id)
    call.limit("webhook_channel", parent.id)
    check_sizes(call.world.guilds.get(hook.guild_id), call.files)
    draft = check_not_empty(read_draft(call.world, call.fields, call.files, ONLY_USERS))
    avatar = txt(call.fields.get("avatar_url")) or None
    draft = replace(
        draft,
        webhook_id=hook.id,
        webhook_name=name or hook.name,
        webhook_avatar=avatar,
        app_id=hook.app_id,
        nonce=None,
    )
    place, message_id = _place(call, hook, parent)
    message = posting.post(call.world, place, hook.user_id, draft, message_id=message_id)
    said: JsonObject = {"id": message.id, "channel": place.id}
    if call.query.get("wait") not in ("1", "true", "True"):
        return Reply(status=204, said=said)
    return Reply(body=message_shapes.message(call.world, message), said=said)


def _place(call: Call, hook: Webhook, parent: Channel) -> tuple[Channel, str | None]:
    """The channel, a thread of it, or a new post of a forum. Raises 10003, 220001, 220003."""
    world = call.world
    if "thread_id" in call.query:
        thread = world.channel(call.query["thread_id"])
        if thread.parent_id != parent.id:
            raise DiscordRefused(10003)
        if thread.own_thread.locked:
            raise DiscordRefused(160005)
        return threads.wake(world, thread), None
    name = call.text("thread_name")
    if parent.type != FORUM:
        if name:
            raise DiscordRefused(220003)
        return parent, None
    if not name:
        raise DiscordRefused(220001)
    thread = threads.open_thread(world, parent, hook.user_id, name, kind=PUBLIC_THREAD)
    return thread, thread.id


def _message(call: Call) -> Message:
    hook = _hook(call)
    place = call.query.get("thread_id", hook.channel_id)
    message = call.world.message(place, call.path["message_id"])
    if message.webhook_id != hook.id:
        raise DiscordRefused(10008)
    return message


def _read_message(call: Call) -> Reply:
    if call.path["webhook_id"] in call.world.apps:
        return followups.read(call)
    return Reply(body=message_shapes.message(call.world, _message(call)))


def _edit_message(call: Call) -> Reply:
    if call.path["webhook_id"] in call.world.apps:
        return followups.edit(call)
    message = _message(call)
    threads.check_open(call.world.channel(message.channel_id))
    changed = apply_edit(call, message, ONLY_USERS)
    return Reply(body=message_shapes.message(call.world, changed), said={"id": message.id})


def _delete_message(call: Call) -> Reply:
    if call.path["webhook_id"] in call.world.apps:
        return followups.delete(call)
    posting.delete(call.world, _message(call))
    return NOTHING


_SECRET = "/webhooks/{webhook_id}/{webhook_token}"
ROUTES: Mapping[str, Operation] = {
    "POST /channels/{channel_id}/webhooks": _create,
    "GET /channels/{channel_id}/webhooks": _of_channel,
    "GET /guilds/{guild_id}/webhooks": _of_guild,
    "GET /webhooks/{webhook_id}": _read,
    "DELETE /webhooks/{webhook_id}": _delete,
}
OPEN_ROUTES: Mapping[str, Operation] = {
    f"POST {_SECRET}": _send,
    f"GET {_SECRET}": _read,
    f"DELETE {_SECRET}": _delete,
    f"GET {_SECRET}/messages/{{message_id}}": _read_message,
    f"PATCH {_SECRET}/messages/{{message_id}}": _edit_message,
    f"DELETE {_SECRET}/messages/{{message_id}}": _delete_message,
}
"""Without a bot's token: the address is the secret."""
