"""`chat.*`: posting, changing and deleting."""

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api import posts
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.entities import processed
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.posting import MAX_TEXT, Draft, delete, edit, post, whisper
from bridge.simulators.slack.state.records import Ephemeral, Message
from bridge.simulators.slack.state.shapes import message_json

family = Family()

WRITE = ("chat:write",)


@family.method("chat.postMessage", scopes=WRITE, tier=None, writes=True)
def post_message(call: Call) -> JsonObject:
    channel, args = posts.target(call), call.args
    username, icons = posts.clothes(call)
    draft = Draft(
        channel=channel.id,
        text=_text(call),
        user=call.app.bot_user,
        app=call.app,
        thread_ts=args.text("thread_ts") or None,
        broadcast=args.flag("reply_broadcast"),
        blocks=posts.blocks(call),
        attachments=posts.attachments(call),
        metadata=posts.metadata(call) or None,
        username=username,
        icons=icons,
        parse=args.text("parse", "none"),
        links=args.text("parse") != "none",
        link_names=args.flag("link_names"),
        unfurl_links=args.flag("unfurl_links", default=True),
        unfurl_media=args.flag("unfurl_media", default=True),
    )
    if not (draft.text or draft.blocks or draft.attachments):
        raise SlackRefused("no_text")
    message = post(call.world, draft)
    answer = _answer(call, message)
    if len(draft.text) > MAX_TEXT:
        answer |= {"warning": "message_truncated"}
        answer |= {"response_metadata": {"warnings": ["message_truncated"]}}
    return answer


@family.method("chat.update", scopes=WRITE, writes=True)
def update(call: Call) -> JsonObject:
    message, args = _own(call, "cant_update_message"), call.args
    username, icons = posts.clothes(call)
    text = _text(call) if args.has("text") or args.has("markdown_text") else message.text
    if len(processed(text, link=False).encode()) > call.world.quirks.update_text_bytes:
        raise SlackRefused("msg_too_long")
    keeps = message.attachments
    metadata = posts.metadata(call)
    draft = Draft(
        channel=message.channel,
        text=text,
        user=call.app.bot_user,
        app=call.app,
        blocks=posts.blocks(call) if args.has("blocks") else _blocks(message),
        attachments=posts.attachments(call) if args.has("attachments") else keeps,
        metadata=message.metadata if metadata is None else metadata or None,
        username=username,
        icons=icons,
        parse=args.text("parse", "client"),
        links=args.text("parse") != "none",
        link_names=args.flag("link_names"),
    )
    if not (draft.text or draft.blocks or draft.attachments):
        raise SlackRefused("no_text")
    changed = edit(call.world, message, draft)
    return _answer(call, changed) | {"text": changed.text}


@family.method("chat.delete", scopes=WRITE, writes=True)
def delete_message(call: Call) -> JsonObject:
    message = _own(call, "cant_delete_message", with_ts="ts")
    if message.user is None:
        raise SlackRefused("cant_delete_message")
    delete(call.world, message)
    return {"channel": message.channel, "ts": message.ts}


@family.method("chat.postEphemeral", scopes=WRITE, tier=4, writes=True)
def post_ephemeral(call: Call) -> JsonObject:
    channel, world, args = posts.target(call), call.world, call.args
    user = args.need("user")
    if user not in channel.members:
        raise SlackRefused("user_not_in_channel")
    thread_ts = args.text("thread_ts") or None
    active = thread_ts is None or len(world.thread(channel.id, thread_ts)) > 1
    ephemeral = Ephemeral(
        channel=channel.id,
        ts=world.mint.ts(f"ephemeral {channel.id}"),
        user=user,
        text=processed(_text(call)[:MAX_TEXT], link=args.text("parse") != "none"),
        app_id=call.app.id,
        bot_id=call.app.bot_id,
        thread_ts=thread_ts,
        blocks=posts.blocks(call),
        attachments=posts.attachments(call),
        shown=active,
    )
    if not (ephemeral.text or ephemeral.blocks or ephemeral.attachments):
        raise SlackRefused("no_text")
    return {"message_ts": whisper(world, ephemeral).ts}


@family.method("chat.getPermalink", tier=None)
def get_permalink(call: Call) -> JsonObject:
    channel = call.channel()
    message = call.world.message(channel.id, call.args.need("message_ts"))
    place = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        place += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    permalink = f"https://{call.world.team.domain}.slack.com/{place}"
    return {"channel": channel.id, "permalink": permalink}


def _text(call: Call) -> str:
    markdown = call.args.text("markdown_text")
    if markdown and len(markdown) > 12_000:
        raise SlackRefused("markdown_text_too_long")
    if markdown and (call.args.text("text") or call.args.has("blocks")):
        raise SlackRefused("markdown_text_conflict")
    return markdown or call.args.text("text")


def _own(call: Call, refusal: str, with_ts: str = "ts") -> Message:
    channel = call.channel()
    if channel.is_archived:
        raise SlackRefused("is_archived" if refusal == "cant_update_message" else refusal)
    message = call.world.message(channel.id, call.args.need(with_ts))
    if message.app_id != call.app.id or message.subtype == "tombstone":
        raise SlackRefused(refusal)
    return message


def _blocks(message: Message) -> tuple[JsonObject, ...]:
    return tuple(dict(block) for block in message.blocks if isinstance(block, dict))


def _answer(call: Call, message: Message) -> JsonObject:
    shown = message_json(call.world, message)
    return {"channel": message.channel, "ts": message.ts, "message": shown}
