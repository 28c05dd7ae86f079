"""`reactions.*`: emoji under messages."""

import re

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.posting import react, unreact
from bridge.simulators.slack.state.records import Message
from bridge.simulators.slack.state.shapes import message_json

family = Family()

_NAME = re.compile(r"[\w+'-]{1,100}(?:::skin-tone-[2-6])?\Z")
MAX_KINDS = 23


@family.method("reactions.add", scopes=("reactions:write",), writes=True)
def add(call: Call) -> JsonObject:
    message, name = _message(call), _name(call)
    kinds = {one.name for one in message.reactions}
    if len(kinds | {name}) > MAX_KINDS:
        raise SlackRefused("too_many_emoji")
    react(call.world, message, name, call.app.bot_user)
    return {}


@family.method("reactions.remove", scopes=("reactions:write",), tier=2, writes=True)
def remove(call: Call) -> JsonObject:
    unreact(call.world, _message(call), _name(call), call.app.bot_user)
    return {}


@family.method("reactions.get", scopes=("reactions:read",))
def get(call: Call) -> JsonObject:
    message = _message(call)
    shown = message_json(call.world, message)
    return {"type": "message", "channel": message.channel, "message": shown}


def _message(call: Call) -> Message:
    if not call.args.text("timestamp"):
        raise SlackRefused("no_item_specified")
    channel = call.joined()
    if channel.is_archived:
        raise SlackRefused("is_archived")
    return call.world.message(channel.id, call.args.text("timestamp"))


def _name(call: Call) -> str:
    name = call.args.text("name").strip(":")
    if not _NAME.match(name):
        raise SlackRefused("invalid_name")
    return name
