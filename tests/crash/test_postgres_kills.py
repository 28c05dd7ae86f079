"""Killed at any moment, a desk on PostgreSQL loses, doubles and reorders nothing that it took."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from tests.crash.test_kills import JOURNALS, Desk, running, survives

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1800)]


class PostgresDesk(Desk):
    """The same desk on another database."""

    def __init__(self, folder: Path, port: int, url: str) -> None:
        super().__init__(folder, port)
        self.more = (url,)

    def entries(self) -> list[bytes | str]:
        """Asked on a thread: nobody here waits for a loop."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._entries()).result()

    async def _entries(self) -> list[bytes | str]:
        connection = await asyncpg.connect(self.more[0])
        try:
            return [row[0] for row in await connection.fetch(JOURNALS)]
        finally:
            await connection.close()


@pytest.mark.parametrize(
    "often",
    [pytest.param(1, id="once"), pytest.param(None, id="often", marks=pytest.mark.long)],
)
async def test_nothing_taken_is_lost_doubled_or_reordered(
    tmp_path: Path, postgres_url: str, kills: int, often: int | None
) -> None:
    async with running(tmp_path, partial(PostgresDesk, url=postgres_url)) as desk:
        await survives(desk, often or kills)
