"""`files.*`: the three steps of an upload, and asking after a file."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.slack.api import posts
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.errors import SlackRefused, invalid
from bridge.simulators.slack.state import shelf
from bridge.simulators.slack.state.posting import Draft
from bridge.simulators.slack.state.records import Channel, StoredFile
from bridge.simulators.slack.state.shapes import file_json

family = Family()

WRITE = ("files:write",)
MAX_BYTES = 1_000_000_000


@family.method("files.getUploadURLExternal", scopes=WRITE, tier=4, writes=True)
def get_upload_url(call: Call) -> JsonObject:
    world, name = call.world, call.args.need("filename")
    length = call.args.number("length", 0)
    if length <= 0:
        raise invalid("invalid_arguments", ["length must be greater than 0"])
    if length > MAX_BYTES:
        raise SlackRefused("file_upload_size_restricted")
    file = StoredFile(
        id=world.mint.id("F"),
        name=name,
        title=name,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=length,
        owner=call.app.bot_user,
        created=world.mint.seconds(),
    )
    world.files[file.id] = file
    url = f"{world.address}/upload/v1/{file.id}-{world.mint.secret(length=24)}"
    return {"upload_url": url, "file_id": file.id}


@family.method("files.completeUploadExternal", scopes=WRITE, tier=4, writes=True)
def complete(call: Call) -> JsonObject:
    """The answer has no message: it appears a little later."""
    given = call.args.objects("files", "invalid_arguments")
    if not given:
        raise invalid("invalid_arguments", ["missing required field: files"])
    files = [_finished(call, obj(one)) for one in given]
    channel = _target(call)
    if channel is not None:
        username, icons = posts.clothes(call)
        draft = Draft(
            channel=channel.id,
            text=call.args.text("initial_comment"),
            user=call.app.bot_user,
            app=call.app,
            thread_ts=call.args.text("thread_ts") or None,
            blocks=posts.blocks(call),
            files=tuple(one.id for one in files),
            username=username,
            icons=icons,
        )
        world = call.world
        world.later(world.timing.upload_shows_after, lambda: shelf.share_late(world, draft))
    for file in files:
        call.world.files[file.id] = file
    return {"files": [file_json(call.world, one) for one in files]}


@family.method("files.info", scopes=("files:read",), tier=4)
def info(call: Call) -> JsonObject:
    file = _found(call, call.args.need("file"))
    shown = file_json(call.world, replace(file, access="visible"))
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


@family.method("files.delete", scopes=WRITE, writes=True)
def delete(call: Call) -> JsonObject:
    file = _found(call, call.args.need("file"))
    if file.owner != call.app.bot_user:
        raise SlackRefused("cant_delete_file")
    shelf.delete(call.world, file)
    return {}


def _finished(call: Call, given: Mapping[str, Json]) -> StoredFile:
    file = _found(call, txt(given.get("id")))
    if file.content is None or file.owner != call.app.bot_user:
        raise SlackRefused("file_not_found")
    if file.completed:
        raise SlackRefused("file_already_completed")
    return replace(file, completed=True, title=txt(given.get("title")) or file.name)


def _target(call: Call) -> Channel | None:
    """Where the files are shown; without a channel they stay private."""
    wanted = call.args.text("channel_id") or call.args.text("channels").partition(",")[0]
    if not wanted:
        return None
    channel = call.world.channels.get(wanted)
    if channel is None:
        raise SlackRefused("invalid_channel")
    if call.app.bot_user not in channel.members:
        raise SlackRefused("not_in_channel" if channel.kind == "public" else "channel_not_found")
    if channel.is_archived:
        raise SlackRefused("is_archived")
    return channel


def _found(call: Call, file_id: str) -> StoredFile:
    file = call.world.files.get(file_id)
    if file is None:
        raise SlackRefused("file_not_found")
    if file.deleted:
        raise SlackRefused("file_deleted")
    return file
