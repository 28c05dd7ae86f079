"""Channels that are no threads: made, changed, taken away."""

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import Channel
from bridge.simulators.discord.state.world import World


def made(world: World, channel: Channel) -> Channel:
    """Keep a new channel and tell of it."""
    return _told(world, "CHANNEL_CREATE", channel)


def changed(world: World, channel: Channel) -> Channel:
    """Keep a channel as it is now and tell of it."""
    return _told(world, "CHANNEL_UPDATE", channel)


def _told(world: World, event: str, channel: Channel) -> Channel:
    world.put_channel(channel)
    data = shapes.channel(world, channel)
    world.tell(event, data, guild=channel.guild_id, channel=channel.id)
    return channel


def delete(world: World, channel: Channel) -> None:
    """Take a channel or a thread away, with everything in it."""
    if channel.is_thread:
        data: JsonObject = {
            "id": channel.id,
            "guild_id": channel.guild_id,
            "parent_id": channel.parent_id,
            "type": channel.type,
        }
        world.tell("THREAD_DELETE", data, guild=channel.guild_id)
    else:
        data = shapes.channel(world, channel)
        world.tell("CHANNEL_DELETE", data, guild=channel.guild_id)
    world.forget_channel(channel)
