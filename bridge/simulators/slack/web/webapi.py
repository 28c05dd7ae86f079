"""`POST /api/<method>`: tokens, scopes, limits, faults, the ledger, and then the method."""

from collections.abc import Callable

from aiohttp import web

from bridge.simulators.common.wire import Json, JsonObject, dump, load, obj
from bridge.simulators.slack.acts.house import House
from bridge.simulators.slack.api.args import Args
from bridge.simulators.slack.api.method import Call, Method
from bridge.simulators.slack.api.table import METHODS
from bridge.simulators.slack.errors import SlackRefused, TooMany
from bridge.simulators.slack.faults import Faults
from bridge.simulators.slack.limits import Meter
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.web.failing import fail

MAX_BODY = 8 * 1024 * 1024


class WebApi:
    """Serves every method."""

    def __init__(
        self, house: House, faults: Faults, meter: Meter, connect: Callable[[App], str]
    ) -> None:
        self._house = house
        self._faults = faults
        self._meter = meter
        self._connect = connect

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call, from its arrival to its answer or its failure."""
        name = request.match_info["method"]
        fault = self._faults.before(name)
        if fault is not None:
            return await fail(request, fault, self._faults.released)
        answer = await self._answer(request, name)
        # The write is on disk: only now is it decided whether anything goes wrong after it.
        fault = self._faults.after(name)
        if fault is not None:
            return await fail(request, fault, self._faults.released, answer)
        return answer

    async def _answer(self, request: web.Request, name: str) -> web.Response:
        headers: dict[str, str] = {}
        try:
            args = await _args(request)
            method = METHODS.get(name)
            if method is None:
                raise SlackRefused("unknown_method", req_method=name)
            app = self._caller(request, args, method)
            headers = _scope_headers(app, method)
            body = await self._run(method, app, args)
        except TooMany as e:
            return _json(e.body(), headers | {"Retry-After": str(e.retry_after)}, status=429)
        except SlackRefused as e:
            return _json(e.body(), headers)
        return _json({"ok": True, **body}, headers)

    def _caller(self, request: web.Request, args: Args, method: Method) -> App:
        """The app whose token came. Raises what Slack says of tokens."""
        kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer.strip() if kind.lower() == "bearer" else args.text("token")
        if not token:
            raise SlackRefused("not_authed")
        for app in self._house.world.apps.values():
            if token == app.app_token:
                return _with_app_token(app, method)
            if token == app.bot_token:
                return _with_bot_token(app, method)
        raise SlackRefused("invalid_auth")

    async def _run(self, method: Method, app: App, args: Args) -> JsonObject:
        house = self._house
        channel = house.world.named(args.text("channel"))
        place = channel.id if channel else args.text("channel") or None
        self._meter.admit(method.name, tier=method.tier, app=app.id, channel=place)
        call = Call(
            world=house.world,
            app=app,
            args=args,
            tickets=house.tickets,
            limits=self._meter.limits,
            connect=self._connect,
        )
        if method.scopes:
            call.needs(*method.scopes)
        body = method.run(call)
        if method.writes:
            said = {name: value for name, value in args.values.items() if name != "token"}
            await house.ledger.append(method.name, app.id, args=said, result=_place(body))
        house.world.changes.release()
        return body


def _with_app_token(app: App, method: Method) -> App:
    if app.app_token_revoked or app.access == "uninstalled":
        raise SlackRefused("invalid_auth")
    if method.caller != "app":
        raise SlackRefused("not_allowed_token_type")
    return app


def _with_bot_token(app: App, method: Method) -> App:
    if app.access == "uninstalled":
        raise SlackRefused("account_inactive")
    if app.access == "revoked":
        raise SlackRefused("token_revoked")
    if method.caller != "bot":
        raise SlackRefused("not_allowed_token_type")
    return app


def _scope_headers(app: App, method: Method) -> dict[str, str]:
    return {
        "x-oauth-scopes": ",".join(sorted(app.scopes)),
        "x-accepted-oauth-scopes": ",".join(method.scopes),
    }


def _place(body: JsonObject) -> JsonObject:
    """What of an answer tells where the write ended up."""
    names = ("channel", "ts", "message_ts", "file_id")
    found: JsonObject = {name: body[name] for name in names if name in body}
    if "view" in body:
        found["view_id"] = obj(body["view"]).get("id")
    return found


async def _args(request: web.Request) -> Args:
    values: dict[str, Json] = dict(request.query)
    if request.content_type == "application/json":
        try:
            values |= obj(load(await request.text()))
        except ValueError as e:
            raise SlackRefused("invalid_json") from e
    elif request.can_read_body:
        form = await request.post()
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    return Args(values)


def _json(body: JsonObject, headers: dict[str, str], status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        body=dump(body).encode(),
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )
