"""An app as it is installed: its tokens, scopes, events and what it declares to people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.simulators.common.wire import Json, arr, obj, txt

ALL_SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:join", "channels:manage",
        "channels:read", "chat:write", "chat:write.customize", "chat:write.public", "commands",
        "files:read", "files:write", "groups:history", "groups:read", "groups:write",
        "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "reactions:read",
        "reactions:write", "team:read", "usergroups:read", "users:read", "users:read.email",
    }
)  # fmt: skip
ALL_EVENTS = frozenset(
    {
        "app_home_opened", "app_mention", "app_uninstalled", "channel_archive",
        "channel_deleted", "channel_id_changed", "channel_left", "channel_rename", "channel_shared",
        "channel_unarchive", "channel_unshared", "file_shared", "group_archive", "group_deleted",
        "group_left",
        "group_rename", "group_unarchive", "member_joined_channel", "member_left_channel",
        "message.channels", "message.groups", "message.im", "message.mpim", "reaction_added",
        "reaction_removed", "team_join", "tokens_revoked", "user_change",
    }
)  # fmt: skip

Access = Literal["granted", "revoked", "uninstalled"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortcut:
    """One entry of the lightning menu or of a message's menu."""

    callback_id: str
    kind: Literal["global", "message"]
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What an app asks for when it is created."""

    name: str
    scopes: frozenset[str] = ALL_SCOPES
    events: frozenset[str] = ALL_EVENTS
    commands: Mapping[str, bool] = field(default_factory=dict)
    """Slash commands with their slash, and whether Slack turns @names into ids in their text."""
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    messages_read_only: bool = False
    """People cannot write to the app."""
    interactivity: bool = True
    socket_mode: bool = True
    request_url: str = ""
    """Where events go over HTTP."""
    interactivity_url: str = ""
    command_url: str = ""


def read_manifest(source: Mapping[str, Json]) -> Manifest:
    """An app manifest as Slack takes it (`app_manifest.yml`, parsed). Scopes are all granted.

    Raises `ValueError` for scopes and events that are not simulated, or misspelt.
    """
    features, config = obj(source.get("features")), obj(source.get("settings"))
    home, interactivity = obj(features.get("app_home")), obj(config.get("interactivity"))
    subscriptions = obj(config.get("event_subscriptions"))
    scopes = obj(obj(source.get("oauth_config")).get("scopes"))
    wanted = _names(scopes.get("bot")) | _names(scopes.get("bot_optional"))
    events = _names(subscriptions.get("bot_events"))
    if unknown := (wanted - ALL_SCOPES) | (events - ALL_EVENTS):
        raise ValueError(f"not simulated: {sorted(unknown)}")
    commands = [obj(one) for one in arr(features.get("slash_commands"))]
    return Manifest(
        name=txt(obj(source.get("display_information")).get("name")),
        scopes=wanted,
        events=events,
        commands={txt(one.get("command")): bool(one.get("should_escape")) for one in commands},
        shortcuts=tuple(_shortcut(obj(one)) for one in arr(features.get("shortcuts"))),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled")),
        interactivity=bool(interactivity.get("is_enabled")),
        socket_mode=bool(config.get("socket_mode_enabled")),
        request_url=txt(subscriptions.get("request_url")),
        interactivity_url=txt(interactivity.get("request_url")),
        command_url=next((txt(one.get("url")) for one in commands if one.get("url")), ""),
    )


def _names(value: Json) -> frozenset[str]:
    return frozenset(txt(one) for one in arr(value))


def _shortcut(source: Mapping[str, Json]) -> Shortcut:
    return Shortcut(
        callback_id=txt(source.get("callback_id")),
        kind="message" if source.get("type") == "message" else "global",
        name=txt(source.get("name")),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """One installed app. Its tokens stay the same whatever happens to its access."""

    id: str
    manifest: Manifest
    bot_user: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    scopes: frozenset[str]
    """What is granted now; a scope may be taken away."""
    access: Access = "granted"
    app_token_revoked: bool = False
    url_disabled: bool = False
    """Too few HTTP deliveries came through."""

    @property
    def url(self) -> str:
        """Where its events go over HTTP."""
        return self.manifest.request_url
