"""Emoji under messages."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.api.method import NOTHING, Call, Operation, Reply
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.state import message_shapes, posting, shapes, threads

_WORD = re.compile(r"^[\w+-]+$", re.ASCII)


def read_emoji(text: str) -> str:
    """A plain emoji or `name:id`. Raises 10014 for a word, and for one that no guild has."""
    if not text or _WORD.match(text) or ":" in text:
        raise DiscordRefused(10014)
    return text


def _add(call: Call) -> Reply:
    message = call.message(bits.READ_HISTORY)
    channel = call.world.channel(message.channel_id)
    threads.check_open(channel)
    emoji = read_emoji(call.path["emoji"])
    if all(one.emoji != emoji for one in message.reactions):
        call.need(channel, bits.ADD_REACTIONS)
    posting.react(call.world, message, call.app.bot_id, emoji)
    return NOTHING


def _remove(call: Call) -> Reply:
    message = call.message()
    threads.check_open(call.world.channel(message.channel_id))
    user_id = call.user_id()
    if user_id != call.app.bot_id:
        call.need(call.world.channel(message.channel_id), bits.MANAGE_MESSAGES)
    posting.unreact(call.world, message, user_id, read_emoji(call.path["emoji"]))
    return NOTHING


def _who(call: Call) -> Reply:
    message, emoji = call.message(), read_emoji(call.path["emoji"])
    users = [who for one in message.reactions if one.emoji == emoji for who in one.users]
    return Reply(body=[shapes.user(call.world.users[one]) for one in users])


def _clear(call: Call) -> Reply:
    message = call.message(bits.MANAGE_MESSAGES)
    threads.check_open(call.world.channel(message.channel_id))
    emoji = read_emoji(call.path["emoji"]) if "emoji" in call.path else None
    kept = tuple(one for one in message.reactions if emoji not in (None, one.emoji))
    call.world.put_message(replace(message, reactions=kept))
    data: JsonObject = {
        "channel_id": message.channel_id,
        "message_id": message.id,
        "guild_id": message.guild_id,
    }
    event = "MESSAGE_REACTION_REMOVE_ALL"
    if emoji is not None:
        event, data["emoji"] = "MESSAGE_REACTION_REMOVE_EMOJI", message_shapes.emoji(emoji)
    call.world.tell(event, data, guild=message.guild_id, channel=message.channel_id)
    return NOTHING


_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
ROUTES: Mapping[str, Operation] = {
    f"PUT {_ALL}/{{emoji}}/@me": _add,
    f"DELETE {_ALL}/{{emoji}}/@me": lambda call: _remove(_me(call)),
    f"DELETE {_ALL}/{{emoji}}/{{user_id}}": _remove,
    f"GET {_ALL}/{{emoji}}": _who,
    f"DELETE {_ALL}/{{emoji}}": _clear,
    f"DELETE {_ALL}": _clear,
}


def _me(call: Call) -> Call:
    return replace(call, path={**call.path, "user_id": "@me"})
