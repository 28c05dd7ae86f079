"""`/sim/`: the simulator by HTTP, for the demo's telephone and for programs that are not ours."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from bridge.simulators.common.stream import stream
from bridge.simulators.common.wire import Json, JsonObject, dump, load, obj, txt
from bridge.simulators.telegram.files import FOLDERS
from bridge.simulators.telegram.person import Person
from bridge.simulators.telegram.records import Bot, Message
from bridge.simulators.telegram.sight import CannotDo, choices_of, file_of
from bridge.simulators.telegram.telling import SAID

if TYPE_CHECKING:
    from bridge.simulators.telegram.simulator import TelegramSimulator

_Act = Callable[[Person, JsonObject], Awaitable[Message | None]]


class Control:
    """What people do at a telephone, and what time does."""

    def __init__(self, simulator: "TelegramSimulator") -> None:
        """Steer this one."""
        self._it = simulator
        self._acts: dict[str, _Act] = {
            "writes": self._writes,
            "edits": self._edits,
            "presses": self._presses,
            "reacts": self._reacts,
            "blocks": self._blocks,
            "unblocks": self._unblocks,
        }

    def route(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        app.router.add_get("/sim/changes", self._changes)
        app.router.add_post("/sim/forward", self._forward)
        app.router.add_get("/sim/{bot}/{person}", self._thread)
        app.router.add_get("/sim/{bot}/{person}/files/{message}", self._file)
        app.router.add_post("/sim/{bot}/{person}/sends_file", self._sends_file)
        app.router.add_post("/sim/{bot}/{person}/{act}", self._act)

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
        bot = self._it.world.bots[person.chat.bot]
        lines: list[Json] = [_shown(person, one) for one in person.thread()]
        return _answer(
            {
                "name": person.user.first_name,
                "bot": bot.name,
                "blocked": person.chat.standing == "kicked",
                "typing": person.sees_typing == "typing",
                "lines": lines,
            }
        )

    async def _file(self, request: web.Request) -> web.Response:
        person = self._person(request)
        message = self._message(person, request.match_info["message"])
        try:
            file = person.downloads(message)
        except CannotDo as e:
            raise web.HTTPNotFound(text="There is no file.") from e
        headers = {
            "Content-Type": file.mime or "application/octet-stream",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=file.body, headers=headers)

    async def _sends_file(self, request: web.Request) -> web.Response:
        """The file itself is the body; `kind`, `name` and `caption` are in the address."""
        person, kind = self._person(request), request.query.get("kind", "document")
        sent = await person.sends_file(
            await request.read(),
            request.content_type,
            kind=kind if kind in FOLDERS else "document",
            name=request.query.get("name", ""),
            caption=request.query.get("caption", ""),
        )
        return _answer(_shown(person, sent))

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return web.Response(status=404, text="There is no such act.")
        person = self._person(request)
        try:
            sent = await act(person, await _body(request))
        except CannotDo as e:
            return web.Response(status=409, text=str(e))
        return _answer({} if sent is None else _shown(person, sent))

    def _person(self, request: web.Request) -> Person:
        try:
            bot: Bot = self._it.world.bots[int(request.match_info["bot"])]
            return self._it.somebody(bot, int(request.match_info["person"]))
        except (KeyError, ValueError) as e:
            raise web.HTTPNotFound(text="There is nobody of that number.") from e

    def _message(self, person: Person, id_: Json) -> Message:
        number = int(str(id_)) if str(id_).isdecimal() else 0
        found = self._it.world.found(person.chat, number)
        if found is None:
            raise web.HTTPNotFound(text="There is no such message.")
        return found

    async def _writes(self, person: Person, said: JsonObject) -> Message:
        quoting = self._message(person, said["message"]) if said.get("message") else None
        return await person.writes(txt(said.get("text")), quoting=quoting)

    async def _edits(self, person: Person, said: JsonObject) -> Message:
        message = self._message(person, said.get("message"))
        return await person.edits(message, txt(said.get("text")))

    async def _presses(self, person: Person, said: JsonObject) -> None:
        message = self._message(person, said.get("message"))
        await person.presses(message, txt(said.get("label")))

    async def _reacts(self, person: Person, said: JsonObject) -> None:
        emoji = txt(said.get("emoji"))
        await person.reacts(self._message(person, said.get("message")), *([emoji] if emoji else []))

    async def _blocks(self, person: Person, _said: JsonObject) -> None:
        await person.blocks()

    async def _unblocks(self, person: Person, _said: JsonObject) -> None:
        await person.unblocks()


def _shown(person: Person, message: Message) -> JsonObject:
    kinds = file_of(message) or sorted(SAID & set(message.body)) or ["service"]
    return {
        "id": message.id,
        "from": "out" if message.is_ours else "in",
        "type": kinds[0],
        "text": message.text,
        "at": message.at,
        "edited": bool(message.edited_at),
        "answers": message.reply_to or None,
        "choices": sorted(choices_of(message)),
        "reactions": list[Json](person.reactions(message)),
    }


def _answer(said: JsonObject) -> web.Response:
    return web.Response(text=dump(said), content_type="application/json", charset="utf-8")


async def _body(request: web.Request) -> JsonObject:
    try:
        return dict(obj(load(await request.text() or "{}")))
    except ValueError as e:
        raise web.HTTPBadRequest(text="The body is no JSON.") from e
