"""What an app may post: the checks that every posting method shares."""

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.api.method import Call
from bridge.simulators.slack.errors import SlackRefused, invalid
from bridge.simulators.slack.kit.blocks import characters, check_blocks, with_ids
from bridge.simulators.slack.state.records import Channel

MAX_METADATA = 8_000
"""Bytes. Slack says `metadata_too_large` and not where that begins; this is our guess."""


def target(call: Call) -> Channel:
    """Where to post: a channel's id or name, or a person's id for direct messages."""
    world, wanted = call.world, call.args.text("channel")
    if wanted in world.users:
        wanted = world.direct(call.app, wanted).id
    channel = world.channels.get(wanted) or world.named(wanted)
    if channel is None:
        raise SlackRefused("channel_not_found")
    member = call.app.bot_user in channel.members
    if not member and channel.kind != "public":
        raise SlackRefused("channel_not_found")
    if channel.is_archived:
        raise SlackRefused("is_archived")
    if channel.kind == "im" and not call.app.manifest.messages_tab:
        raise SlackRefused("messages_tab_disabled")
    if not member and "chat:write.public" not in call.app.scopes:
        raise SlackRefused("not_in_channel")
    return channel


def blocks(call: Call) -> tuple[JsonObject, ...]:
    """The blocks with their ids. Raises `invalid_blocks` with every reason."""
    given = call.args.objects("blocks", "invalid_blocks_format")
    problems = check_blocks(given, "message")
    if problems:
        raise invalid("invalid_blocks", problems)
    if characters(given) > call.world.quirks.blocks_characters:
        raise SlackRefused("msg_blocks_too_long")
    return with_ids(given, lambda: call.world.mint.secret(length=5))


def attachments(call: Call) -> tuple[Json, ...]:
    """The old kind of extras, as they are."""
    return call.args.objects("attachments", "invalid_attachments")


def metadata(call: Call) -> JsonObject | None:
    """Ids for machines. Raises `invalid_metadata_format`, `metadata_too_large`."""
    given = call.args.object("metadata", "invalid_metadata_format")
    if not given:
        return given
    if not isinstance(given.get("event_type"), str) or "event_payload" not in given:
        raise SlackRefused("invalid_metadata_format")
    if len(str(given).encode()) > MAX_METADATA:
        raise SlackRefused("metadata_too_large")
    return given


def clothes(call: Call) -> tuple[str | None, JsonObject | None]:
    """A customised name and icon; without the scope they are ignored without a word."""
    args = call.args
    if "chat:write.customize" not in call.app.scopes:
        return None, None
    icons: JsonObject | None = None
    if args.text("icon_emoji"):
        icons = {"emoji": args.text("icon_emoji")}
    elif args.text("icon_url"):
        icons = {"image_48": args.text("icon_url")}
    return args.text("username") or None, icons
