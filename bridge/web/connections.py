"""Closes connections on which nobody finishes asking: slow headers would hold one for ever."""

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol

SILENT_SECONDS = 15.0
IDLE_SECONDS = 90.0  # a connection that rests between two requests, aiohttp itself ends earlier
_BUSY = float("inf")


class Connection(Protocol):
    """One connection as aiohttp has it."""

    transport: asyncio.Transport | None


class Connections:
    """Since when nothing was asked on each connection; `sweep` once in a while."""

    def __init__(self, silent: float = SILENT_SECONDS, idle: float = IDLE_SECONDS) -> None:
        """So many seconds until the first request is whole, and until any later one is."""
        self._silent = silent
        self._idle = idle
        self._asked: dict[object, float] = {}
        self._seen: dict[object, float] = {}

    def asks(self, connection: object) -> None:
        """A whole request arrived; while it is served nothing is overdue."""
        self._asked[connection] = _BUSY

    def rests(self, connection: object) -> None:
        """It was answered."""
        self._asked[connection] = time.monotonic()

    def sweep(self, connections: Iterable[Connection]) -> None:
        """Close what is overdue, forget what is gone."""
        now = time.monotonic()
        asked, seen = self._asked, self._seen
        self._asked, self._seen = {}, {}
        for connection in connections:
            if connection in asked:
                self._asked[connection] = since = asked[connection]
                limit = self._idle
            else:
                self._seen[connection] = since = seen.get(connection, now)
                limit = self._silent
            if now - since > limit and connection.transport is not None:
                connection.transport.abort()
