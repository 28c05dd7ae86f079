"""Who comes and goes, and what becomes of channels."""

from dataclasses import replace

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.state.posting import Draft, post
from bridge.simulators.slack.state.records import Channel
from bridge.simulators.slack.state.shapes import channel_type
from bridge.simulators.slack.state.world import World


def join(world: World, channel: Channel, user: str, inviter: str | None = None) -> Channel:
    """Become a member, by oneself or invited. Being one already changes nothing."""
    if user in channel.members:
        return channel
    channel = world.put_channel(replace(channel, members=(*channel.members, user)))
    event: JsonObject = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
        "team": world.team.id,
    }
    if inviter:
        event["inviter"] = inviter
    _tell(world, channel, event, user)
    extra: JsonObject = {"inviter": inviter} if inviter else {}
    _note(world, channel, user, "join", f"<@{user}> has joined the channel", extra)
    return channel


def leave(world: World, channel: Channel, user: str) -> Channel:
    """Stop being a member, by oneself or thrown out."""
    app = world.app_of_bot(user)
    event: JsonObject = {
        "type": "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
        "team": world.team.id,
    }
    _tell(world, channel, event, user)
    if app is not None:
        kind = "channel_left" if channel.kind == "public" else "group_left"
        left: JsonObject = {"type": kind, "channel": channel.id, "event_ts": _now(world, channel)}
        world.changes.add(
            Happening(kind=kind, event=left, channel=channel.id, user=user, only_app=app.id)
        )
    members = tuple(one for one in channel.members if one != user)
    channel = world.put_channel(replace(channel, members=members))
    _note(world, channel, user, "leave", f"<@{user}> has left the channel", {})
    return channel


def archive(world: World, channel: Channel, user: str) -> Channel:
    """Nobody can write there any more."""
    _note(world, channel, user, "archive", f"<@{user}> archived the channel", {})
    channel = world.put_channel(replace(channel, is_archived=True))
    _tell_about(world, channel, "archive", {"channel": channel.id, "user": user}, user)
    return channel


def unarchive(world: World, channel: Channel, user: str) -> Channel:
    """Open again."""
    channel = world.put_channel(replace(channel, is_archived=False))
    _tell_about(world, channel, "unarchive", {"channel": channel.id, "user": user}, user)
    return channel


def rename(world: World, channel: Channel, user: str, name: str) -> Channel:
    """Its id stays."""
    old = channel.name
    names = (old, *channel.previous_names)
    channel = world.put_channel(replace(channel, name=name, previous_names=names))
    about: JsonObject = {"id": channel.id, "name": name, "created": channel.created}
    _tell_about(world, channel, "rename", {"channel": about}, user)
    said = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
    _note(world, channel, user, "name", said, {"old_name": old, "name": name})
    return channel


def share(world: World, channel: Channel, team_id: str) -> Channel:
    """Another company reads here from now on (Slack Connect)."""
    shared = (*channel.shared_with, team_id)
    channel = world.put_channel(replace(channel, shared_with=shared))
    event: JsonObject = {
        "type": "channel_shared",
        "connected_team_id": team_id,
        "channel": channel.id,
    }
    _tell(world, channel, event, None)
    return channel


def unshare(world: World, channel: Channel, team_id: str) -> Channel:
    """The other company is gone."""
    left = tuple(one for one in channel.shared_with if one != team_id)
    channel = world.put_channel(replace(channel, shared_with=left))
    event: JsonObject = {
        "type": "channel_unshared",
        "previously_connected_team_id": team_id,
        "channel": channel.id,
        "is_ext_shared": channel.is_ext_shared,
    }
    _tell(world, channel, event, None)
    return channel


def _tell_about(
    world: World, channel: Channel, what: str, about: JsonObject, user: str | None
) -> None:
    """`channel_archive` for public channels, `group_archive` for private ones."""
    prefix = "channel" if channel.kind == "public" else "group"
    _tell(world, channel, {"type": f"{prefix}_{what}", **about}, user)


def _tell(world: World, channel: Channel, event: JsonObject, user: str | None) -> None:
    event["event_ts"] = _now(world, channel)
    kind = str(event["type"])
    world.changes.add(Happening(kind=kind, event=event, channel=channel.id, user=user))


def _note(
    world: World, channel: Channel, user: str, what: str, text: str, extra: JsonObject
) -> None:
    """The grey line in the channel itself, which is a message with a subtype."""
    subtype = f"{channel_type(channel)}_{what}"
    post(world, Draft(channel=channel.id, user=user, text=text, subtype=subtype, extra=extra))


def _now(world: World, channel: Channel) -> str:
    return world.mint.ts(f"events {channel.id}")
