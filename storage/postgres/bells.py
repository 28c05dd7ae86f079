"""One connection over which bells are picked and answered: PgQueuer's rows and its claims.

Each bell is a job without a payload. PgQueuer gives the tables, the word to whoever listens, and
the statement that gives one process at a time a bell of each name; who has one says again and
again that he lives. A bell whose holder's connection has ended is free at once.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
from pgqueuer import AsyncpgDriver, Queries
from pgqueuer.adapters.persistence import qb
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel, QueueEntrypoint, QueueManagerId
from pgqueuer.ports.repository import EntrypointExecutionParameter

from bridge.domain.ids import SECOND, Instant
from storage.bells import pause
from storage.crontab import Crontab
from storage.postgres.connect import TROUBLE, end

Connect = Callable[..., Awaitable[asyncpg.Connection]]

LASTS = 4.0
"""Seconds that a bell is somebody's after he last said that he lives."""
_BEAT = 1.0
_LOOKED_AT = 1.0
_ONE = EntrypointExecutionParameter(concurrency_limit=1)

RING = "INSERT INTO pgqueuer (priority, entrypoint, status) VALUES (0, $1, 'queued')"
"""For a transaction of the caller's own: heard when it is committed."""

RING_AT = """
INSERT INTO pgqueuer (priority, entrypoint, execute_after, status) VALUES (0, $1, $2, 'queued')
"""

CRON = """
WITH replaced AS (DELETE FROM pgqueuer_schedules WHERE entrypoint = $1 AND expression <> $2)
INSERT INTO pgqueuer_schedules (entrypoint, expression, next_run) VALUES ($1, $2, $3)
ON CONFLICT (expression, entrypoint) DO NOTHING
"""

_COME_ROUND = """
SELECT id, expression, next_run FROM pgqueuer_schedules
WHERE entrypoint = ANY($1) AND next_run <= now()
"""

# Of several who see that it has come round, one rings.
_RING_AGAIN = """
WITH due AS (
    UPDATE pgqueuer_schedules SET next_run = $3, last_run = now(), updated = now()
    WHERE id = $1 AND next_run = $2 RETURNING entrypoint
)
INSERT INTO pgqueuer (priority, entrypoint, status) SELECT 0, entrypoint, 'queued' FROM due
"""

_COVERED = """
WITH covered AS (
    DELETE FROM pgqueuer
    WHERE entrypoint = ANY($1) AND status = 'queued' AND execute_after < now() RETURNING entrypoint
)
SELECT entrypoint, count(*) FROM covered GROUP BY entrypoint
"""

_DONE = "DELETE FROM pgqueuer WHERE id = $1 AND queue_manager_id = $2"

_AGAIN = """
UPDATE pgqueuer
SET status = 'queued', queue_manager_id = NULL, slot = NULL, attempts = attempts + 1,
    updated = now(), execute_after = now() + $3
WHERE id = $1 AND queue_manager_id = $2
"""

_LIVES = "UPDATE pgqueuer SET heartbeat = now() WHERE queue_manager_id = $1"

_SIGNED = "deskbridge doorbell "

_FREE = """
UPDATE pgqueuer
SET status = 'queued', queue_manager_id = NULL, slot = NULL, updated = now()
WHERE status = 'picked' AND NOT EXISTS (
    SELECT FROM pg_stat_activity WHERE application_name = $1 || queue_manager_id
)
"""


# Named here, because PgQueuer would otherwise ask the environment, for names like CHANNEL, too.
_NAMES = DBSettings(
    prefix="",
    db_schema=None,
    channel=Channel("ch_pgqueuer"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.durable,
)


def queries(connection: asyncpg.Connection) -> Queries:
    """PgQueuer's statements over a connection of ours, about the tables that we made for it."""
    return Queries(
        AsyncpgDriver(connection),
        qb.QueryBuilderEnvironment(_NAMES),
        qb.QueryQueueBuilder(_NAMES),
        qb.QuerySchedulerBuilder(_NAMES),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Bell:
    """One that we have picked; `rung` counts it and those that its answer covers."""

    id: int
    name: str
    rung: int
    failures: int


class Bells:
    """What is ours ends with the connection."""

    def __init__(self, connection: asyncpg.Connection, holder: uuid.UUID, lasts: float) -> None:
        """Use `bells`."""
        self._connection = connection
        self._holder = QueueManagerId(holder)
        self._lasts = lasts
        self._queries = queries(connection)
        self._driver = self._queries.driver
        self._picked: set[int] = set()
        self._looked_at = 0.0

    async def listen(self, heard: Callable[[], None]) -> None:
        """Call this when a bell may have been rung, and when the connection ends."""

        def said(*what: object) -> None:
            if '"insert"' in str(what[-1]):  # what is picked and answered makes a sound, too
                heard()

        self._connection.add_termination_listener(lambda _: heard())
        await self._connection.add_listener(_NAMES.channel, said)

    async def ring(self, names: Iterable[str]) -> None:
        """Ring these."""
        for name in names:
            await self._driver.execute(RING, name)

    async def look_around(self, names: Sequence[str]) -> None:
        """Free what nobody has any more and ring what has come round; once a second at most."""
        if time.monotonic() < self._looked_at + _LOOKED_AT:
            return
        self._looked_at = time.monotonic()
        await self._driver.execute(_FREE, _SIGNED)
        for row in await self._driver.fetch(_COME_ROUND, names):
            now, due = datetime.now(UTC), row["next_run"]
            assert isinstance(due, datetime)
            then = Crontab(str(row["expression"])).after(_instant(max(now, due)))
            await self._driver.execute(_RING_AGAIN, row["id"], due, moment(then))

    async def pick(self, names: Sequence[str]) -> list[Bell]:
        """One bell of each of these names, if it is rung and nobody else has one."""
        if not names:
            return []
        jobs = await self._queries.dequeue(
            batch_size=len(names),
            entrypoints={QueueEntrypoint(name): _ONE for name in names},
            queue_manager_id=self._holder,
            global_concurrency_limit=None,
            heartbeat_timeout=timedelta(seconds=self._lasts),
        )
        if not jobs:
            return []
        self._picked.update(job.id for job in jobs)
        # Whoever rang before sees his rows looked at by the answer that begins only now.
        covered = await self._driver.fetch(_COVERED, [job.entrypoint for job in jobs])
        counts = {row["entrypoint"]: int(str(row["count"])) for row in covered}
        return [
            Bell(
                id=job.id,
                name=job.entrypoint,
                rung=1 + counts.get(job.entrypoint, 0),
                failures=job.attempts,
            )
            for job in jobs
        ]

    async def settle(self, bell: Bell, *, answered: bool) -> None:
        """It is gone when it was answered, else it rings again after a while."""
        self._picked.discard(bell.id)
        if answered:
            await self._driver.execute(_DONE, bell.id, self._holder)
        else:
            later = timedelta(seconds=pause(bell.failures))
            await self._driver.execute(_AGAIN, bell.id, self._holder, later)

    async def live(self) -> None:
        """Say again and again that we do; until cancelled."""
        while True:
            await asyncio.sleep(_BEAT)
            if self._picked:
                with suppress(*TROUBLE):
                    await self._driver.execute(_LIVES, self._holder)


@asynccontextmanager
async def bells(connect: Connect, lasts: float = LASTS) -> AsyncIterator[Bells]:
    """A connection for as long as the block lasts; then what it has not answered is free."""
    holder = uuid.uuid4()
    connection = await connect(application_name=f"{_SIGNED}{holder}")
    ours = Bells(connection, holder, lasts)
    living = asyncio.create_task(ours.live(), name="doorbell lives")
    try:
        yield ours
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await end(connection)


def moment(instant: Instant) -> datetime:
    """As the database takes it."""
    return datetime.fromtimestamp(instant / SECOND, UTC)


def _instant(moment: datetime) -> Instant:
    return Instant(int(moment.timestamp() * SECOND))
