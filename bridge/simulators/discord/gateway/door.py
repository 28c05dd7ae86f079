"""A bot at the gateway: HELLO, IDENTIFY or RESUME, heartbeats, and the close codes."""

from collections.abc import Mapping

from aiohttp import web

from bridge.simulators.common.wire import Json, arr, load, obj, txt
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.gateway.hearing import CONTENT, KNOWN, MEMBERS, PRESENCES
from bridge.simulators.discord.gateway.hub import Hub
from bridge.simulators.discord.gateway.session import (
    ACK,
    HEARTBEAT,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    PRESENCE,
    REQUEST_MEMBERS,
    RESUME,
    VOICE,
    Session,
    Socket,
)
from bridge.simulators.discord.state import shapes
from bridge.simulators.discord.state.records import App
from bridge.simulators.discord.state.world import World

UNKNOWN_OPCODE, BAD_FRAME, NOT_IDENTIFIED, BAD_TOKEN, TWICE = 4001, 4002, 4003, 4004, 4005
BAD_SEQUENCE, TIMED_OUT, BAD_SHARD, BAD_INTENTS, FORBIDDEN_INTENTS = 4007, 4009, 4010, 4013, 4014
PATIENCE = 1.5
"""A connection without a heartbeat for so many intervals is closed."""


class Closed(Exception):
    """The connection ends with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Door:
    """Serves `/gateway`."""

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from beginning to end."""
        ws = web.WebSocketResponse(max_msg_size=16 * 1024, compress=False)
        await ws.prepare(request)
        visit = _Visit(self._world, self._hub, Socket(ws, request.transport))
        try:
            await visit.stay()
        except Closed as e:
            await visit.socket.close(e.code)
        except (TimeoutError, ConnectionError):
            await visit.socket.close(TIMED_OUT)
        finally:
            visit.leave(ws.close_code)
            visit.socket.end()
        return ws


class _Visit:
    def __init__(self, world: World, hub: Hub, socket: Socket) -> None:
        self.socket = socket
        self._world = world
        self._hub = hub
        self._session: Session | None = None

    async def stay(self) -> None:
        interval = self._world.timing.heartbeat
        self.socket.say(HELLO, {"heartbeat_interval": int(interval * 1000)})
        while (text := await self.socket.next_text(interval * PATIENCE)) is not None:
            self._frame(text)

    def _frame(self, text: str) -> None:
        try:
            frame = obj(load(text))
        except ValueError as e:
            raise Closed(BAD_FRAME) from e
        op, data = frame.get("op"), frame.get("d")
        if op == HEARTBEAT:
            self.socket.say(ACK)
        elif op in (IDENTIFY, RESUME):
            if self._session is not None:
                raise Closed(TWICE)
            if op == IDENTIFY:
                self._identify(obj(data))
            else:
                self._resume(obj(data))
        elif self._session is None:
            raise Closed(NOT_IDENTIFIED)
        elif op == REQUEST_MEMBERS:
            self._members(self._session, obj(data))
        elif op not in (PRESENCE, VOICE):
            raise Closed(UNKNOWN_OPCODE)

    def _app(self, token: Json) -> App:
        try:
            return self._world.app_of(txt(token).removeprefix("Bot "))
        except DiscordRefused as e:
            raise Closed(BAD_TOKEN) from e

    def _identify(self, data: Mapping[str, Json]) -> None:
        app = self._app(data.get("token"))
        intents = _intents(app, data.get("intents"))
        shard = _shard(data.get("shard"))
        if not self._hub.spend(app):
            self._app(data.get("token"))
            self.socket.say(INVALID_SESSION, False)
            return
        self._session = self._hub.open(app, intents, shard)
        self._session.socket = self.socket
        self._hub.greet(app, self._session)

    def _resume(self, data: Mapping[str, Json]) -> None:
        app = self._app(data.get("token"))
        session, seq = self._hub.find(txt(data.get("session_id"))), data.get("seq")
        if session is None or session.app_id != app.id or not isinstance(seq, int):
            self.socket.say(INVALID_SESSION, False)
            return
        if seq > session.seq:
            raise Closed(BAD_SEQUENCE)
        if not session.can_resume(seq):
            self.socket.say(INVALID_SESSION, False)
            return
        if session.socket is not None:
            session.socket.abort()
        self._session = session
        session.replay(self.socket, seq)
        self._hub.resumes += 1
        self._world.changes.wake()

    def _members(self, session: Session, data: Mapping[str, Json]) -> None:
        """REQUEST_GUILD_MEMBERS, answered in one chunk."""
        guild_id = txt(data.get("guild_id"))
        wanted = {str(one) for one in arr(data.get("user_ids"))}
        query = txt(data.get("query")).lower()
        members = [
            one
            for one in self._world.members.get(guild_id, {}).values()
            if (one.user_id in wanted if wanted else self._matches(one.user_id, query))
        ]
        session.dispatch(
            "GUILD_MEMBERS_CHUNK",
            {
                "guild_id": guild_id,
                "members": [shapes.member(self._world, one) for one in members],
                "chunk_index": 0,
                "chunk_count": 1,
                "not_found": [],
                "nonce": data.get("nonce"),
            },
        )

    def _matches(self, user_id: str, query: str) -> bool:
        return self._world.users[user_id].name.lower().startswith(query)

    def leave(self, code: int | None) -> None:
        """The connection is gone; the session stays for RESUME unless the bot closed it."""
        session = self._session
        if session is None or session.socket is not self.socket:
            return
        session.socket, session.left_at = None, self._world.now()
        if code in (1000, 1001) and not self.socket.is_ours:
            self._hub.forget(session)
        self._world.changes.wake()


def _intents(app: App, value: Json) -> int:
    if not isinstance(value, int) or value < 0 or value > KNOWN:
        raise Closed(BAD_INTENTS)
    switched_on = {
        CONTENT: app.reads_content,
        MEMBERS: app.members_intent,
        PRESENCES: app.presences_intent,
    }
    if any(value & bit and not is_on for bit, is_on in switched_on.items()):
        raise Closed(FORBIDDEN_INTENTS)
    return value


def _shard(value: Json) -> tuple[int, int]:
    if value is None:
        return 0, 1
    pair = arr(value)
    match pair:
        case [int(number), int(count)] if 0 <= number < count:
            return number, count
        case _:
            raise Closed(BAD_SHARD)
