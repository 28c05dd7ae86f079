"""`/sim/…`: the same as the Python interface, for another process or a page.

    GET  /sim/state                              team, apps with tokens, people, channels
    GET  /sim/channels/<room>/messages?thread=   messages as stored, with what is active in them
    GET  /sim/people/<who>/whispers|modals|home|pings
    GET  /sim/files/<id>                         a file's bytes
    GET  /sim/ledger?after=<n>   /sim/limits   /sim/deliveries   /sim/changes (SSE)
    POST /sim/people  /sim/channels  /sim/apps   hire, make a channel, install
    POST /sim/people/<who>/<verb>                everything of `Person` (see `verbs`)
    POST /sim/apps/<id>/<what>                   see `troubles`
    POST /sim/faults  /sim/event-faults  /sim/limits  /sim/quirks;  DELETE /sim/faults

`<room>` is a channel's id or name, `<who>` a user's id or handle. Bodies are JSON, and only JSON:
a foreign page cannot send that. A refusal is 409 `{"error", "message"}`, an unknown name 404.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bridge.simulators.common.stream import stream
from bridge.simulators.common.wire import Json, arr, dump, load, obj, txt
from bridge.simulators.slack.acts.house import CannotDo
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.state.records import ChannelKind
from bridge.simulators.slack.web import reading, troubles
from bridge.simulators.slack.web.shown import app_shown, channel_shown
from bridge.simulators.slack.web.verbs import VERBS, Asked
from bridge.simulators.slack.workspace import Workspace

Handler = Callable[[web.Request], Awaitable[Json]]


class Control:
    """Serves `/sim`."""

    def __init__(self, slack: Workspace) -> None:
        self._slack = slack

    def route(self, app: web.Application) -> None:
        """Add every address to an application."""
        router = app.router
        for path, look in reading.LOOKS.items():
            router.add_get(path, self._shows(look))
        router.add_get("/sim/files/{id}", self._file)
        router.add_get("/sim/changes", self._changes)
        router.add_post("/sim/people", _answers(self._hire))
        router.add_post("/sim/people/{who}/{verb}", _answers(self._act))
        router.add_post("/sim/channels", _answers(self._channel))
        router.add_post("/sim/apps", _answers(self._install))
        for path, cause in troubles.CAUSES.items():
            router.add_post(path, self._causes(cause))
        router.add_delete("/sim/faults", _answers(self._clear))

    def _shows(self, look: reading.Look) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def show(request: web.Request) -> Json:
            return look(self._slack, request)

        return _answers(show)

    def _causes(self, cause: troubles.Cause) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def act(request: web.Request) -> Json:
            return await cause(self._slack, request.match_info, obj(await _body(request)))

        return _answers(act)

    async def _act(self, request: web.Request) -> Json:
        verb = VERBS[request.match_info["verb"]]
        person = self._slack.person(request.match_info["who"])
        return await verb(Asked(self._slack, person, obj(await _body(request))))

    async def _hire(self, request: web.Request) -> Json:
        body = obj(await _body(request))
        more = {name: one for name, one in body.items() if isinstance(one, str | bool)}
        person = self._slack.hire(str(more.pop("name")), **more)
        return {"id": person.id, "name": person.user.name}

    async def _channel(self, request: web.Request) -> Json:
        body = obj(await _body(request))
        slack = self._slack
        names = [txt(one) for one in arr(body.get("members"))]
        members = [slack.world.apps.get(one) or slack.person(one) for one in names]
        kind: ChannelKind = "private" if body.get("kind") == "private" else "public"
        return channel_shown(slack, slack.channel(txt(body.get("name")), *members, kind=kind))

    async def _install(self, request: web.Request) -> Json:
        body = obj(await _body(request))
        manifest = body.get("manifest")
        app = self._slack.install(obj(manifest) if manifest else txt(body.get("name")))
        return app_shown(self._slack, app)

    async def _clear(self, request: web.Request) -> Json:
        self._slack.faults.clear()
        return {}

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._slack.world.changes)

    async def _file(self, request: web.Request) -> web.Response:
        file = self._slack.world.files.get(request.match_info["id"])
        if file is None or file.content is None:
            return web.Response(status=404)
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


async def _body(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send JSON")
    return load(await request.text())


def _answers(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        try:
            return _json(await handler(request))
        except SlackRefused as e:
            return _json({"error": e.code, "message": e.code}, status=409)
        except CannotDo as e:
            return _json({"error": "cannot_do", "message": str(e)}, status=409)
        except KeyError as e:
            return _json({"error": "not_found", "message": str(e)}, status=404)
        except (ValueError, TypeError) as e:
            return _json({"error": "bad_request", "message": str(e)}, status=400)

    return serve


def _json(value: Json, status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    body = dump(value).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
