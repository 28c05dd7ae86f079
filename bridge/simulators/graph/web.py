"""Graph's addresses: finds out who asks for what, and lets faults happen."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import BodyPartReader, web

from bridge.simulators.common.wire import Json, JsonObject, dump, load, obj
from bridge.simulators.graph.api.accounts import Accounts
from bridge.simulators.graph.api.media import MediaShelf
from bridge.simulators.graph.api.messages import Messages
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.faults import Fault, Faults
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.world import World

_Answer = Callable[[], Awaitable[JsonObject]]


class Api:
    """Every address below a version, and the one where files are fetched."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        messages: Messages,
        media: MediaShelf,
        accounts: Accounts,
    ) -> None:
        """Answer from these."""
        self._world = world
        self._faults = faults
        self._messages = messages
        self._media = media
        self._accounts = accounts
        self.calls: list[str] = []
        """Every call that came, as faults name it."""

    def route(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        version = r"/{version:v\d+\.\d+}"
        app.router.add_get("/whatsapp_business/attachments/", self._fetch)
        app.router.add_get(f"{version}/debug_token", self._debug)
        app.router.add_post(f"{version}/{{id}}/messages", self._message)
        app.router.add_post(f"{version}/{{id}}/media", self._upload)
        app.router.add_get(f"{version}/{{id}}/message_templates", self._templates)
        app.router.add_get(f"{version}/{{id}}/phone_numbers", self._numbers)
        app.router.add_get(f"{version}/{{id}}/subscribed_apps", self._subscribed)
        app.router.add_post(f"{version}/{{id}}/subscribed_apps", self._subscribe)
        app.router.add_get(f"{version}/{{id}}", self._object)

    # --- one method for each --------------------------------------------------------------------

    async def _message(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            number = self._number(request)
            return await self._messages.post(number, await _json(request))

        return await self._answered(request, "POST messages", answer)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            number = self._number(request)
            body, mime, name = await _form(request)
            return await self._media.upload(number, body, mime, name)

        return await self._answered(request, "POST media", answer)

    async def _templates(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            self._token(request)
            return self._accounts.templates(request.match_info["id"], request.query)

        return await self._answered(request, "GET message_templates", answer)

    async def _numbers(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            self._token(request)
            return self._accounts.numbers(request.match_info["id"])

        return await self._answered(request, "GET phone_numbers", answer)

    async def _subscribed(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            self._token(request)
            return self._accounts.subscribed(request.match_info["id"])

        return await self._answered(request, "GET subscribed_apps", answer)

    async def _subscribe(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            self._token(request)
            return self._accounts.subscribe(request.match_info["id"])

        return await self._answered(request, "POST subscribed_apps", answer)

    async def _debug(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            self._token(request)
            return self._accounts.debug(request.query.get("input_token", ""))

        return await self._answered(request, "GET debug_token", answer)

    async def _object(self, request: web.Request) -> web.StreamResponse:
        async def answer() -> JsonObject:
            self._token(request)
            id_ = request.match_info["id"]
            if id_ in self._world.numbers:
                return self._accounts.number(self._world.numbers[id_])
            if any(one.waba == id_ for one in self._world.numbers.values()):
                return self._accounts.account(id_)
            return self._media.describe(id_)

        known = self._world.media
        what = "GET media" if request.match_info["id"] in known else "GET object"
        return await self._answered(request, what, answer)

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        """The file itself: only with a token, and only while the address lives."""
        fault = self._faults.for_call("GET file", accepted=False)
        self.calls.append("GET file")
        if fault is not None:
            return await self._happen(request, fault)
        try:
            self._token(request)
        except GraphRefusal as refusal:
            return _refused(refusal)
        media = self._media.fetch(request.query.get("t", ""))
        if media is None:
            return web.Response(status=404, text="URL signature expired")
        return web.Response(body=media.body, headers={"Content-Type": media.mime})

    # --- who asks -------------------------------------------------------------------------------

    def _token(self, request: web.Request) -> Number:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        for number in self._world.numbers.values():
            if number.token == given:
                if number.token_ends and self._world.now() >= number.token_ends:
                    raise GraphRefusal(190, "Error validating access token: it has expired.")
                return number
        raise GraphRefusal(190, "Invalid OAuth access token.")

    def _number(self, request: web.Request) -> Number:
        owner = self._token(request)
        number = self._world.number(request.match_info["id"])
        if number.token != owner.token:
            raise GraphRefusal(100, "This token may not use this number.")
        return number

    # --- what goes wrong ------------------------------------------------------------------------

    async def _answered(
        self, request: web.Request, what: str, answer: _Answer
    ) -> web.StreamResponse:
        self.calls.append(what)
        before = self._faults.for_call(what, accepted=False)
        if before is not None:
            return await self._happen(request, before)
        try:
            said = await answer()
        except GraphRefusal as refusal:
            return _refused(refusal)
        after = self._faults.for_call(what, accepted=True)
        if after is not None:
            return await self._happen(request, after)
        return _json_response(said)

    async def _happen(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "error":
            refusal = GraphRefusal(fault.code, fault.details)
            return _refused(refusal)
        if fault.kind == "status":
            page = "<html>Sorry, something went wrong.</html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        if fault.kind == "hang":
            await self._faults.released.wait()
        if request.transport is not None:
            request.transport.close()
        await asyncio.sleep(0)
        return web.Response(status=500)


def _refused(refusal: GraphRefusal) -> web.Response:
    return _json_response(refusal.body(), refusal.status)


def _json_response(said: JsonObject, status: int = 200) -> web.Response:
    return web.Response(
        status=status, text=dump(said), content_type="application/json", charset="utf-8"
    )


async def _json(request: web.Request) -> JsonObject:
    try:
        said: Json = load(await request.text())
    except ValueError as e:
        raise GraphRefusal(100, "The body is no JSON.") from e
    return dict(obj(said))


async def _form(request: web.Request) -> tuple[bytes, str, str]:
    """The file of an upload, its declared type, and its name."""
    body, mime, name, declared = b"", "", "", ""
    product = ""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "file":
            body = bytes(await part.read())
            name = part.filename or ""
            declared = part.headers.get("Content-Type", "")
        elif part.name == "type":
            mime = await part.text()
        elif part.name == "messaging_product":
            product = await part.text()
    if product != "whatsapp":
        raise GraphRefusal(100, "Param messaging_product must be whatsapp.")
    return body, (mime or declared).partition(";")[0].strip(), name
