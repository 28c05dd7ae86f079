"""Saying, changing, deleting, reacting and sending files."""

import mimetypes

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.acts.house import CannotDo, House
from bridge.simulators.slack.acts.typed import Typed, typed
from bridge.simulators.slack.state import posting, shelf
from bridge.simulators.slack.state.records import Channel, Message, StoredFile
from bridge.simulators.slack.state.shapes import file_json


def as_typed(house: House, line: str) -> Typed:
    """The line with everybody's names in it found."""
    reader = house.world.reader(finds_names=True, cause="post")
    return typed(line, reader.names, reader.rooms)


async def say(
    house: House,
    who: str,
    channel: Channel,
    line: str,
    *,
    thread: str | None,
    broadcast: bool = False,
    files: tuple[str, ...] = (),
    subtype: str | None = None,
    client_msg_id: str | None = None,
) -> Message:
    """Write a line where the person is a member."""
    _may_write(house, who, channel)
    written = as_typed(house, line)
    draft = posting.Draft(
        channel=channel.id,
        text=written.text,
        user=who,
        thread_ts=thread,
        broadcast=broadcast,
        blocks=written.blocks,
        files=files,
        subtype=subtype,
        client_msg_id=client_msg_id,
    )
    message = posting.post(house.world, draft)
    shelf.note_shares(house.world, message)
    await house.done("says", who, channel=channel.id, ts=message.ts, text=message.text)
    return message


async def change(house: House, who: str, message: Message, line: str) -> Message:
    """Edit one's own line."""
    if message.user != who or message.app_id is not None:
        raise CannotDo(f"{who} cannot edit a message of {message.user or message.username}")
    written = as_typed(house, line)
    draft = posting.Draft(
        channel=message.channel, text=written.text, user=who, blocks=written.blocks
    )
    changed = posting.edit(house.world, message, draft)
    await house.done("edits", who, channel=message.channel, ts=message.ts, text=changed.text)
    return changed


async def delete(house: House, who: str, message: Message) -> None:
    """Delete one's own line; an admin may delete anybody's."""
    person = house.world.user(who)
    if message.user != who and not (person.is_admin or person.is_owner):
        raise CannotDo(f"{who} cannot delete a message of {message.user or message.username}")
    posting.delete(house.world, message)
    await house.done("deletes", who, channel=message.channel, ts=message.ts)


async def react(house: House, who: str, message: Message, emoji: str, *, away: bool) -> None:
    """Put an emoji on a message or take it away."""
    act = posting.unreact if away else posting.react
    act(house.world, message, emoji.strip(":"), who)
    verb = "unreacts" if away else "reacts"
    await house.done(verb, who, channel=message.channel, ts=message.ts, emoji=emoji)


async def upload(
    house: House,
    who: str,
    channel: Channel,
    name: str,
    content: bytes,
    *,
    line: str,
    thread: str | None,
    hidden: bool = False,
) -> Message:
    """Send a file; `hidden` files come as `check_file_info` and must be asked for."""
    _may_write(house, who, channel)
    file = _stored(house, who, name, content, hidden=hidden)
    return await say(house, who, channel, line, thread=thread, files=(file.id,))


def pick(house: House, who: str, name: str, content: bytes) -> JsonObject:
    """A file for a form, as Slack describes it once it has been taken up."""
    return file_json(house.world, _stored(house, who, name, content))


def _stored(
    house: House, who: str, name: str, content: bytes, *, hidden: bool = False
) -> StoredFile:
    world = house.world
    file = StoredFile(
        id=world.mint.id("F"),
        name=name,
        title=name,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=len(content),
        owner=who,
        created=world.mint.seconds(),
        content=content,
        completed=True,
        access="check_file_info" if hidden else "visible",
    )
    world.files[file.id] = file
    return file


def _may_write(house: House, who: str, channel: Channel) -> None:
    house.acting(who)
    if who not in channel.members:
        raise CannotDo(f"{who} is not in {channel.name or channel.id}")
    if channel.is_archived:
        raise CannotDo(f"{channel.name} is archived")
    apps = [app for app in house.world.apps.values() if app.bot_user in channel.members]
    if channel.kind == "im" and any(app.manifest.messages_read_only for app in apps):
        raise CannotDo("sending messages to this app has been turned off")
