"""Lines, files, emoji and threads of people."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.house import CannotDo, House
from bridge.simulators.discord.state import posting, threads
from bridge.simulators.discord.state.mentions import Allowed
from bridge.simulators.discord.state.posting import Draft
from bridge.simulators.discord.state.records import (
    FORUM,
    PUBLIC_THREAD,
    Attachment,
    Channel,
    Message,
)
from bridge.simulators.discord.state.world import World

_NAMED = re.compile(r"(?<![\w<])@([\w.-]+)")


def typed(world: World, channel: Channel, line: str) -> str:
    """The line as it is sent: `@ana` and `@Support` become mentions where they are known."""

    def one(found: re.Match[str]) -> str:
        for user_id in world.members.get(channel.guild_id or "", {}):
            if world.users[user_id].name == found[1]:
                return f"<@{user_id}>"
        for role in world.roles_of(channel.guild_id or ""):
            if role.name == found[1] and role.id != role.guild_id:
                return f"<@&{role.id}>"
        return found[0]

    return _NAMED.sub(one, line)


def check(world: World, who: str, channel: Channel, rights: int) -> None:
    """Raises `CannotDo` where the screen shows nothing or the button is grey."""
    has = world.rights(who, channel)
    if not has & bits.VIEW:
        raise CannotDo(f"#{channel.name} is not there for {world.users[who].name}")
    if has & rights != rights:
        raise CannotDo(f"{world.users[who].name} may not do that in #{channel.name}")


def writable(world: World, who: str, channel: Channel) -> Channel:
    """The channel, awake, where somebody may write. Raises `CannotDo`."""
    if channel.type == FORUM:
        raise CannotDo("a forum has only posts")
    check(world, who, channel, bits.SEND_IN_THREADS if channel.is_thread else bits.SEND)
    if not channel.is_thread:
        return channel
    try:
        return threads.check_speaking(world, channel, who)
    except DiscordRefused as e:
        raise CannotDo(e.message) from e


async def say(
    house: House,
    who: str,
    channel: Channel,
    line: str,
    *,
    reply_to: Message | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Message:
    """A line with files, as an answer to another if wanted."""
    world = house.begin()
    channel = writable(world, who, channel)
    reference: JsonObject | None = None
    if reply_to is not None:
        reference = {
            "channel_id": channel.id,
            "message_id": reply_to.id,
            "guild_id": channel.guild_id,
        }
    draft = Draft(
        content=typed(world, channel, line),
        reference=reference,
        attachments=_files(world, files or {}),
        allowed=Allowed(),
        nonce=world.mint.snowflake(),
    )
    if draft.is_empty or len(draft.content) > 4_000:
        raise CannotDo("nothing to send, or too much")
    message = posting.post(world, channel, who, draft)
    names: list[Json] = [one.filename for one in message.attachments]
    await house.done("says", who, channel=channel.id, id=message.id, text=line, files=names)
    return message


def pick(house: House, name: str, content: bytes) -> str:
    """Choose a file for a form; gives the id under which it has been taken up."""
    (file,) = _files(house.world, {name: content})
    house.world.files[file.id] = file
    return file.id


def _files(world: World, files: Mapping[str, bytes]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            id=world.mint.snowflake(),
            filename=name,
            content=content,
            content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        )
        for name, content in files.items()
    )


async def change(house: House, who: str, message: Message, line: str) -> Message:
    """One's own line, otherwise."""
    world = house.begin()
    channel = world.channel(message.channel_id)
    if message.author_id != who:
        raise CannotDo("somebody else wrote that")
    if channel.thread is not None and channel.thread.archived:
        raise CannotDo("the thread is archived")
    changed = replace(message, content=typed(world, channel, line))
    changed = posting.remention(world, changed, Allowed())
    changed = posting.change(world, message, changed)
    await house.done("edits", who, channel=channel.id, id=message.id, text=line)
    return changed


async def delete(house: House, who: str, message: Message) -> None:
    """One's own line, or anybody's for who keeps order."""
    world = house.begin()
    channel = world.channel(message.channel_id)
    if message.author_id != who:
        check(world, who, channel, bits.MANAGE_MESSAGES)
    posting.delete(world, message)
    await house.done("deletes", who, channel=channel.id, id=message.id)


async def react(house: House, who: str, message: Message, emoji: str, *, away: bool) -> Message:
    """An emoji under a message, put there or taken away."""
    world = house.begin()
    channel = world.channel(message.channel_id)
    check(world, who, channel, bits.ADD_REACTIONS)
    if channel.thread is not None and channel.thread.archived:
        raise CannotDo("the thread is archived")
    act = posting.unreact if away else posting.react
    message = act(world, message, who, emoji)
    verb = "unreacts" if away else "reacts"
    await house.done(verb, who, channel=channel.id, id=message.id, emoji=emoji)
    return message


async def open_thread(
    house: House, who: str, parent: Channel, name: str, line: str, tags: Sequence[str]
) -> Channel:
    """A thread or a post of a forum, with its first line."""
    world = house.begin()
    check(world, who, parent, bits.SEND if parent.type == FORUM else bits.CREATE_PUBLIC_THREADS)
    known = {one.name: one.id for one in parent.tags}
    thread = threads.open_thread(
        world,
        parent,
        who,
        name,
        kind=PUBLIC_THREAD,
        applied_tags=tuple(known[one] for one in tags),
    )
    starter = thread.id if parent.type == FORUM else None
    draft = Draft(content=typed(world, thread, line))
    posting.post(world, thread, who, draft, message_id=starter)
    await house.done("opens_thread", who, channel=parent.id, id=thread.id, name=name)
    return world.channel(thread.id)


async def keep_thread(
    house: House, who: str, thread: Channel, *, archived: bool | None, locked: bool | None
) -> Channel:
    """Put a thread away or take it out, lock it or not."""
    world = house.begin()
    state = thread.own_thread
    check(world, who, thread, 0)
    if locked is not None or state.owner_id != who:
        check(world, who, thread, bits.MANAGE_THREADS)
    if archived is False:
        thread = threads.wake(world, thread)
        state = thread.own_thread
    if locked is not None:
        thread = threads.changed(world, replace(thread, thread=replace(state, locked=locked)))
    if archived:
        thread = threads.archive(world, thread)
    await house.done("keeps_thread", who, channel=thread.id, archived=archived, locked=locked)
    return thread
