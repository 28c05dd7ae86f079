"""Which bot hears which event, by guild, channel and intent."""

from collections.abc import Mapping

from bridge.simulators.common.wire import JsonObject, obj, txt
from bridge.simulators.discord.changes import Happening
from bridge.simulators.discord.state import message_shapes
from bridge.simulators.discord.state.records import App
from bridge.simulators.discord.state.world import World

GUILDS, MEMBERS, BANS, WEBHOOKS, PRESENCES = 1 << 0, 1 << 1, 1 << 2, 1 << 5, 1 << 8
MESSAGES, REACTIONS, TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT, DIRECT_REACTIONS, DIRECT_TYPING, CONTENT = 1 << 12, 1 << 13, 1 << 14, 1 << 15
KNOWN = (1 << 26) - 1
"""Bits beyond are an invalid intents value."""

_BY_PREFIX: Mapping[str, tuple[int, int]] = {
    "MESSAGE_REACTION": (REACTIONS, DIRECT_REACTIONS),
    "MESSAGE": (MESSAGES, DIRECT),
    "TYPING": (TYPING, DIRECT_TYPING),
    "GUILD_MEMBER": (MEMBERS, MEMBERS),
    "GUILD_BAN": (BANS, BANS),
    "WEBHOOKS": (WEBHOOKS, WEBHOOKS),
    "INTERACTION": (0, 0),
}


def needed(event: str, *, is_direct: bool) -> int:
    """The intent without which nobody hears of it."""
    for prefix, (in_guild, direct) in _BY_PREFIX.items():
        if event.startswith(prefix):
            return direct if is_direct else in_guild
    return GUILDS


def hears(world: World, app: App, intents: int, one: Happening) -> bool:
    """Whether this app's session gets the event."""
    guild_id = txt(one.extra.get("guild"))
    if one.only_app is not None:
        return one.only_app == app.id
    is_self = one.user == app.bot_id
    intent = needed(one.kind, is_direct=not guild_id)
    if intent and not intents & intent and not (is_self and intent == MEMBERS):
        return False
    if guild_id and app.bot_id not in world.members.get(guild_id, {}):
        return False
    channel = world.channels.get(one.channel or "")
    if channel is None:
        return bool(guild_id)
    if one.kind == "THREAD_MEMBERS_UPDATE" and not (is_self or intents & MEMBERS):
        return False
    return is_self or world.sees(app.bot_id, channel)


def heard(app: App, intents: int, one: Happening) -> JsonObject:
    """The event as this session gets it, without the content it may not read."""
    data = dict(one.event or {})
    if one.kind == "THREAD_MEMBERS_UPDATE":
        data["member_ids_preview"] = []
    if one.kind in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and not intents & CONTENT:
        return message_shapes.without_content(data, app, is_direct=not obj(data).get("guild_id"))
    return data
