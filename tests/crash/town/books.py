"""The desk's own books, read from outside: what it has promised and what became of it."""

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import asyncpg

from storage.postgres.connect import end

_STATES = "SELECT state, count(*) FROM delivery GROUP BY state"
_IN_DOUBT = "SELECT body FROM delivery WHERE side = 'channel' AND state IN ('unknown', 'dead')"


class Books:
    """Of a desk on a SQLite file, or on PostgreSQL where `url` names a database."""

    def __init__(self, file: Path, url: str = "") -> None:
        """Nothing is opened yet."""
        self._file = file
        self._url = url

    async def deliveries(self) -> Counter[str]:
        """How many deliveries are in which state, on disk."""
        rows = await self._rows(_STATES)
        return Counter({str(state): int(str(number)) for state, number in rows})

    async def in_doubt(self) -> frozenset[str]:
        """Replies that the desk itself does not know to have arrived."""
        rows = await self._rows(_IN_DOUBT)
        texts = (body.decode() if isinstance(body, bytes) else str(body) for (body,) in rows)
        return frozenset(line for text in texts for line in re.findall(r"r-c\d{2,4}-\d{4}", text))

    async def _rows(self, query: str) -> Sequence[Sequence[object]]:
        if not self._url:
            with closing(sqlite3.connect(self._file)) as database:
                return database.execute(query).fetchall()
        connection = await asyncpg.connect(self._url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await end(connection)
