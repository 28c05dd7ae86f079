"""Who am I, what is this workspace, and where to connect."""

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.errors import SlackRefused

family = Family()


@family.method("auth.test", tier=None)
def auth_test(call: Call) -> JsonObject:
    team, bot = call.world.team, call.world.user(call.app.bot_user)
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": bot.name,
        "team_id": team.id,
        "user_id": bot.id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


@family.method("team.info", scopes=("team:read",))
def team_info(call: Call) -> JsonObject:
    team = call.world.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "icon": {}}}


@family.method("bots.info", scopes=("users:read",))
def bots_info(call: Call) -> JsonObject:
    wanted = call.args.text("bot", call.app.bot_id)
    for app in call.world.apps.values():
        if app.bot_id == wanted:
            return {
                "bot": {
                    "id": app.bot_id,
                    "deleted": app.access == "uninstalled",
                    "name": app.manifest.name,
                    "app_id": app.id,
                    "user_id": app.bot_user,
                    "updated": 0,
                    "icons": {},
                }
            }
    raise SlackRefused("bot_not_found")


@family.method("apps.connections.open", tier=None, caller="app")
def connections_open(call: Call) -> JsonObject:
    if not call.app.manifest.socket_mode:
        raise SlackRefused("socket_mode_not_enabled")
    return {"url": call.connect(call.app)}
