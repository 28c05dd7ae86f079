"""What `/sim` lets go wrong: faults, limits, quirks, sockets and rights.

`POST /sim/apps/<id>/` and one of `revoke`, `uninstall`, `restore`, `take_scope {scope}`,
`point {url}`, `verify_url`, `warn`, `refresh`, `disable`, `drop`, `silence`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.slack.faults import EventFault, Fault
from bridge.simulators.slack.limits import Limits, Window
from bridge.simulators.slack.web.shown import app_shown
from bridge.simulators.slack.workspace import Workspace

Cause = Callable[[Workspace, Mapping[str, str], Mapping[str, Json]], Awaitable[Json]]
T = TypeVar("T")


async def _fault(slack: Workspace, place: Mapping[str, str], body: Mapping[str, Json]) -> Json:
    slack.fault(_made(Fault, body))
    return {}


async def _event_fault(
    slack: Workspace, place: Mapping[str, str], body: Mapping[str, Json]
) -> Json:
    slack.fault(_made(EventFault, body))
    return {}


async def _limits(slack: Workspace, place: Mapping[str, str], body: Mapping[str, Json]) -> Json:
    named = {
        "off": Limits.off,
        "documented": Limits.documented,
        "strict": Limits.strict,
        "commercial": Limits.commercial,
    }
    if "name" in body:
        slack.limit(named[txt(body["name"])]())
    else:
        methods = {name: _window(one) for name, one in obj(body.get("methods")).items()}
        slack.limit(
            Limits(
                channel=_window(body["channel"]) if body.get("channel") else None,
                team=_window(body["team"]) if body.get("team") else None,
                tiers=bool(body.get("tiers")),
                methods=methods,
            )
        )
    return slack.meter.report()


async def _quirks(slack: Workspace, place: Mapping[str, str], body: Mapping[str, Json]) -> Json:
    slack.turn(**{name: one for name, one in body.items() if isinstance(one, str | float | int)})
    return {}


async def _app(slack: Workspace, place: Mapping[str, str], body: Mapping[str, Json]) -> Json:
    app, what = slack.world.app(place["id"]), place["what"]
    match what:
        case "revoke":
            slack.revoke(app)
        case "uninstall":
            slack.uninstall(app)
        case "restore":
            slack.restore(app)
        case "take_scope":
            slack.take_scope(app, txt(body.get("scope")))
        case "point":
            slack.point(app, txt(body.get("url")))
        case "verify_url":
            verified: JsonObject = {"verified": await slack.office.verify_url(app)}
            return verified
        case _:
            await _break(slack, place["id"], what)
    return app_shown(slack, slack.world.app(app.id))


async def _break(slack: Workspace, app_id: str, what: str) -> None:
    hub = slack.office.hub(app_id)
    match what:
        case "warn":
            await hub.warn()
        case "refresh":
            await hub.refresh()
        case "disable":
            await hub.disable()
        case "drop":
            hub.drop()
        case "silence":
            hub.silence()
        case _:
            raise KeyError(what)


def _window(value: Json) -> Window:
    return _made(Window, obj(value))


def _made(kind: type[T], body: Mapping[str, Json]) -> T:
    """A record from JSON. Raises `TypeError` for a field that it does not have."""
    values: dict[str, Any] = dict(body)  # Any: checked by the record's own constructor
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # dataclasses only
    if unknown := set(values) - known:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    return kind(**values)


CAUSES: Mapping[str, Cause] = {
    "/sim/faults": _fault,
    "/sim/event-faults": _event_fault,
    "/sim/limits": _limits,
    "/sim/quirks": _quirks,
    "/sim/apps/{id}/{what}": _app,
}
