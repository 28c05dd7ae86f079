"""The workspace as JSON for whoever looks at it from outside: tests, the demo, a page."""

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack.acts.house import Outcome
from bridge.simulators.slack.entities import as_read
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Channel, Entity, Ephemeral, Message, View
from bridge.simulators.slack.state.shapes import (
    channel_json,
    channel_type,
    message_json,
    user_json,
    view_json,
)
from bridge.simulators.slack.workspace import Workspace


def app_shown(slack: Workspace, app: App) -> JsonObject:
    """An app with its tokens: whoever starts the adapter needs them."""
    hub = slack.sockets(app)
    return {
        "id": app.id,
        "name": app.manifest.name,
        "bot_user": app.bot_user,
        "bot_id": app.bot_id,
        "bot_token": app.bot_token,
        "app_token": app.app_token,
        "signing_secret": app.signing_secret,
        "scopes": sorted(app.scopes),
        "commands": sorted(app.manifest.commands),
        "shortcuts": [
            {"callback_id": one.callback_id, "kind": one.kind, "name": one.name}
            for one in app.manifest.shortcuts
        ],
        "access": app.access,
        "socket_mode": app.manifest.socket_mode,
        "url": app.url,
        "url_disabled": app.url_disabled,
        "sockets": len(hub.live),
        "sockets_ever": hub.opened,
        "events_this_hour": slack.office.events_this_hour(app),
    }


def state_shown(slack: Workspace) -> JsonObject:
    """Who and what is there, without what was written."""
    world = slack.world
    return {
        "address": world.address,
        "api_url": slack.api_url,
        "team": {"id": world.team.id, "name": world.team.name, "domain": world.team.domain},
        "apps": [app_shown(slack, app) for app in world.apps.values()],
        "people": [user_json(user, locale=True) for user in world.users.values()],
        "channels": [channel_shown(slack, one) for one in world.channels.values()],
    }


def channel_shown(slack: Workspace, channel: Channel) -> JsonObject:
    """A channel with all its members."""
    shown = channel_json(slack.world, channel, channel.creator)
    return shown | {"kind": channel_type(channel), "members": list(channel.members)}


def message_shown(slack: Workspace, message: Message) -> JsonObject:
    """A message with everything that apps are not told: what is active in it and whom it woke."""
    world = slack.world
    return message_json(world, message) | {
        "channel": message.channel,
        "author": _author(slack, message),
        "read_as": as_read(message.text, world.names_by_id(), world.rooms_by_id()),
        "is_reply": message.is_reply,
        "entities": [entity_shown(one) for one in message.entities],
        "pings": [entity_shown(one) for one in message.pings],
        "notified": sorted(world.notified(message)),
        "unfurl_links": message.unfurl_links,
        "unfurl_media": message.unfurl_media,
    }


def _author(slack: Workspace, message: Message) -> str:
    user = slack.world.users.get(message.user or "")
    return user.real_name if user else message.username or ""


def entity_shown(entity: Entity) -> JsonObject:
    """One active part of a message."""
    return {
        "kind": entity.kind,
        "target": entity.target,
        "label": entity.label,
        "where": entity.where,
        "cause": entity.cause,
    }


def ephemeral_shown(slack: Workspace, one: Ephemeral) -> JsonObject:
    """What only one person was told."""
    world = slack.world
    return {
        "type": "message",
        "is_ephemeral": True,
        "channel": one.channel,
        "ts": one.ts,
        "thread_ts": one.thread_ts,
        "user": one.user,
        "app_id": one.app_id,
        "text": one.text,
        "read_as": as_read(one.text, world.names_by_id(), world.rooms_by_id()),
        "blocks": list(one.blocks),
        "attachments": list(one.attachments),
        "shown": one.shown,
    }


def view_shown(slack: Workspace, view: View) -> JsonObject:
    """A modal or a home tab with what is written under its fields."""
    return view_json(slack.world, view) | {"errors": view.errors, "user": view.user}


def outcome_shown(outcome: Outcome) -> JsonObject:
    """What an app made of it."""
    return {
        "answered": outcome.answered,
        "body": outcome.body,
        "errors": outcome.errors,
        "reason": outcome.reason,
    }


def messages_shown(slack: Workspace, messages: list[Message]) -> list[Json]:
    """Several messages."""
    return [message_shown(slack, one) for one in messages]
