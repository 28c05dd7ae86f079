"""`/sim/`: the simulator by HTTP, for the demo's telephone and for programs that are not ours."""

from typing import TYPE_CHECKING

from aiohttp import web

from bridge.simulators.common.stream import stream
from bridge.simulators.common.wire import JsonObject, dump, load, obj
from bridge.simulators.graph.acts import Acts, NoSuch
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.shown import line, screen

if TYPE_CHECKING:
    from bridge.simulators.graph.simulator import GraphSimulator


class Control:
    """What people do at a telephone, and what time does."""

    def __init__(self, simulator: "GraphSimulator") -> None:
        """Steer this one."""
        self._it = simulator
        self._acts = Acts(simulator.world)

    def route(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        app.router.add_get("/sim/changes", self._changes)
        app.router.add_post("/sim/forward", self._forward)
        app.router.add_get("/sim/{number}/{customer}", self._thread)
        app.router.add_post("/sim/{number}/{customer}/{act}", self._act)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._it.world.changes)

    async def _forward(self, request: web.Request) -> web.Response:
        """`{"seconds": 86400}`: +24 h."""
        seconds = (await _body(request)).get("seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return web.Response(status=400, text="seconds must not be negative")
        self._it.forward(seconds)
        return _answer({"now": self._it.world.now()})

    async def _thread(self, request: web.Request) -> web.Response:
        person = self._person(request)
        world = self._it.world
        return _answer(
            {
                "name": person.customer.name,
                "window_open": world.is_open(person.number.id, person.id),
                "typing": person.sees_typing,
                "lines": screen(world, person.number.id, person.id),
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        act = request.match_info["act"]
        try:
            sent = await self._acts.do(self._person(request), act, await _body(request))
        except NoSuch as e:
            raise web.HTTPNotFound(text=str(e)) from e
        return _answer({} if sent is None else line(self._it.world, sent))

    def _person(self, request: web.Request) -> Person:
        number = self._it.world.numbers.get(request.match_info["number"])
        customer = request.match_info["customer"]
        if number is None or customer not in self._it.world.customers:
            raise web.HTTPNotFound(text="There is nobody of that number.")
        return self._it.person(number, customer)


def _answer(said: JsonObject) -> web.Response:
    return web.Response(text=dump(said), content_type="application/json", charset="utf-8")


async def _body(request: web.Request) -> JsonObject:
    try:
        return dict(obj(load(await request.text() or "{}")))
    except ValueError as e:
        raise web.HTTPBadRequest(text="The body is no JSON.") from e
