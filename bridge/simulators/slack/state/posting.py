"""Writing, changing and deleting messages, and what the workspace hears of it."""

import uuid
from dataclasses import dataclass, replace

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.entities import processed
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import (
    Channel,
    Edited,
    Entity,
    Ephemeral,
    Message,
    Reaction,
)
from bridge.simulators.slack.state.shapes import channel_type, message_json
from bridge.simulators.slack.state.world import SLACKBOT, World

MAX_TEXT = 40_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message as somebody hands it in."""

    channel: str
    text: str = ""
    user: str | None = None
    app: App | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    """A reply that is also sent to the channel."""
    subtype: str | None = None
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    files: tuple[str, ...] = ()
    metadata: JsonObject | None = None
    username: str | None = None
    icons: JsonObject | None = None
    parse: str = "none"
    """`none`, `client` or `full`; see `pings`."""
    links: bool = True
    """Whether bare addresses become links."""
    link_names: bool = False
    unfurl_links: bool = True
    unfurl_media: bool = True
    client_msg_id: str | None = None
    extra: JsonObject | None = None

    @property
    def finds_names(self) -> bool:
        """Whether bare names become mentions."""
        return self.link_names or self.parse in ("full", "client")


def post(world: World, draft: Draft) -> Message:
    """Write a message and tell everybody. The channel must be there; the root may be refused."""
    draft = _under_root(world, draft)
    message = world.put_message(_made(world, draft))
    root = world.messages[message.channel].get(message.root_ts)
    tell(world, message)
    _tell_mentioned(world, message)
    if message.is_reply and root is not None and world.quirks.thread_counts:
        tell_changed(world, root, root)
    _unfurl(world, message)
    return message


def _under_root(world: World, draft: Draft) -> Draft:
    """A reply to a reply goes to its root; a reply to nothing goes as the quirk says."""
    if draft.thread_ts is None:
        return draft
    parent = world.messages[draft.channel].get(draft.thread_ts)
    if parent is not None:
        return replace(draft, thread_ts=parent.root_ts)
    match world.quirks.deleted_root:
        case "refuse":
            raise SlackRefused("thread_not_found")
        case "in_channel":
            return replace(draft, thread_ts=None)
        case "accept":
            return draft


def _made(world: World, draft: Draft) -> Message:
    text = processed(draft.text[:MAX_TEXT], link=draft.links)
    reader = world.reader(finds_names=draft.finds_names, cause="post")
    customised = draft.username is not None or draft.icons is not None
    subtype = "bot_message" if customised else draft.subtype
    if draft.broadcast and draft.thread_ts is not None:
        subtype = "thread_broadcast"
    return Message(
        channel=draft.channel,
        ts=world.mint.ts(draft.channel),
        text=text,
        thread_ts=draft.thread_ts,
        subtype=subtype or ("file_share" if draft.files else None),
        user=None if customised else draft.user,
        bot_id=draft.app.bot_id if draft.app else None,
        app_id=draft.app.id if draft.app else None,
        username=draft.username or (draft.app.manifest.name if customised and draft.app else None),
        icons=draft.icons,
        blocks=draft.blocks,
        attachments=draft.attachments,
        files=draft.files,
        metadata=draft.metadata,
        client_msg_id=draft.client_msg_id or (None if draft.app else str(uuid.uuid4())),
        entities=reader.read(text, draft.blocks, draft.attachments),
        unfurl_links=draft.unfurl_links,
        unfurl_media=draft.unfurl_media,
        visible_at=world.now() + world.quirks.history_lag,
        extra=draft.extra or {},
    )


def edit(world: World, message: Message, draft: Draft) -> Message:
    """Change a message. `draft` holds everything that the message has from now on."""
    text = processed(draft.text, link=draft.links)
    reader = world.reader(finds_names=draft.finds_names, cause="edit")
    before = {(one.kind, one.target, one.where) for one in message.entities}
    found = reader.read(text, draft.blocks, draft.attachments)
    fresh = tuple(one for one in found if (one.kind, one.target, one.where) not in before)
    changed = replace(
        message,
        text=text,
        blocks=draft.blocks,
        attachments=draft.attachments,
        metadata=draft.metadata,
        username=draft.username or _own_name(message, draft),
        icons=draft.icons,
        entities=message.entities + fresh,
        edited=Edited(user=draft.user or SLACKBOT, ts=world.mint.ts(f"edits {message.channel}")),
    )
    world.put_message(changed)
    tell_changed(world, changed, message)
    return changed


def _own_name(message: Message, draft: Draft) -> str | None:
    """A customised name is lost in an edit that does not give it again."""
    return draft.app.manifest.name if message.user is None and draft.app else None


def delete(world: World, message: Message) -> None:
    """Take a message away. A root with replies leaves a tombstone in its place."""
    world.deleted.append(message)
    if not message.is_reply and world.replies(message):
        stone = Message(
            channel=message.channel,
            ts=message.ts,
            text="This message was deleted.",
            subtype="tombstone",
            user=SLACKBOT,
            visible_at=message.visible_at,
            extra={"hidden": True},
        )
        tell_changed(world, world.put_message(stone), message)
        return
    root = world.messages[message.channel].get(message.root_ts)
    previous = message_json(world, message)
    world.drop_message(message)
    event: JsonObject = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message.ts,
        "previous_message": previous,
        "ts": world.mint.ts(f"events {message.channel}"),
    }
    _announce(world, world.channels[message.channel], event, message.ts)
    if message.is_reply and root is not None and world.quirks.thread_counts:
        tell_changed(world, root, root)


def react(world: World, message: Message, name: str, user: str) -> None:
    """Put an emoji on a message. Raises `already_reacted`."""
    reactions = {one.name: one for one in message.reactions}
    one = reactions.get(name, Reaction(name=name, users=()))
    if user in one.users:
        raise SlackRefused("already_reacted")
    reactions[name] = replace(one, users=(*one.users, user))
    world.put_message(replace(message, reactions=tuple(reactions.values())))
    _tell_reaction(world, message, name, user, "reaction_added")


def unreact(world: World, message: Message, name: str, user: str) -> None:
    """Take an emoji away. Raises `no_reaction`."""
    reactions = {one.name: one for one in message.reactions}
    one = reactions.get(name)
    if one is None or user not in one.users:
        raise SlackRefused("no_reaction")
    reactions[name] = replace(one, users=tuple(each for each in one.users if each != user))
    left = tuple(each for each in reactions.values() if each.users)
    world.put_message(replace(message, reactions=left))
    _tell_reaction(world, message, name, user, "reaction_removed")


def whisper(world: World, ephemeral: Ephemeral) -> Ephemeral:
    """Show something to one person only, as long as the page lives."""
    world.ephemerals.append(ephemeral)
    world.changes.add(
        Happening(kind="ephemeral", channel=ephemeral.channel, user=ephemeral.user, ts=ephemeral.ts)
    )
    return ephemeral


# ---------------------------------------------------------------- what apps hear


def tell(world: World, message: Message) -> None:
    """Tell of a new message."""
    event = message_json(world, message)
    for unsent in ("reply_count", "bot_profile" if message.user is None else ""):
        event.pop(unsent, None)
    _announce(world, world.channels[message.channel], event, message.ts)


def tell_changed(world: World, message: Message, previous: Message) -> None:
    """Tell that a message is not what it was, or that Slack thinks so."""
    event: JsonObject = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message_json(world, message),
        "previous_message": message_json(world, previous),
        "ts": world.mint.ts(f"events {message.channel}"),
    }
    _announce(world, world.channels[message.channel], event, message.ts)


def _announce(world: World, channel: Channel, event: JsonObject, ts: str) -> None:
    event |= {"channel": channel.id, "channel_type": channel_type(channel)}
    event["event_ts"] = event["ts"]
    extra: JsonObject = {"is_ext_shared_channel": channel.is_ext_shared}
    world.changes.add(
        Happening(kind="message", event=event, channel=channel.id, ts=ts, extra=extra)
    )


def _tell_mentioned(world: World, message: Message) -> None:
    """An app that is mentioned hears it a second time, as `app_mention`."""
    if message.app_id is not None:
        return
    mentioned = {one.target for one in message.entities if one.kind == "user"}
    for app in world.apps.values():
        if app.bot_user in mentioned and world.channels[message.channel].kind != "im":
            event = message_json(world, message)
            event |= {"type": "app_mention", "channel": message.channel, "event_ts": message.ts}
            event.pop("subtype", None)
            world.changes.add(
                Happening(
                    kind="app_mention",
                    event=event,
                    channel=message.channel,
                    ts=message.ts,
                    only_app=app.id,
                )
            )


def _tell_reaction(world: World, message: Message, name: str, user: str, kind: str) -> None:
    event: JsonObject = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": world.mint.ts(f"events {message.channel}"),
    }
    if message.user:
        event["item_user"] = message.user
    world.changes.add(
        Happening(kind=kind, event=event, channel=message.channel, user=user, ts=message.ts)
    )


def _unfurl(world: World, message: Message) -> None:
    """A preview of the first link comes a moment later, as a change that is no edit."""
    links = [one for one in message.entities if one.kind == "link" and _web(one)]
    if not links or not message.unfurl_links or not world.quirks.unfurls:
        return
    address = links[0].target

    def preview() -> None:
        current = world.messages[message.channel].get(message.ts)
        if current is None:
            return
        card: JsonObject = {"from_url": address, "original_url": address, "id": 1, "title": address}
        shown = replace(current, attachments=(*current.attachments, card))
        tell_changed(world, world.put_message(shown), current)

    world.later(world.timing.unfurl_after, preview)


def _web(entity: Entity) -> bool:
    return entity.target.startswith(("http://", "https://"))
