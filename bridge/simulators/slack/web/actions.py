"""`POST /actions/<team>/<key>`: response addresses."""

from aiohttp import web

from bridge.simulators.common.wire import load, obj
from bridge.simulators.slack.acts.house import House
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.faults import Faults
from bridge.simulators.slack.responses import answer_with
from bridge.simulators.slack.web.failing import fail


class ResponseRoutes:
    """Lets an app answer an interaction."""

    def __init__(self, house: House, faults: Faults) -> None:
        self._house = house
        self._faults = faults

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """`ok`, or 404 for an address that is used up, or 400 for a bad message."""
        fault = self._faults.before("response_url", web_api=False)
        if fault is not None:
            return await fail(request, fault, self._faults.released)
        answer = await self._answer(request)
        fault = self._faults.after("response_url", web_api=False)
        if fault is not None:
            return await fail(request, fault, self._faults.released, answer)
        return answer

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            body = obj(load(await request.text()))
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        try:
            reply = self._house.tickets.use(request.match_info["key"])
        except SlackRefused as e:
            return web.Response(status=404, text=e.code)
        try:
            answer_with(self._house.world, reply, body)
        except SlackRefused as e:
            return web.Response(status=400, text=e.code)
        await self._house.ledger.append("response_url", reply.app_id, args=body)
        self._house.world.changes.release()
        return web.Response(text="ok")
