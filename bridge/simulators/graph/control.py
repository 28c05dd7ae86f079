"""`/sim/`: the simulator by HTTP, for the demo's telephone and for programs that are not ours."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from bridge.simulators.common.stream import stream
from bridge.simulators.common.wire import Json, JsonObject, dump, load, obj, txt
from bridge.simulators.graph.person import Person, choices_of, words_of
from bridge.simulators.graph.records import Sent

if TYPE_CHECKING:
    from bridge.simulators.graph.simulator import GraphSimulator

_Act = Callable[[Person, JsonObject], Awaitable[Sent | None]]


class Control:
    """What people do at a telephone, and what time does."""

    def __init__(self, simulator: "GraphSimulator") -> None:
        """Steer this one."""
        self._it = simulator
        self._acts: dict[str, _Act] = {
            "writes": self._writes,
            "reads": self._reads,
            "presses": self._presses,
            "reacts": self._reacts,
        }

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
        lines: list[Json] = [_shown(one) for one in world.thread(person.number.id, person.id)]
        return _answer(
            {
                "name": person.customer.name,
                "window_open": world.is_open(person.number.id, person.id),
                "typing": person.sees_typing,
                "lines": lines,
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return web.Response(status=404, text="There is no such act.")
        sent = await act(self._person(request), await _body(request))
        return _answer({} if sent is None else _shown(sent))

    def _person(self, request: web.Request) -> Person:
        number = self._it.world.numbers.get(request.match_info["number"])
        customer = request.match_info["customer"]
        if number is None or customer not in self._it.world.customers:
            raise web.HTTPNotFound(text="There is nobody of that number.")
        return self._it.person(number, customer)

    def _message(self, said: JsonObject) -> Sent:
        found = self._it.world.messages.get(txt(said.get("message")))
        if found is None:
            raise web.HTTPNotFound(text="There is no such message.")
        return found

    async def _writes(self, person: Person, said: JsonObject) -> Sent:
        quoting = self._message(said) if said.get("message") else None
        return await person.writes(txt(said.get("text")), quoting=quoting)

    async def _reads(self, person: Person, _said: JsonObject) -> None:
        await person.reads()

    async def _presses(self, person: Person, said: JsonObject) -> Sent:
        try:
            return await person.presses(self._message(said), txt(said.get("label")))
        except KeyError as e:
            raise web.HTTPNotFound(text="There is no such button.") from e

    async def _reacts(self, person: Person, said: JsonObject) -> Sent:
        return await person.reacts(self._message(said), txt(said.get("emoji")))


def _shown(sent: Sent) -> JsonObject:
    return {
        "id": sent.id,
        "from": sent.direction,
        "type": sent.type,
        "text": words_of(sent),
        "at": sent.at,
        "status": sent.status,
        "choices": [label for _, label, _ in choices_of(sent)],
    }


def _answer(said: JsonObject) -> web.Response:
    return web.Response(text=dump(said), content_type="application/json", charset="utf-8")


async def _body(request: web.Request) -> JsonObject:
    try:
        return dict(obj(load(await request.text() or "{}")))
    except ValueError as e:
        raise web.HTTPBadRequest(text="The body is no JSON.") from e
