"""The REST interface: token, faults, limits, the operation, the ledger, the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from aiohttp import web

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json, JsonObject, dump
from bridge.simulators.discord.api import account
from bridge.simulators.discord.api.method import Call, Operation, Reply
from bridge.simulators.discord.api.table import OPEN_OPERATIONS, OPERATIONS
from bridge.simulators.discord.errors import Banned, DiscordRefused, TooMany
from bridge.simulators.discord.faults import Fault, Faults
from bridge.simulators.discord.gateway.hub import Hub
from bridge.simulators.discord.limits import Headers, Meter
from bridge.simulators.discord.state import threads
from bridge.simulators.discord.state.records import App
from bridge.simulators.discord.state.world import World
from bridge.simulators.discord.web import failing
from bridge.simulators.discord.web.reading import Body, read_body

VIA: Mapping[str, str] = MappingProxyType({"Via": "1.1 google"})
"""What tells Discord's own 429 from one of Cloudflare."""
_SECRETS = frozenset({"webhook_token", "interaction_token"})
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    route: str
    request: web.Request
    app: App | None
    body: Body
    headers: Headers


class Rest:
    """Serves `/api/v10`."""

    def __init__(
        self, world: World, ledger: Ledger, faults: Faults, meter: Meter, hub: Hub
    ) -> None:
        self._world = world
        self._ledger = ledger
        self._faults = faults
        self.meter = meter
        self._hub = hub
        self.calls: list[tuple[str, str]] = []
        """Every request that came, by route and path, answered or not."""

    def route(self, app: web.Application) -> None:
        """Add every operation to an application."""
        gateway: dict[str, Operation] = {"GET /gateway/bot": self._gateway}
        for route, operation in {**gateway, **OPERATIONS}.items():
            self._add(app, route, operation, is_open=False)
        for route, operation in OPEN_OPERATIONS.items():
            self._add(app, route, operation, is_open=True)
        app.router.add_route("*", "/api/v10/{tail:.*}", _unknown)

    def _gateway(self, call: Call) -> Reply:
        return account.gateway_bot(call, self._hub.budget(call.app))

    def _add(
        self, app: web.Application, route: str, operation: Operation, *, is_open: bool
    ) -> None:
        method, path = route.split(" ", 1)
        handler = self._handler(route, operation, is_open=is_open)
        app.router.add_route(method, f"/api/v10{path}", handler)

    def _handler(self, route: str, operation: Operation, *, is_open: bool) -> Handler:
        async def serve(request: web.Request) -> web.StreamResponse:
            self.calls.append((route, request.path))
            fault = self._faults.for_call(route, accepted=False)
            if fault is not None:
                return await failing.fail(request, fault, self._faults.released)
            headers: Headers = {}
            try:
                app = None if is_open else self._world.app_of(_token(request))
                headers = self._admit(request, route, app)
                body = await read_body(request, self._world.quirks.max_request)
                asked = _Asked(route=route, request=request, app=app, body=body, headers=headers)
                answer = await self._run(asked, operation)
            except DiscordRefused as e:
                self._world.changes.release()
                self.meter.failed(e.status, "user")
                answer = self._json(e.body(), e.status, headers)
            except TooMany as e:
                self.meter.failed(429, e.scope)
                answer = self._json(e.body(), 429, too_many_headers(e))
            except Banned:
                return failing.cloudflare()
            return await self._late(request, route, answer)

        return serve

    def _admit(self, request: web.Request, route: str, app: App | None) -> Headers:
        path = request.match_info
        hook = path.get("webhook_id", "")
        of_interaction = "interaction_id" in path or hook in self._world.apps
        if of_interaction:
            return {}
        secret = path.get("webhook_token", "")
        major = path.get("channel_id") or path.get("guild_id") or f"{hook}{secret}"
        who = app.id if app is not None else ""
        return self.meter.admit(route, major=major, who=who, is_free=app is None)

    async def _run(self, asked: _Asked, operation: Operation) -> web.Response:
        """Change the world in one step, write it down, and only then tell anybody."""
        world, request = self._world, asked.request
        threads.archive_silent(world)
        call = Call(
            world=world,
            caller=asked.app,
            path=request.match_info,
            query=request.query,
            body=asked.body.json,
            files=asked.body.files,
            limit=lambda kind, key: self.meter.sub(kind, key, asked.headers),
        )
        reply = operation(call)
        happened = world.changes.take()
        if request.method != "GET":
            by = asked.app.id if asked.app is not None else "secret"
            await self._ledger.append(asked.route, by, **_written(asked, reply))
        world.changes.tell(happened)
        if reply.status == 204:
            return web.Response(status=204, headers=asked.headers)
        return self._json(reply.body, reply.status, asked.headers)

    def _json(self, body: Json, status: int, headers: Headers) -> web.Response:
        # Exactly this type: discord.py takes "application/json; charset=utf-8" for text.
        return web.Response(
            body=dump(body).encode(),
            status=status,
            headers={**headers, "Content-Type": "application/json"},
        )

    async def _late(
        self, request: web.Request, route: str, answer: web.Response
    ) -> web.StreamResponse:
        fault: Fault | None = self._faults.for_call(route, accepted=True)
        if fault is None:
            return answer
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            return answer
        if fault.kind == "half_body":
            return await failing.half(request, answer)
        return await failing.fail(request, fault, self._faults.released)


def too_many_headers(refused: TooMany) -> Headers:
    """The headers of a 429 that Discord itself gives."""
    headers: Headers = {
        **refused.headers,
        **VIA,
        "Retry-After": str(int(refused.retry_after) + 1),
        "X-RateLimit-Scope": refused.scope,
    }
    if refused.scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return headers


def _written(asked: _Asked, reply: Reply) -> JsonObject:
    path = {name: one for name, one in asked.request.match_info.items() if name not in _SECRETS}
    return {"path": path, "body": asked.body.json, "result": reply.said}


def _token(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind == "Bot" else ""


async def _unknown(request: web.Request) -> web.Response:
    body = dump({"message": "404: Not Found", "code": 0}).encode()
    return web.Response(body=body, status=404, headers={"Content-Type": "application/json"})
