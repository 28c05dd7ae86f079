"""One session of a bot: what it was sent, so that it can be sent again."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bridge.simulators.common.wire import Json, JsonObject, dump

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 7, 8, 9, 10, 11


class Socket:
    """One connection. What is sent goes out in order, without anybody waiting for it."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.ws = ws
        self.is_silent = False
        """A zombie: open, and nothing comes any more."""
        self.is_ours = False
        """Closed by Discord, not by the bot: the session can be resumed."""
        self._transport = transport
        self._out: asyncio.Queue[str] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: str) -> None:
        """Queue a frame."""
        if not self.is_silent:
            self._out.put_nowait(frame)

    def say(self, op: int, data: Json = None) -> None:
        """Queue a frame that is not an event."""
        self.send(dump({"op": op, "d": data, "s": None, "t": None}))

    async def _write(self) -> None:
        while not self.ws.closed:
            frame = await self._out.get()
            try:
                await self.ws.send_str(frame)
            except ConnectionError:
                return

    async def next_text(self, within: float) -> str | None:
        """The next frame from the bot, or None when it is gone. Raises `TimeoutError`."""
        message = await self.ws.receive(within)
        return message.data if message.type is WSMsgType.TEXT else None

    async def close(self, code: int) -> None:
        """Say goodbye with a code."""
        self.is_ours = True
        self._writer.cancel()
        await self.ws.close(code=code)

    def end(self) -> None:
        """Nobody is there any more: nothing goes out."""
        self._writer.cancel()

    def abort(self) -> None:
        """The cable is pulled."""
        self._writer.cancel()
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Session:
    """Grows by one number with every event, connected or not."""

    id: str
    app_id: str
    intents: int
    shard: tuple[int, int]
    keeps: int
    seq: int = 0
    frames: deque[tuple[int, str]] = field(default_factory=deque)
    socket: Socket | None = None
    left_at: float | None = None
    """Since when nobody is connected."""

    def dispatch(self, event: str, data: JsonObject) -> None:
        """Number an event, keep it for RESUME, and send it if somebody is there."""
        self.seq += 1
        frame = dump({"op": DISPATCH, "s": self.seq, "t": event, "d": data})
        self.frames.append((self.seq, frame))
        while len(self.frames) > self.keeps:
            self.frames.popleft()
        if self.socket is not None:
            self.socket.send(frame)

    def can_resume(self, seq: int) -> bool:
        """Whether everything after a number is still there."""
        oldest = self.frames[0][0] if self.frames else self.seq + 1
        return oldest <= seq + 1 <= self.seq + 1

    def replay(self, socket: Socket, seq: int) -> None:
        """Send everything after a number over a new connection."""
        self.socket, self.left_at = socket, None
        for number, frame in self.frames:
            if number > seq:
                socket.send(frame)
        self.dispatch("RESUMED", {})

    def serves(self, guild_id: str) -> bool:
        """Whether a guild belongs to this session's shard; direct messages go to the first."""
        number, count = self.shard
        return (int(guild_id or 0) >> 22) % count == number
