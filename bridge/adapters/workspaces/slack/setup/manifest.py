"""The app manifest: what an app of ours asks of Slack and declares to people; pure.

It asks for nothing that the code does not use: every method that is called and every event that is
handled stands here with its scopes, and a test compares both with the code.
https://docs.slack.dev/reference/app-manifest and the pages of each method, read November 2026.
"""

from collections.abc import Mapping, Sequence

from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.setup.slash_names import slash_name
from bridge.locales import say
from bridge.ports.commands import CommandSpec
from bridge.ports.connecting import AppWish

NAME = "Deskbridge"
_COLOUR = "#0e7a6b"

_HISTORY = ("channels:history", "groups:history", "im:history")
_READ = ("channels:read", "groups:read")

METHODS: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": (),  # the app-level token's own scope, connections:write
    "auth.test": (),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write", "chat:write.customize"),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.list": _READ,
    "conversations.open": ("im:write",),
    "conversations.replies": _HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
"""Every method that is called, with the scopes that it needs."""

EVENTS: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": _READ,
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": _READ,
    "member_left_channel": _READ,
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Every event that is handled, with the scopes that it needs; a message by where it stands."""

OPTIONAL = frozenset({"users:read.email"})
"""An admin may refuse it: then nobody is linked by his e-mail."""

MESSAGE_SHORTCUTS = (
    "menu",
    "take",
    "transfer",
    "priority",
    "ticket",
    "template",
    "return-to-bot",
    "note",
    "events",
)
SHORTCUT = "conversation_"
"""A message shortcut's callback id begins so; its command follows."""
PRESENCE = "availability"
"""The global shortcut."""


def manifest(commands: Sequence[CommandSpec], wish: AppWish) -> Json:
    """The manifest, as Slack's own schema has it."""
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": say(wish.language, "slack.manifest.description"),
            "background_color": _COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [*_message_shortcuts(wish.language), _presence(wish.language)],
            "slash_commands": [_command(spec, wish) for spec in commands],
        },
        "oauth_config": {
            "scopes": {"bot": sorted(scopes()), "bot_optional": sorted(OPTIONAL)},
        },
        "settings": _settings(wish.url),
    }


def scopes() -> frozenset[str]:
    """What the bot token must be allowed."""
    needed = {"commands"}
    for each in (*METHODS.values(), *EVENTS.values()):
        needed.update(each)
    return frozenset(needed)


def _message_shortcuts(language: str) -> list[Json]:
    return [
        {
            "name": say(language, f"slack.shortcut.{name}"),
            "type": "message",
            "callback_id": f"{SHORTCUT}{name}",
            "description": say(language, f"slack.shortcut.{name}_help"),
        }
        for name in MESSAGE_SHORTCUTS
    ]


def _presence(language: str) -> Json:
    return {
        "name": say(language, "slack.shortcut.available"),
        "type": "global",
        "callback_id": PRESENCE,
        "description": say(language, "slack.shortcut.available_help"),
    }


def _command(spec: CommandSpec, wish: AppWish) -> Json:
    """People and rooms in its text come as ids: a name may be anybody's."""
    usage = say(wish.language, f"command.{spec.name}.usage").partition(" ")[2]
    help_ = say(wish.language, f"command.{spec.name}.help")
    declared: Json = {"command": f"/{slash_name(spec.name, wish.prefix)}"}
    if wish.url:
        declared["url"] = wish.url
    declared["description"] = help_[:1].upper() + help_[1:]
    if usage:
        declared["usage_hint"] = usage
    return declared | {"should_escape": True}


def _settings(url: str) -> Json:
    events: Json = {"bot_events": sorted(EVENTS)}
    interactivity: Json = {"is_enabled": True}
    if url:
        events = {"request_url": url} | events
        interactivity |= {"request_url": url, "message_menu_options_url": url}
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": False,
    }
