"""Which app hears of what: subscriptions, scopes and membership together."""

from bridge.simulators.common.changes import Happening
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.state.records import Channel
from bridge.simulators.slack.state.world import World

_PLURAL = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_OF_THE_APP = frozenset({"app_uninstalled", "tokens_revoked", "app_home_opened"})
_OF_MEMBERS = frozenset(
    {
        "message", "app_mention", "reaction_added", "reaction_removed", "file_shared",
        "member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared",
    }
)  # fmt: skip


def hears(world: World, app: App, happening: Happening) -> bool:
    """Whether Slack tells this app of it."""
    if happening.event is None or happening.only_app not in (None, app.id):
        return False
    if app.access != "granted" and happening.kind not in _OF_THE_APP:
        return False
    channel = world.channels.get(happening.channel or "")
    if _subscription(happening.kind, channel) not in app.manifest.events:
        return False
    scope = _scope(happening.kind, channel)
    if scope is not None and scope not in app.scopes:
        return False
    needs_member = happening.kind in _OF_MEMBERS or (channel and channel.kind != "public")
    is_left = happening.kind in ("channel_left", "group_left")
    return is_left or not (needs_member and channel and app.bot_user not in channel.members)


def _subscription(kind: str, channel: Channel | None) -> str:
    if kind == "message" and channel is not None:
        return f"message.{_PLURAL[channel.kind]}"
    return kind


def _scope(kind: str, channel: Channel | None) -> str | None:
    family = _PLURAL[channel.kind] if channel else "channels"
    if kind == "message":
        return f"{family}:history"
    if kind in ("reaction_added", "reaction_removed"):
        return "reactions:read"
    if kind in ("user_change", "team_join"):
        return "users:read"
    if kind in _OF_THE_APP:
        return None
    return {"app_mention": "app_mentions:read", "file_shared": "files:read"}.get(
        kind, f"{family}:read"
    )


def envelope(world: World, app: App, happening: Happening) -> JsonObject:
    """The event in what Slack wraps around it."""
    event = dict(happening.event or {})
    return {
        "token": app.verification_token,
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": world.mint.id("Ev"),
        "event_time": world.mint.seconds(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team.id,
                "user_id": app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        **happening.extra,
    }
