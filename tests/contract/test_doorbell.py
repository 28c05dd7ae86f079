"""Both doorbells keep what every doorbell promises."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from bridge.domain.ids import Instant
from bridge.ports.clock import MovableClock, SystemClock
from storage.postgres.connect import connect, end
from storage.postgres.doorbell import PostgresDoorbell
from storage.sqlite.doorbell import EmbeddedDoorbell
from tests.contract.doorbell_contract import DoorbellContract, DoorbellRig

_EARLIER = """
WITH bells AS (UPDATE pgqueuer SET execute_after = execute_after - $1::interval)
UPDATE pgqueuer_schedules SET next_run = next_run - $1::interval
"""


class EmbeddedRig(DoorbellRig):
    """In memory: there is no other process."""

    def __init__(self) -> None:
        """Not rung yet."""
        self._clock = MovableClock(SystemClock())
        self.doorbell = self.another = EmbeddedDoorbell(self._clock)

    def now(self) -> Instant:
        return self._clock.now()

    async def forward(self, millis: int) -> None:
        self._clock.forward(millis)


class PostgresRig(DoorbellRig):
    """Two processes on one database. Its clock stands still: what is to come comes nearer."""

    def __init__(self, url: str) -> None:
        """Not rung yet."""
        self._url = url
        self.doorbells = [PostgresDoorbell(partial(connect, url)) for _ in range(2)]
        self.doorbell, self.another = self.doorbells

    def now(self) -> Instant:
        return SystemClock().now()

    async def forward(self, millis: int) -> None:
        connection = await connect(self._url)
        await connection.execute(_EARLIER, timedelta(milliseconds=millis))
        await end(connection)


class TestEmbedded(DoorbellContract):
    @pytest.fixture
    def rig(self) -> DoorbellRig:
        return EmbeddedRig()


class TestPostgres(DoorbellContract):
    @pytest.fixture
    async def rig(self, emptied_url: str) -> AsyncIterator[DoorbellRig]:
        rig = PostgresRig(emptied_url)
        yield rig
        for doorbell in rig.doorbells:
            await doorbell.close()
