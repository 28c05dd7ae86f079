"""The CPU that a database's own processes use for us, where they are on this machine."""

from typing import TYPE_CHECKING, Self

import psutil

from bridge.bench.children import cpu_seconds

if TYPE_CHECKING:
    import asyncpg

_OURS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_NAME = "postgres"

Used = dict[int, float]


class Server:
    """The processes that serve one database. SQLite has none; another machine's are not seen."""

    def __init__(self, connection: "asyncpg.Connection | None") -> None:
        """Use `of`."""
        self._connection = connection

    @classmethod
    async def of(cls, url: str) -> Self:
        """Of the database behind this address; an empty one is a file."""
        if not url:
            return cls(None)
        from bridge.bench.history.admin import connected

        return cls(await connected(url))

    async def close(self) -> None:
        """Look no more."""
        if self._connection is not None:
            await self._connection.close()

    async def used(self) -> Used:
        """CPU seconds of each of them so far."""
        if self._connection is None:
            return {}
        rows = await self._connection.fetch(_OURS)
        return {row["pid"]: cpu_seconds(row["pid"]) for row in rows if _is_here(row["pid"])}


def between(before: Used, after: Used) -> float:
    """CPU seconds between two looks; who came in between began with nothing."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _is_here(pid: int) -> bool:
    """Whether this number is a server's process on this machine, and not somebody else's."""
    try:
        return psutil.Process(pid).name().startswith(_NAME)
    except psutil.NoSuchProcess:
        return False
