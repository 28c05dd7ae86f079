"""`views.*`: modals and home tabs."""

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.slack.api.method import Call, Family
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state import modals
from bridge.simulators.slack.state.records import View
from bridge.simulators.slack.state.shapes import view_json

family = Family()


@family.method("views.open", tier=4, writes=True)
def open_view(call: Call) -> JsonObject:
    content = _content(call)
    user = call.tickets.exchange(call.app, call.args.text("trigger_id"))
    return _shown(call, modals.open_modal(call.world, call.app, user, content))


@family.method("views.push", tier=4, writes=True)
def push(call: Call) -> JsonObject:
    content = _content(call)
    user = call.tickets.exchange(call.app, call.args.text("trigger_id"))
    return _shown(call, modals.push_modal(call.world, call.app, user, content))


@family.method("views.update", tier=4, writes=True)
def update(call: Call) -> JsonObject:
    args = call.args
    view = modals.find_modal(call.world, call.app, args.text("view_id"), args.text("external_id"))
    changed = modals.update_modal(call.world, view, _content(call), args.text("hash"))
    return _shown(call, changed)


@family.method("views.publish", tier=4, writes=True)
def publish(call: Call) -> JsonObject:
    user = call.world.user(call.args.need("user_id"))
    content, known = _content(call), call.args.text("hash")
    return _shown(call, modals.publish_home(call.world, call.app, user.id, content, known))


def _content(call: Call) -> JsonObject:
    content = call.args.object("view", "invalid_arguments")
    if not content:
        raise SlackRefused("invalid_arguments")
    return content


def _shown(call: Call, view: View) -> JsonObject:
    return {"view": view_json(call.world, view)}
