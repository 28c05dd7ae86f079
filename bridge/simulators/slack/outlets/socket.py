"""Socket Mode: one app's connections, each event to any one of them."""

import asyncio
import contextlib
import random
import uuid

import aiohttp
from aiohttp import web

from bridge.simulators.common.wire import JsonObject, dump, load, obj
from bridge.simulators.slack.outlets.parcel import Answer, Parcel
from bridge.simulators.slack.state.world import World

HOST = "applink-simulated"


class Connection:
    """One socket of an app."""

    def __init__(
        self, ws: web.WebSocketResponse, transport: asyncio.Transport | None, number: int
    ) -> None:
        """`number` counts the app's connections from 1."""
        self.number = number
        self.ws = ws
        self.transport = transport
        self.draining = False
        """Told to go: gets no more events, its acks still count."""
        self.silent = False
        """Dead, though its pings are answered."""
        self.sent = 0
        self._waiting: dict[str, asyncio.Future[Answer]] = {}

    @property
    def takes_events(self) -> bool:
        """Whether Slack believes that it can be used."""
        return not self.draining and not self.ws.closed

    async def deliver(self, parcel: Parcel, within: float) -> Answer:
        """Send one envelope and wait for its ack."""
        envelope_id = str(uuid.uuid4())
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        self.sent += 1
        try:
            async with asyncio.timeout(within):
                if not self.silent:
                    await self.ws.send_str(dump(_envelope(parcel, envelope_id)))
                return await future
        except TimeoutError:
            return Answer(ok=False, reason="http_timeout")
        except (ConnectionError, aiohttp.ClientError):
            return Answer(ok=False, reason="connection_failed")
        finally:
            self._waiting.pop(envelope_id, None)

    def hear(self, text: str) -> None:
        """An ack. One that nobody waits for any more is too late."""
        if self.silent:
            return
        try:
            frame = obj(load(text))
        except ValueError:
            return
        future = self._waiting.get(str(frame.get("envelope_id")))
        if future is not None and not future.done():
            future.set_result(Answer(ok=True, body=dict(obj(frame.get("payload")))))

    def lost(self) -> None:
        """The socket is gone: nothing that it carried was acknowledged."""
        for future in self._waiting.values():
            if not future.done():
                future.set_result(Answer(ok=False, reason="connection_failed"))


class SocketHub:
    """All connections of one app."""

    def __init__(self, app_id: str, world: World) -> None:
        self.app_id = app_id
        self.connections: list[Connection] = []
        self.opened = 0
        """How many connections there ever were."""
        self.arrived = asyncio.Event()
        """Set while there is a connection that takes events."""
        self._world = world
        self._random = random.Random(1)

    @property
    def live(self) -> list[Connection]:
        """Connections that get events."""
        return [one for one in self.connections if one.takes_events]

    async def send(self, parcel: Parcel) -> Answer:
        """To any one of the connections, which has three seconds to appear."""
        if self._world.quirks.without_socket == "retry":
            await self._appears()
        live = self.live
        if not live:
            return Answer(ok=False, reason="connection_failed")
        return await self._random.choice(live).deliver(parcel, self._world.timing.ack_within)

    async def _appears(self) -> None:
        if self.arrived.is_set():
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.arrived.wait(), self._world.timing.ack_within)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to its end."""
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if len(self.live) >= self._world.quirks.max_sockets:
            await ws.send_str(dump(_disconnect("too_many_websockets")))
            await ws.close()
            return ws
        self.opened += 1
        connection = Connection(ws, request.transport, self.opened)
        self.connections.append(connection)
        pings = asyncio.create_task(self._ping(connection))
        try:
            await ws.send_str(dump(self._hello()))
            self._look()
            async for frame in ws:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    connection.hear(str(frame.data))
        except ConnectionError:
            pass  # It left in the middle of our hello.
        finally:
            pings.cancel()
            self.connections.remove(connection)
            connection.lost()
            self._look()
        return ws

    def _look(self) -> None:
        if self.live:
            self.arrived.set()
        else:
            self.arrived.clear()

    def _hello(self) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {
                "host": HOST,
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": self.app_id},
        }

    async def _ping(self, connection: Connection) -> None:
        while not connection.ws.closed:
            await asyncio.sleep(self._world.timing.ping_every)
            try:
                await connection.ws.ping(b"Ping from " + HOST.encode())
            except ConnectionError:
                return

    # ------------------------------------------------------------ what goes wrong

    async def warn(self) -> None:
        """Say that the connections will be closed in about ten seconds."""
        for connection in list(self.live):
            await connection.ws.send_str(dump(_disconnect("warning")))

    async def refresh(self) -> None:
        """Ask for new connections; the old ones get nothing more."""
        for connection in list(self.live):
            connection.draining = True
            await connection.ws.send_str(dump(_disconnect("refresh_requested")))
        self._look()

    async def disable(self) -> None:
        """Socket Mode was switched off for the app."""
        for connection in list(self.connections):
            connection.draining = True
            await connection.ws.send_str(dump(_disconnect("link_disabled")))
            await connection.ws.close()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in list(self.connections):
            connection.draining = True
            if connection.transport is not None:
                connection.transport.abort()
        self._look()

    def silence(self) -> None:
        """From now on the present connections answer pings and carry nothing."""
        for connection in self.connections:
            connection.silent = True

    async def aclose(self) -> None:
        """End every connection."""
        for connection in list(self.connections):
            await connection.ws.close()


def _disconnect(reason: str) -> JsonObject:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}


def _envelope(parcel: Parcel, envelope_id: str) -> JsonObject:
    envelope: JsonObject = {
        "envelope_id": envelope_id,
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.wants_answer,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope
