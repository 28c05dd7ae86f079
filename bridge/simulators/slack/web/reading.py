"""What `/sim` shows: each address and the function that looks it up."""

from collections.abc import Callable, Mapping

from aiohttp import web

from bridge.simulators.common.wire import Json
from bridge.simulators.slack.web.shown import (
    ephemeral_shown,
    messages_shown,
    state_shown,
    view_shown,
)
from bridge.simulators.slack.workspace import Workspace

Look = Callable[[Workspace, web.Request], Json]


def _state(slack: Workspace, request: web.Request) -> Json:
    return state_shown(slack)


def _messages(slack: Workspace, request: web.Request) -> Json:
    channel, thread = slack.room(request.match_info["room"]), request.query.get("thread")
    found = slack.world.thread(channel.id, thread) if thread else slack.messages(channel)
    return {"messages": messages_shown(slack, found)}


def _whispers(slack: Workspace, request: web.Request) -> Json:
    person = slack.person(request.match_info["who"])
    found = person.whispers(request.query.get("channel"))
    return {"whispers": [ephemeral_shown(slack, one) for one in found]}


def _modals(slack: Workspace, request: web.Request) -> Json:
    person = slack.person(request.match_info["who"])
    return {"modals": [view_shown(slack, view) for view in person.modals]}


def _home(slack: Workspace, request: web.Request) -> Json:
    person, apps = slack.person(request.match_info["who"]), slack.world.apps
    app = apps[request.query["app"]] if "app" in request.query else next(iter(apps.values()))
    home = person.home(app)
    return {"home": view_shown(slack, home) if home else None}


def _pings(slack: Workspace, request: web.Request) -> Json:
    person = slack.person(request.match_info["who"])
    return {"messages": messages_shown(slack, person.pings(request.query.get("channel")))}


def _ledger(slack: Workspace, request: web.Request) -> Json:
    return {"entries": slack.ledger.entries[int(request.query.get("after", "0")) :]}


def _limits(slack: Workspace, request: web.Request) -> Json:
    return slack.meter.report()


def _deliveries(slack: Workspace, request: web.Request) -> Json:
    tries: list[Json] = [
        {
            "app_id": one.app_id,
            "event_id": one.event_id,
            "type": one.type,
            "attempt": one.attempt,
            "ok": one.ok,
            "reason": one.reason,
        }
        for one in slack.office.deliveries
    ]
    return {"tries": tries, "lost": slack.office.lost}


LOOKS: Mapping[str, Look] = {
    "/sim/state": _state,
    "/sim/channels/{room}/messages": _messages,
    "/sim/people/{who}/whispers": _whispers,
    "/sim/people/{who}/modals": _modals,
    "/sim/people/{who}/home": _home,
    "/sim/people/{who}/pings": _pings,
    "/sim/ledger": _ledger,
    "/sim/limits": _limits,
    "/sim/deliveries": _deliveries,
}
