"""What an app says through a response address or with its ack of a command."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, arr, txt
from bridge.simulators.slack.entities import processed
from bridge.simulators.slack.errors import SlackRefused, invalid
from bridge.simulators.slack.kit.blocks import check_blocks, with_ids
from bridge.simulators.slack.state.posting import Draft, delete, edit, post, whisper
from bridge.simulators.slack.state.records import Ephemeral, Message
from bridge.simulators.slack.state.world import World
from bridge.simulators.slack.tickets import Reply


def answer_with(world: World, reply: Reply, body: Mapping[str, Json]) -> None:
    """Post, replace or delete as the body says. Raises `SlackRefused` for what is wrong."""
    problems = check_blocks(arr(body.get("blocks")), "message")
    if problems:
        raise invalid("invalid_blocks", problems)
    if body.get("delete_original"):
        _delete(world, reply)
    elif body.get("replace_original") and reply.message_ts:
        _replace(world, reply, body)
    elif not (body.get("text") or body.get("blocks") or body.get("attachments")):
        raise SlackRefused("no_text")
    elif body.get("response_type") == "in_channel":
        post(world, _draft(world, reply, body))
    else:
        _whisper(world, reply, body)


def _draft(world: World, reply: Reply, body: Mapping[str, Json]) -> Draft:
    app = world.app(reply.app_id)
    return Draft(
        channel=reply.channel,
        text=txt(body.get("text")),
        user=app.bot_user,
        app=app,
        thread_ts=txt(body.get("thread_ts")) or None,
        blocks=with_ids(arr(body.get("blocks")), lambda: world.mint.secret(length=5)),
        attachments=tuple(arr(body.get("attachments"))),
        parse=txt(body.get("parse")) or "none",
    )


def _whisper(world: World, reply: Reply, body: Mapping[str, Json]) -> Ephemeral:
    """Seen by the person who acted. In the thread only where `thread_ts` says so."""
    app, draft = world.app(reply.app_id), _draft(world, reply, body)
    return whisper(
        world,
        Ephemeral(
            channel=reply.channel,
            ts=world.mint.ts(f"ephemeral {reply.channel}"),
            user=reply.user,
            text=processed(draft.text, link=True),
            app_id=app.id,
            bot_id=app.bot_id,
            thread_ts=draft.thread_ts,
            blocks=draft.blocks,
            attachments=draft.attachments,
        ),
    )


def _delete(world: World, reply: Reply) -> None:
    if reply.ephemeral:
        _drop_ephemeral(world, reply)
    else:
        delete(world, _original(world, reply))


def _replace(world: World, reply: Reply, body: Mapping[str, Json]) -> None:
    if reply.ephemeral:
        old = _drop_ephemeral(world, reply)
        thread = {"thread_ts": old.thread_ts} if old and old.thread_ts else {}
        _whisper(world, reply, {**body, **thread})
    else:
        edit(world, _original(world, reply), _draft(world, reply, body))


def _original(world: World, reply: Reply) -> Message:
    if reply.message_ts is None:
        raise SlackRefused("message_not_found")
    return world.message(reply.channel, reply.message_ts)


def _drop_ephemeral(world: World, reply: Reply) -> Ephemeral | None:
    for old in world.ephemerals:
        if (old.channel, old.ts, old.user) == (reply.channel, reply.message_ts, reply.user):
            world.ephemerals.remove(old)
            return old
    return None
