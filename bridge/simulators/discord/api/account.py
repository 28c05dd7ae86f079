"""The bot itself: its user, its application, its way to the gateway."""

from collections.abc import Mapping
from dataclasses import replace

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.discord.api.method import Call, Operation, Reply
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import MESSAGE_CONTENT_FLAGS

LIMITED_CONTENT = 1 << 19
"""The one intent flag of a small app that the API can switch; the full one is Discord's."""


def _me(call: Call) -> Reply:
    user = call.world.users[call.app.bot_id]
    return Reply(body={**shapes.user(user), "mfa_enabled": False, "verified": True})


def _user(call: Call) -> Reply:
    return Reply(body=shapes.user(call.world.user(call.path["user_id"])))


def _application(call: Call) -> Reply:
    count = sum(1 for one in call.world.members.values() if call.app.bot_id in one)
    return Reply(body={**shapes.application(call.app), "approximate_guild_count": count})


def _change_application(call: Call) -> Reply:
    flags = call.fields.get("flags")
    app = call.app
    if isinstance(flags, int):
        kept = app.flags & ~LIMITED_CONTENT
        app = replace(app, flags=kept | flags & LIMITED_CONTENT & MESSAGE_CONTENT_FLAGS)
        call.world.apps[app.id] = app
    return Reply(body=shapes.application(app))


def _gateway(call: Call) -> Reply:
    return Reply(body={"url": _url(call)})


def _url(call: Call) -> str:
    return f"{call.world.address.replace('http', 'ws', 1)}/gateway"


def gateway_bot(call: Call, left: int) -> Reply:
    """The way to the gateway, with what is `left` of today's IDENTIFYs."""
    limit: JsonObject = {
        "total": call.world.quirks.identifies_per_day,
        "remaining": max(0, left),
        "reset_after": 86_400_000,
        "max_concurrency": 1,
    }
    return Reply(body={"url": _url(call), "shards": 1, "session_start_limit": limit})


ROUTES: Mapping[str, Operation] = {
    "GET /users/@me": _me,
    "GET /applications/@me": _application,
    "GET /oauth2/applications/@me": _application,
    "PATCH /applications/@me": _change_application,
    "GET /users/{user_id}": _user,
}
OPEN_ROUTES: Mapping[str, Operation] = {"GET /gateway": _gateway}
