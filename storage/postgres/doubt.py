"""Commits of which nobody heard: what became of them is asked until the database says it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import structlog

from storage.mapping.row import Row
from storage.postgres.compiled import COLUMNS
from storage.postgres.connect import TROUBLE, explained

_PAUSE = 0.1

# Waits for the transaction if it is under way; where its own mark is, that stays.
_LOST = """
INSERT INTO written (id, lost) VALUES ($1, true)
ON CONFLICT (id) DO UPDATE SET lost = written.lost RETURNING lost
"""
_CHANGED = """
SELECT array_agg(id) FROM delivery
JOIN unnest($1::bigint[], $2::text[], $3::bigint[]) AS mark (id, state, changed_at)
USING (id, state, changed_at)
"""
_ID, _STATE, _AT = map(COLUMNS["delivery_mark"].index, ("of", "state", "changed_at"))
"""Where a row that marks a delivery has them."""

log = structlog.get_logger()


class Doubt:
    """Asks over new connections, however long the database is away."""

    def __init__(self, connected: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        """`connected` gives a connection that has not been terminated."""
        self._connected = connected

    async def settle(self, connection: asyncpg.Connection, mark: int, error: Exception) -> None:
        """Returns when that transaction is on disk.

        Raises `StorageUnavailable` when it is not and never will be: who asks leaves the mark
        himself if it is not there, so what may still be on its way is refused when it arrives.
        """
        connection.terminate()
        log.warning("commit_unknown", error=type(error).__name__)
        lost = await self._told(_LOST, mark)
        log.warning("commit_known", committed=not lost)
        if lost:
            raise explained(error) from error

    async def changed(self, marks: Sequence[Row]) -> frozenset[int]:
        """Which deliveries a transaction has marked so, of which nobody heard until now.

        Nobody else writes, so one that is as its mark says was marked by it.
        """
        columns = ([mark[cell] for mark in marks] for cell in (_ID, _STATE, _AT))
        ids = await self._told(_CHANGED, *columns)
        return frozenset(ids if isinstance(ids, list) else ())

    async def _told(self, question: str, *values: object) -> object:
        while True:
            try:
                connection = await self._connected()
                found: object = await connection.fetchval(question, *values)
            except TROUBLE:
                await asyncio.sleep(_PAUSE)
            else:
                return found
