"""A TCP proxy that spoils connections on demand: slow, narrow, reset, silent, half-open."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto

_CHUNK = 64 * 1024
_GONE = (ConnectionError, OSError, asyncio.IncompleteReadError)


class Flow(Enum):
    """Which of a connection's two directions."""

    UP = auto()
    """From the client to the server."""
    DOWN = auto()


@dataclass(slots=True)
class Weather:
    """What befalls every byte from now on, also of connections that are open."""

    latency: float = 0.0
    """Seconds before a piece goes on."""
    bandwidth: float | None = None
    """Bytes a second, for each direction of each connection."""
    silent: frozenset[Flow] = frozenset()
    """Directions in which everything disappears: both are a black hole, one is half-open."""
    refuses: bool = False
    """New connections are reset at once."""


@dataclass
class Proxy:
    """Between clients and one server; `address` is where clients go.

    A server without a port listens behind a socket at the path that `host` is.
    """

    host: str
    port: int
    weather: Weather = field(default_factory=Weather)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    passed: int = 0
    """Bytes that went through."""
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def before(cls, host: str, port: int) -> AsyncIterator["Proxy"]:
        """A proxy before this server, as long as the block runs."""
        proxy = cls(host, port)
        proxy._server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0)
        try:
            yield proxy
        finally:
            proxy._server.close()
            await proxy.reset()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return host, port

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._open)

    async def reset(self) -> None:
        """Break every connection at once, with a reset to both ends."""
        for writer in tuple(self._writers):
            _abort(writer)
        tasks = tuple(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def clears_up(self) -> None:
        """Good weather again. What was swallowed is gone, so its connections had better be."""
        self.weather = Weather()

    # --- one connection -------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self.weather.refuses:
            _abort(writer)
            return
        self._open.add(task)
        self._writers.add(writer)
        try:
            await self._join(reader, writer)
        except (*_GONE, asyncio.CancelledError):
            pass  # whichever end went away, or both by `reset`: this is all there is of the task
        finally:
            self._open.discard(task)
            self._writers.discard(writer)
            _abort(writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await self._server_itself()
        self._writers.add(there)
        ways = [
            asyncio.create_task(self._carry(Flow.UP, reader, there)),
            asyncio.create_task(self._carry(Flow.DOWN, there_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writers.discard(there)
            with suppress(*_GONE):
                writer.write_eof()
            there.close()

    async def _server_itself(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not self.port:
            return await asyncio.open_unix_connection(self.host)
        return await asyncio.open_connection(self.host, self.port)

    async def _carry(
        self, flow: Flow, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while piece := await reader.read(_CHUNK):
            weather = self.weather
            if weather.latency:
                await self.sleep(weather.latency)
            if weather.bandwidth is not None:
                await self.sleep(len(piece) / weather.bandwidth)
            if flow in self.weather.silent:
                continue
            self.passed += len(piece)
            writer.write(piece)
            await writer.drain()


def _abort(writer: asyncio.StreamWriter) -> None:
    """Close it with a reset: nobody waits for a goodbye."""
    found = writer.get_extra_info("socket")
    if found is not None:
        with suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
