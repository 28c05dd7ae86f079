"""Connections to platforms, given out only while no other process can have replaced this one."""

import errno

import aiohttp
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from bridge.ports.holding import Replaced


class Connector(aiohttp.TCPConnector):
    """Asks last of all: whoever was frozen in front of his call makes none when he wakes up."""

    def __init__(self, replaced: Replaced, limit: int = 100) -> None:
        """At most `limit` connections at once."""
        super().__init__(limit=limit)
        self._replaced = replaced

    async def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        """A connection for one request. Raises `NotOurs`: certainly nothing was sent."""
        connection = await super().connect(req, traces, timeout)
        if self._replaced():
            connection.close()
            raise NotOurs(req.connection_key, OSError(errno.EPERM, "another process may lead now"))
        return connection


class NotOurs(aiohttp.ClientConnectorError):
    """Another process may lead the desk: it makes the call, or asks what became of it."""
