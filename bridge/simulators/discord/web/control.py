"""`/sim/…`: the same as the Python interface, for another process or a page.

    GET  /sim/state                              addresses, apps with tokens, guilds, channels
    GET  /sim/channels/<room>/messages           messages as stored, with who was pinged
    GET  /sim/people/<who>/whispers|modals|pings|screen
    GET  /sim/people/<who>/commands?channel=<room>
    GET  /sim/files/<id>                         a file's bytes
    GET  /sim/ledger?after=<n>   /sim/limits   /sim/changes (SSE)
    POST /sim/guilds  /sim/people  /sim/channels  /sim/apps      make them
    POST /sim/people/<who>/<verb>                everything of `Person` (see `verbs`)
    POST /sim/apps/<id>/<what>                   invite, kick, drop, close, reconnect,
                                                 invalidate, silence, expire
    POST /sim/faults  /sim/event-faults  /sim/limits;  DELETE /sim/faults

`<room>` is a channel's id or name, `<who>` a user's id or name. Bodies are JSON, and only JSON:
a foreign page cannot send that. A refusal is 409 `{"error", "message"}`, an unknown name 404.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bridge.simulators.common.stream import stream
from bridge.simulators.common.wire import Json, JsonObject, arr, dump, load, obj, txt
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.faults import EventFault, Fault
from bridge.simulators.discord.house import CannotDo
from bridge.simulators.discord.limits import Limits
from bridge.simulators.discord.server import Server
from bridge.simulators.discord.state.records import FORUM, TEXT, App
from bridge.simulators.discord.web.screen import commands_shown, screen_shown
from bridge.simulators.discord.web.shown import (
    channel_shown,
    message_shown,
    modal_shown,
    state_shown,
)
from bridge.simulators.discord.web.verbs import VERBS, Asked

Handler = Callable[[web.Request], Awaitable[Json]]
LIMITS: dict[str, Callable[[], Limits]] = {"off": Limits.off, "documented": Limits.documented}


class Control:
    """Serves `/sim`."""

    def __init__(self, discord: Server) -> None:
        self._discord = discord

    def route(self, app: web.Application) -> None:
        """Add every address to an application."""
        get, post = app.router.add_get, app.router.add_post
        get("/sim/state", _answers(self._state))
        get("/sim/channels/{room}/messages", _answers(self._messages))
        get("/sim/people/{who}/{what}", _answers(self._screen))
        get("/sim/files/{id}", self._file)
        get("/sim/changes", self._changes)
        get("/sim/ledger", _answers(self._ledger))
        get("/sim/limits", _answers(self._report))
        post("/sim/guilds", _answers(self._make_guild))
        post("/sim/people", _answers(self._make_person))
        post("/sim/channels", _answers(self._make_channel))
        post("/sim/apps", _answers(self._make_app))
        post("/sim/people/{who}/{verb}", _answers(self._act))
        post("/sim/apps/{id}/{what}", _answers(self._trouble))
        post("/sim/faults", _answers(self._fault))
        post("/sim/event-faults", _answers(self._event_fault))
        post("/sim/limits", _answers(self._limit))
        app.router.add_delete("/sim/faults", _answers(self._clear))

    # ------------------------------------------------------------ looking

    async def _state(self, request: web.Request) -> Json:
        return state_shown(self._discord)

    async def _messages(self, request: web.Request) -> Json:
        found = self._discord.messages(request.match_info["room"])
        return {"messages": [message_shown(self._discord, one) for one in found]}

    async def _screen(self, request: web.Request) -> Json:
        discord = self._discord
        person = discord.person(_known(discord, request.match_info["who"]))
        what = request.match_info["what"]
        if what == "screen":
            return screen_shown(discord, person)
        if what == "commands":
            channel = person.room(request.query["channel"])
            return {"commands": commands_shown(discord, person, channel)}
        if what == "modals":
            return {"modals": [modal_shown(one) for one in person.modals]}
        shown = {"whispers": person.whispers, "pings": person.pings}[what]()
        return {what: [message_shown(discord, one) for one in shown]}

    async def _file(self, request: web.Request) -> web.Response:
        file = self._discord.world.files.get(request.match_info["id"])
        if file is None:
            return web.Response(status=404)
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type=file.content_type, headers=headers)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._discord.world.changes)

    async def _ledger(self, request: web.Request) -> Json:
        after = int(request.query.get("after", "0"))
        return {"entries": self._discord.ledger.entries[after:]}

    async def _report(self, request: web.Request) -> Json:
        return self._discord.meter.report()

    # ------------------------------------------------------------ making

    async def _make_guild(self, request: web.Request) -> Json:
        body = await _body(request)
        guild = self._discord.guild(txt(body["name"]), owner=txt(body.get("owner")) or "owner")
        return {"id": guild.id, "name": guild.name}

    async def _make_person(self, request: web.Request) -> Json:
        body = await _body(request)
        guilds = [self._discord.world.guild(txt(one)) for one in arr(body.get("guilds"))]
        person = self._discord.person(txt(body["name"]), *guilds)
        return {"id": person.id, "name": person.user.name}

    async def _make_channel(self, request: web.Request) -> Json:
        body, discord = await _body(request), self._discord
        guild = discord.world.guild(txt(body["guild"]))
        kind = FORUM if body.get("forum") else TEXT
        tags = tuple(txt(one) for one in arr(body.get("tags")))
        return channel_shown(discord.channel(guild, txt(body["name"]), kind=kind, tags=tags))

    async def _make_app(self, request: web.Request) -> Json:
        body = await _body(request)
        reads = body.get("reads_content") is not False
        app = self._discord.application(txt(body.get("name")) or "Deskbridge", reads_content=reads)
        return {"id": app.id, "token": app.token, "bot": app.bot_id}

    # ------------------------------------------------------------ doing

    async def _act(self, request: web.Request) -> Json:
        discord = self._discord
        verb = VERBS[request.match_info["verb"]]
        person = discord.person(_known(discord, request.match_info["who"]))
        return await verb(Asked(discord, person, await _body(request)))

    async def _trouble(self, request: web.Request) -> Json:
        discord, body = self._discord, await _body(request)
        app, what = discord.world.apps[request.match_info["id"]], request.match_info["what"]
        if what in ("invite", "kick"):
            guild = discord.world.guild(txt(body["guild"]))
            (discord.invite if what == "invite" else discord.kick)(app, guild)
        elif what == "close":
            code = body.get("code")
            await discord.hub.close(app, code if isinstance(code, int) else 4000)
        else:
            self._break(app, what, resumable=bool(body.get("resumable")))
        return {"connected": len(discord.hub.connected(app))}

    def _break(self, app: App, what: str, *, resumable: bool) -> None:
        hub = self._discord.hub
        breaks: dict[str, Callable[[], None]] = {
            "drop": lambda: hub.drop(app),
            "reconnect": lambda: hub.reconnect(app),
            "invalidate": lambda: hub.invalidate(app, resumable=resumable),
            "silence": lambda: hub.silence(app),
            "expire": lambda: hub.expire(app),
        }
        breaks[what]()

    async def _fault(self, request: web.Request) -> Json:
        # Any: the types of fields are only known to the dataclass, which refuses unknown names.
        values: dict[str, Any] = await _body(request)
        self._discord.fault(Fault(**values))
        return {}

    async def _event_fault(self, request: web.Request) -> Json:
        # Any: as above.
        values: dict[str, Any] = await _body(request)
        self._discord.fault(EventFault(**values))
        return {}

    async def _limit(self, request: web.Request) -> Json:
        self._discord.limit(LIMITS[txt((await _body(request)).get("name"))]())
        return self._discord.meter.report()

    async def _clear(self, request: web.Request) -> Json:
        self._discord.faults.clear()
        return {}


def _known(discord: Server, name: str) -> str:
    """A person's id by id or name. Raises `KeyError`."""
    for user in discord.world.users.values():
        if name in (user.id, user.name) and not user.bot:
            return user.id
    raise KeyError(name)


async def _body(request: web.Request) -> JsonObject:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send JSON")
    return dict(obj(load(await request.text())))


def _answers(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        try:
            return _json(await handler(request))
        except DiscordRefused as e:
            return _json({"error": str(e.code), "message": e.message}, status=409)
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
