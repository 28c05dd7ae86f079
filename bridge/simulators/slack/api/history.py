"""`conversations.history` and `.replies`: reading what was written."""

import base64
import binascii

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.records import Channel, Message
from bridge.simulators.slack.state.shapes import message_json

family = Family()


@family.method("conversations.replies")
def replies(call: Call) -> JsonObject:
    """A thread, oldest first. The root comes first on every page, whatever `oldest` says."""
    channel = _readable(call)
    asked = call.args.need("ts")
    every = call.world.messages[channel.id]
    first = every.get(asked)
    root = every.get(first.root_ts) if first else None
    if root is None:
        raise SlackRefused("thread_not_found")
    under = [one for one in call.world.replies(root) if _seen(call, one) and _between(call, one)]
    after = _cursor(call)
    under = [one for one in under if one.ts > after]
    size = max(1, _size(call) - 1)
    shown, rest = under[:size], under[size:]
    with_root = call.world.quirks.root_always_in_replies or _between(call, root)
    listed = [root, *shown] if with_root and _seen(call, root) else shown
    return _listed(call, listed, shown[-1].ts if rest else "")


@family.method("conversations.history")
def history(call: Call) -> JsonObject:
    """A channel without the replies, newest first."""
    channel = _readable(call)
    every = [
        one
        for one in call.world.messages[channel.id].values()
        if (not one.is_reply or one.subtype == "thread_broadcast")
        and _seen(call, one)
        and _between(call, one)
    ]
    before = _cursor(call)
    if before:
        every = [one for one in every if one.ts < before]
    every.reverse()
    size = _size(call)
    rest = every[size:]
    answer = _listed(call, every[:size], every[size - 1].ts if rest else "")
    return answer | {"pin_count": 0}


def _readable(call: Call) -> Channel:
    channel = call.joined()
    call.needs_for(channel, "history")
    return channel


def _size(call: Call) -> int:
    size = call.args.limit(100, 1_000)
    most = call.limits.history_objects
    return min(size, most) if most is not None else size


def _seen(call: Call, message: Message) -> bool:
    """Not yet where the history lags behind."""
    return message.visible_at <= call.world.now()


def _between(call: Call, message: Message) -> bool:
    oldest, latest = call.args.text("oldest"), call.args.text("latest")
    inclusive = call.args.flag("inclusive")
    if oldest and oldest != "0":
        oldest = _stamp(oldest)
        if message.ts < oldest or (message.ts == oldest and not inclusive):
            return False
    if latest:
        latest = _stamp(latest)
        if message.ts > latest or (message.ts == latest and not inclusive):
            return False
    return True


def _stamp(given: str) -> str:
    """A timestamp in full length, so that it compares as text. Raises `invalid_ts_oldest`."""
    try:
        return f"{float(given):.6f}" if "." not in given else f"{given:0<17}"
    except ValueError as e:
        raise SlackRefused("invalid_ts_oldest") from e


def _cursor(call: Call) -> str:
    cursor = call.args.text("cursor")
    if not cursor:
        return ""
    try:
        word, _, ts = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as e:
        raise SlackRefused("invalid_cursor") from e
    if word != "next_ts":
        raise SlackRefused("invalid_cursor")
    return ts


def _listed(call: Call, shown: list[Message], next_ts: str) -> JsonObject:
    metadata = call.args.flag("include_all_metadata")
    messages = [message_json(call.world, one, metadata=metadata) for one in shown]
    answer: JsonObject = {"messages": messages, "has_more": bool(next_ts)}
    if next_ts:
        cursor = base64.b64encode(f"next_ts:{next_ts}".encode()).decode()
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer
