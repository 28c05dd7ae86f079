"""`users.*`: who somebody is."""

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.api.paging import page
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.records import User
from bridge.simulators.slack.state.shapes import user_json

family = Family()


@family.method("users.info", scopes=("users:read",), tier=4)
def info(call: Call) -> JsonObject:
    user = call.world.user(call.args.need("user"))
    return {"user": _shown(call, user)}


@family.method("users.list", scopes=("users:read",), tier=2)
def list_all(call: Call) -> JsonObject:
    shown, more = page(list(call.world.users.values()), call.args, default=1_000, most=1_000)
    answer: JsonObject = {"members": [_shown(call, one) for one in shown]}
    return answer | {"cache_ts": call.world.mint.seconds()} | more


@family.method("users.lookupByEmail", scopes=("users:read.email",))
def lookup_by_email(call: Call) -> JsonObject:
    wanted = call.args.need("email").lower()
    for user in call.world.users.values():
        if (user.email or "").lower() == wanted and not user.deleted and not user.is_bot:
            return {"user": _shown(call, user)}
    raise SlackRefused("users_not_found")


def _shown(call: Call, user: User) -> JsonObject:
    email = "users:read.email" in call.app.scopes
    return user_json(user, email=email, locale=call.args.flag("include_locale"))
