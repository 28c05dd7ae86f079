"""`conversations.*`: finding channels, joining them, changing them."""

import re

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.api.paging import page
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state import rooms
from bridge.simulators.slack.state.records import Channel
from bridge.simulators.slack.state.shapes import channel_json

family = Family()

_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_NAME = re.compile(r"[a-z0-9_\-\w]{1,80}\Z")


@family.method("conversations.info")
def info(call: Call) -> JsonObject:
    channel = call.channel()
    call.needs_for(channel, "read")
    shown = channel_json(call.world, channel, call.app.bot_user)
    if not call.args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


@family.method("conversations.list", tier=2)
def list_all(call: Call) -> JsonObject:
    asked = call.args.text("types", "public_channel").split(",")
    kinds = {_KINDS[one.strip()] for one in asked if one.strip() in _KINDS}
    if not kinds:
        raise SlackRefused("invalid_types")
    for kind in sorted(kinds):
        call.needs({"public": "channels:read", "private": "groups:read"}.get(kind, f"{kind}:read"))
    mine = call.app.bot_user
    found = [
        one
        for one in call.world.channels.values()
        if one.kind in kinds
        and (one.kind == "public" or mine in one.members)
        and not (one.is_archived and call.args.flag("exclude_archived"))
    ]
    shown, more = page(found, call.args, default=100, most=1_000)
    return {"channels": [channel_json(call.world, one, mine) for one in shown], **more}


@family.method("conversations.members", tier=4)
def members(call: Call) -> JsonObject:
    channel = call.channel()
    call.needs_for(channel, "read")
    shown, more = page(channel.members, call.args, default=100, most=1_000)
    return {"members": shown, **more}


@family.method("conversations.open", scopes=("im:write", "mpim:write"), writes=True)
def open_direct(call: Call) -> JsonObject:
    people = [one for one in call.args.text("users").split(",") if one]
    if call.args.text("channel"):
        channel = call.channel()
    elif len(people) != 1:
        raise SlackRefused("not_enough_users" if not people else "method_not_supported")
    else:
        person = call.world.user(people[0])
        if person.deleted:
            raise SlackRefused("user_disabled")
        if person.is_bot:
            raise SlackRefused("cannot_dm_bot")
        channel = call.world.direct(call.app, person.id)
    if call.args.flag("return_im"):
        return {"channel": channel_json(call.world, channel, call.app.bot_user)}
    return {"channel": {"id": channel.id}}


@family.method("conversations.join", scopes=("channels:join",), writes=True)
def join(call: Call) -> JsonObject:
    channel = _open(call.channel())
    if channel.kind != "public":
        raise SlackRefused("method_not_supported_for_channel_type")
    return _shown(call, rooms.join(call.world, channel, call.app.bot_user))


@family.method("conversations.leave", writes=True)
def leave(call: Call) -> JsonObject:
    channel = _open(call.channel())
    _needs_manage(call, channel)
    if call.app.bot_user not in channel.members:
        return {"not_in_channel": True}
    rooms.leave(call.world, channel, call.app.bot_user)
    return {}


@family.method("conversations.invite", writes=True)
def invite(call: Call) -> JsonObject:
    channel = _open(call.joined())
    _needs_manage(call, channel)
    people = [call.world.user(one) for one in call.args.need("users").split(",") if one]
    if call.app.bot_user in [one.id for one in people]:
        raise SlackRefused("cant_invite_self")
    if any(one.id in channel.members for one in people):
        raise SlackRefused("already_in_channel")
    if any(one.is_ultra_restricted for one in people):
        raise SlackRefused("ura_max_channels")
    for person in people:
        channel = rooms.join(call.world, channel, person.id, inviter=call.app.bot_user)
    return _shown(call, channel)


@family.method("conversations.kick", writes=True)
def kick(call: Call) -> JsonObject:
    channel = _open(call.joined())
    _needs_manage(call, channel)
    person = call.args.need("user")
    if person == call.app.bot_user:
        raise SlackRefused("cant_kick_self")
    if person not in channel.members:
        raise SlackRefused("not_in_channel")
    rooms.leave(call.world, channel, person)
    return {}


@family.method("conversations.create", tier=2, writes=True)
def create(call: Call) -> JsonObject:
    private = call.args.flag("is_private")
    call.needs("groups:write" if private else "channels:manage")
    name = call.args.text("name").removeprefix("#")
    _check_name(name)
    mine = call.app.bot_user
    channel = call.world.add_channel(name, "private" if private else "public", mine, (mine,))
    return _shown(call, channel)


@family.method("conversations.rename", tier=2, writes=True)
def rename(call: Call) -> JsonObject:
    channel = _open(call.joined())
    _needs_manage(call, channel)
    name = call.args.text("name")
    _check_name(name)
    if channel.creator != call.app.bot_user:
        raise SlackRefused("not_authorized")
    if call.world.named(name) is not None:
        raise SlackRefused("name_taken")
    return _shown(call, rooms.rename(call.world, channel, call.app.bot_user, name))


@family.method("conversations.archive", tier=2, writes=True)
def archive(call: Call) -> JsonObject:
    channel = call.joined()
    _needs_manage(call, channel)
    if channel.is_archived:
        raise SlackRefused("already_archived")
    rooms.archive(call.world, channel, call.app.bot_user)
    return {}


@family.method("conversations.unarchive", tier=2, writes=True)
def unarchive(call: Call) -> JsonObject:
    channel = call.channel()
    _needs_manage(call, channel)
    if not channel.is_archived:
        raise SlackRefused("not_archived")
    rooms.unarchive(call.world, channel, call.app.bot_user)
    return {}


def _open(channel: Channel) -> Channel:
    if channel.is_archived:
        raise SlackRefused("is_archived")
    return channel


def _needs_manage(call: Call, channel: Channel) -> None:
    if channel.kind == "public":
        call.needs("channels:manage", "channels:write")
    else:
        call.needs("groups:write")


def _check_name(name: str) -> None:
    if not name:
        raise SlackRefused("invalid_name_required")
    if len(name) > 80:
        raise SlackRefused("invalid_name_maxlength")
    if name != name.lower() or not _NAME.match(name):
        raise SlackRefused("invalid_name_specials")


def _shown(call: Call, channel: Channel) -> JsonObject:
    return {"channel": channel_json(call.world, channel, call.app.bot_user)}
