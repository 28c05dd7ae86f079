"""Telegram's addresses: finds out which bot asks for what, checks it, and lets faults happen."""

import asyncio

from aiohttp import web

from bridge.simulators.common.wire import Json, JsonObject, dump
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.api.table import METHODS
from bridge.simulators.telegram.errors import BrokenRules, TelegramRefused
from bridge.simulators.telegram.faults import Fault, Faults
from bridge.simulators.telegram.reading import read_call
from bridge.simulators.telegram.records import Bot, Violation
from bridge.simulators.telegram.spec.schema import spec


class Api:
    """`/bot<token>/<method>`, and `/file/bot<token>/<path>` for files."""

    def __init__(self, desk: Desk, faults: Faults) -> None:
        """Answer from this desk."""
        self._desk = desk
        self._faults = faults
        self.calls: list[str] = []
        """Every call that came, by its method; `file` for downloads."""

    def route(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", self._method)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._file)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        asked = request.match_info["method"]
        try:
            bot = self._desk.world.bot_of(request.match_info["token"])
            name = spec().method(asked)
            if name is None:
                self._note(asked, "there is no such method")
                raise TelegramRefused(404, "method not found")
            return await self._answered(request, bot, name)
        except TelegramRefused as refusal:
            return _refused(refusal)

    async def _answered(self, request: web.Request, bot: Bot, name: str) -> web.StreamResponse:
        self.calls.append(name)
        before = self._faults.for_call(name, accepted=False)
        if before is not None and (answer := await self._happen(request, before)):
            return answer
        said = await self.carried_out(await self._read(request, bot, name))
        after = self._faults.for_call(name, accepted=True)
        if after is not None and (answer := await self._happen(request, after)):
            return answer
        return _json({"ok": True, "result": said})

    async def _read(self, request: web.Request, bot: Bot, name: str) -> Call:
        args, uploads = await read_call(request, spec().methods[name])
        return Call(bot=bot, method=name, args=args, uploads=uploads)

    async def carried_out(self, call: Call) -> Json:
        """The result of a call. Raises `TelegramRefused`; what breaks the rules is noted."""
        problems = spec().misfits(spec().methods[call.method], call.args, "")
        method = METHODS.get(call.method)
        if method is None:
            problems = ["this method is not simulated"]
        try:
            if problems or method is None:
                raise BrokenRules(", ".join(problems))
            return await method(self._desk, call)
        except BrokenRules as broken:
            self._note(call.method, str(broken))
            raise TelegramRefused(400, str(broken)) from broken

    def _note(self, method: str, problem: str) -> None:
        self._desk.violations.append(Violation(method=method, problem=problem))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """The file itself, while its address lives."""
        self.calls.append("file")
        fault = self._faults.for_call("file", accepted=False)
        if fault is not None and (answer := await self._happen(request, fault)):
            return answer
        world = self._desk.world
        try:
            world.bot_of(request.match_info["token"])
            id_, ends = world.links.get(request.match_info["path"], ("", 0.0))
            if world.now() >= ends:
                raise TelegramRefused(404)
        except TelegramRefused as refusal:
            return _refused(refusal)
        return web.Response(body=world.files[id_].body, content_type="application/octet-stream")

    async def _happen(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        """The answer of a call that is to fail; None when it is only slow."""
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.kind == "error":
            return _refused(
                TelegramRefused(fault.status, fault.details, retry_after=fault.retry_after)
            )
        if fault.kind == "status":
            page = "<html>Sorry, something went wrong.</html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        if fault.kind == "hang":
            await self._faults.released.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


def _refused(refusal: TelegramRefused) -> web.Response:
    return _json(refusal.body(), refusal.code)


def _json(said: JsonObject, status: int = 200) -> web.Response:
    return web.Response(
        status=status, text=dump(said), content_type="application/json", charset="utf-8"
    )
