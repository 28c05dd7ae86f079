"""Messages: posting, changing, taking away, and emoji under them."""

from dataclasses import dataclass, field, replace

from bridge.simulators.common.wire import Json, JsonObject, obj
from bridge.simulators.discord.state import message_shapes, shapes, threads
from bridge.simulators.discord.state.mentions import Allowed, Mentioned, mentioned
from bridge.simulators.discord.state.records import (
    DEFAULT,
    PINNED,
    REPLY,
    Attachment,
    Channel,
    Message,
    Reaction,
)
from bridge.simulators.discord.state.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message before it is posted."""

    content: str = ""
    type: int = DEFAULT
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    allowed: Allowed = field(default_factory=Allowed)
    nonce: str | int | None = None
    flags: int = 0
    reference: JsonObject | None = None
    webhook_id: str | None = None
    webhook_name: str | None = None
    webhook_avatar: str | None = None
    app_id: str | None = None
    interaction: JsonObject | None = None
    only_for: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see in it."""
        return not (self.content or self.embeds or self.attachments or self.components)


def post(
    world: World, channel: Channel, author_id: str, draft: Draft, *, message_id: str | None = None
) -> Message:
    """Put a message into a channel, which must be open."""
    replied = _replied_to(world, channel, draft)
    who = mentioned(
        world,
        channel,
        author_id,
        draft.content,
        draft.allowed,
        replied_to=replied,
        is_trusted=draft.webhook_name is not None,
    )
    message = _made(world, channel, author_id, draft, who, message_id)
    for file in draft.attachments:
        world.files[file.id] = file
    world.put_message(message)
    if message.only_for is not None:
        return message
    _note_in_channel(world, channel, message)
    tell(world, "MESSAGE_CREATE", message)
    if channel.is_thread:
        _bring_in(world, channel.id, (author_id, *sorted(message.pings)))
    return message


def _made(
    world: World,
    channel: Channel,
    author_id: str,
    draft: Draft,
    who: Mentioned,
    message_id: str | None,
) -> Message:
    return Message(
        id=message_id or world.mint.snowflake(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author_id=author_id,
        created_at=world.now(),
        content=draft.content,
        type=REPLY if draft.reference and draft.type == DEFAULT else draft.type,
        embeds=draft.embeds,
        components=draft.components,
        attachments=draft.attachments,
        mentions=who.users,
        mention_roles=who.roles,
        mention_everyone=who.everyone,
        pings=who.pings if draft.only_for is None else frozenset(),
        nonce=draft.nonce,
        flags=draft.flags,
        reference=draft.reference,
        webhook_id=draft.webhook_id,
        webhook_name=draft.webhook_name,
        webhook_avatar=draft.webhook_avatar,
        app_id=draft.app_id,
        interaction=draft.interaction,
        only_for=draft.only_for,
    )


def _replied_to(world: World, channel: Channel, draft: Draft) -> str | None:
    if draft.reference is None:
        return None
    there = world.messages.get(channel.id, {}).get(str(obj(draft.reference).get("message_id")))
    return there.author_id if there is not None and there.webhook_id is None else None


def _note_in_channel(world: World, channel: Channel, message: Message) -> None:
    current = replace(world.channel(channel.id), last_message_id=message.id)
    if current.thread is not None:
        starter = message.id == channel.id
        count = current.thread.message_count + (0 if starter else 1)
        state = replace(current.thread, active_at=world.now(), message_count=count)
        current = replace(current, thread=state)
    world.put_channel(current)


def _bring_in(world: World, thread_id: str, people: tuple[str, ...]) -> None:
    """Who writes in a thread is in it, and so is who is pinged there."""
    for user_id in people:
        thread = world.channel(thread_id)
        if user_id in world.members.get(thread.guild_id or "", {}):
            threads.join(world, thread, user_id)


def tell(world: World, event: str, message: Message) -> None:
    """Tell that a message came or changed."""
    data = message_shapes.message(world, message, event=True)
    if event != "MESSAGE_CREATE":
        data.pop("nonce", None)
    world.tell(event, data, guild=message.guild_id, channel=message.channel_id)


def change(
    world: World, message: Message, changes: Message, *, is_edit: bool = True, silent: bool = False
) -> Message:
    """Keep a message as it is now. An edit of the text changes the mentions, but pings nobody."""
    now = replace(changes, edited_at=world.now()) if is_edit else changes
    world.put_message(now)
    for file in now.attachments:
        world.files[file.id] = file
    if message.only_for is None and not silent:
        tell(world, "MESSAGE_UPDATE", now)
    return now


def remention(world: World, message: Message, allowed: Allowed) -> Message:
    """The mentions of a text after an edit."""
    channel = world.channel(message.channel_id)
    who = mentioned(world, channel, message.author_id, message.content, allowed)
    return replace(
        message,
        mentions=who.users,
        mention_roles=who.roles,
        mention_everyone=who.everyone,
    )


def delete(world: World, message: Message) -> None:
    """Take a message away."""
    for file in message.attachments:
        world.files.pop(file.id, None)
    if message.only_for is not None:
        world.whispers.pop(message.id, None)
        world.screen_changed(message.only_for)
        return
    world.messages[message.channel_id].pop(message.id, None)
    data: JsonObject = {"id": message.id, "channel_id": message.channel_id}
    if message.guild_id is not None:
        data["guild_id"] = message.guild_id
    world.tell("MESSAGE_DELETE", data, guild=message.guild_id, channel=message.channel_id)


def react(world: World, message: Message, user_id: str, emoji: str) -> Message:
    """Put an emoji under a message; nothing happens if it is there."""
    old = {one.emoji: one.users for one in message.reactions}
    if user_id in old.get(emoji, ()):
        return message
    new = {**old, emoji: (*old.get(emoji, ()), user_id)}
    return _reacted(world, message, new, "MESSAGE_REACTION_ADD", user_id, emoji)


def unreact(world: World, message: Message, user_id: str, emoji: str) -> Message:
    """Take an emoji away; nothing happens if it is not there."""
    old = {one.emoji: one.users for one in message.reactions}
    if user_id not in old.get(emoji, ()):
        return message
    new = {**old, emoji: tuple(one for one in old[emoji] if one != user_id)}
    return _reacted(world, message, new, "MESSAGE_REACTION_REMOVE", user_id, emoji)


def _reacted(
    world: World,
    message: Message,
    new: dict[str, tuple[str, ...]],
    event: str,
    user_id: str,
    emoji: str,
) -> Message:
    kept = tuple(Reaction(emoji=one, users=users) for one, users in new.items() if users)
    message = world.put_message(replace(message, reactions=kept))
    data: JsonObject = {
        "user_id": user_id,
        "channel_id": message.channel_id,
        "message_id": message.id,
        "emoji": message_shapes.emoji(emoji),
        "type": 0,
        "burst": False,
    }
    if message.guild_id is not None:
        data["guild_id"] = message.guild_id
        member = world.members.get(message.guild_id, {}).get(user_id)
        if member is not None and event == "MESSAGE_REACTION_ADD":
            data["member"] = shapes.member(world, member)
            data["message_author_id"] = message.author_id
    world.tell(event, data, guild=message.guild_id, channel=message.channel_id)
    return message


def notice(
    world: World, channel: Channel, author_id: str, kind: int, content: str = "", **more: Json
) -> Message:
    """One of Discord's own lines: renamed, pinned, somebody added."""
    reference: JsonObject | None = dict(obj(more.get("reference"))) or None
    draft = Draft(content=content, type=kind, reference=reference)
    message = post(world, world.channel(channel.id), author_id, draft)
    whom = more.get("whom")
    if isinstance(whom, str):
        message = world.put_message(replace(message, mentions=(whom,)))
    return message


def pin(world: World, message: Message, user_id: str) -> None:
    """Pin a message, with Discord's own line about it."""
    change(world, message, replace(message, pinned=True), is_edit=False)
    reference: JsonObject = {"channel_id": message.channel_id, "message_id": message.id}
    place = world.channel(message.channel_id)
    notice(world, place, user_id, PINNED, reference=reference)
