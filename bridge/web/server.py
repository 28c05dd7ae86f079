"""Listens: binds early, so that a busy port is known before anything else is touched."""

import asyncio
import errno
import socket

from aiohttp import web

from bridge.domain.errors import InvalidSettings
from bridge.web.connections import Connections

_KEEP_ALIVE = 75.0
_BACKLOG = 1024
_SWEEP_SECONDS = 1.0


def bind(host: str, port: int) -> socket.socket:
    """A socket that is ours and takes nothing yet; port 0 takes a free one.

    Raises `InvalidSettings` with the way out when it cannot be had.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = min(found, key=lambda each: each[0])  # IPv4 first
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as failure:
        raise InvalidSettings(_explain(failure, host, port)) from failure
    return listener


def address_of(listener: socket.socket) -> str:
    """Where this machine reaches it."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server:
    """One application behind one socket."""

    def __init__(
        self, app: web.Application, listener: socket.socket, connections: Connections
    ) -> None:
        """`listener` is bound; nothing listens yet."""
        self.application = app
        self._connections = connections
        self._sweeper: asyncio.Task[None] | None = None
        self._listener = listener
        self._runner = web.AppRunner(
            app,
            access_log=None,  # the edge writes it, with templates instead of paths
            auto_decompress=False,  # the edge refuses what is compressed
            keepalive_timeout=_KEEP_ALIVE,
            shutdown_timeout=1.0,
        )
        self._site: web.SockSite | None = None

    async def listen(self) -> None:
        """Take connections. Raises `InvalidSettings` when somebody else took the port."""
        await self._runner.setup()
        site = web.SockSite(self._runner, self._listener, backlog=_BACKLOG)
        try:
            await site.start()
        except OSError as failure:
            host, port = self._listener.getsockname()[:2]
            raise InvalidSettings(_explain(failure, host, port)) from failure
        self._site = site
        self._sweeper = asyncio.create_task(self._sweep(), name="connections")

    async def _sweep(self) -> None:
        while self._runner.server is not None:
            self._connections.sweep(self._runner.server.connections)
            await asyncio.sleep(_SWEEP_SECONDS)

    async def stop_accepting(self) -> None:
        """No new connections; the ones that are open go on."""
        if self._site is not None:
            await self._site.stop()
            self._site = None

    async def close(self) -> None:
        """End what is left."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        await self._runner.cleanup()
        self._listener.close()


def _explain(failure: OSError, host: str, port: int) -> str:
    match failure.errno:
        case errno.EADDRINUSE:
            return (
                f"[server] port: {port} is taken by another program; "
                f"stop it, or choose another: --port {port + 1 if port < 65535 else 8080}"
            )
        case errno.EACCES:
            return f"[server] port: {port} needs root; choose one above 1023, or use a proxy"
        case _:
            return f"[server] host: cannot listen on {host}: {failure.strerror or failure}"
