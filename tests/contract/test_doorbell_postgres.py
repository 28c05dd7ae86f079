"""What the doorbell between processes promises beyond the five verbs: whoever falls silent."""

import asyncio
import logging
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.types import QueueEntrypoint, QueueManagerId

import storage
from bridge.domain.errors import StorageUnavailable
from storage.postgres.alembic import upgrade
from storage.postgres.bells import RING, bells, queries
from storage.postgres.connect import connect, end
from storage.postgres.doorbell import PostgresDoorbell
from tests.captured import captured_log
from tests.contract.doorbell_contract import Resident, running
from tests.patience import PATIENCE, seen, until
from tests.postgres import Databases, server

_KILLED = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ 'doorbell'"
)
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
async def doorbell(emptied_url: str) -> AsyncIterator[PostgresDoorbell]:
    """Of one process; to be another one needs no more than another of them."""
    doorbell = PostgresDoorbell(partial(connect, emptied_url))
    yield doorbell
    await doorbell.close()


@pytest.fixture
async def connection(emptied_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's."""
    connection = await connect(emptied_url)
    yield connection
    await end(connection)


# --- PgQueuer's tables ------------------------------------------------------------------------


async def test_the_installed_pgqueuer_wants_the_tables_that_we_make(
    databases: Databases, postgres_url: str
) -> None:
    """When this fails, a new migration brings its tables forward; see `migrations/pgqueuer.py`."""
    async with databases.made(empty=True) as migrated_url:
        new, migrated = await connect(postgres_url), await connect(migrated_url)
        await upgrade(migrated)

        plans = [await queries(each).plan_upgrade() for each in (new, migrated)]

        assert [(plan.statements, plan.notes) for plan in plans] == [((), ())] * 2
        await end(new)
        await end(migrated)


async def test_nothing_is_left_behind(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection
) -> None:
    ana = Resident()
    ana.failures = 1
    async with running(doorbell, {"ana": ana}):
        for _ in range(5):
            await doorbell.ring("ana")
        await seen(lambda: connection.fetchval("SELECT count(*) FROM pgqueuer"), 0)

    tables = ("pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules")
    rows = [await connection.fetchval(f"SELECT count(*) FROM {each}") for each in tables]  # noqa: S608
    assert ana.answered
    assert rows == [0, 0, 0]


async def test_answering_changes_neither_signals_nor_logs(doorbell: PostgresDoorbell) -> None:
    def ours() -> tuple[object, ...]:
        return (*map(signal.getsignal, _SIGNALS), logging.root.level, *logging.root.handlers)

    before, ana = ours(), Resident()

    async with running(doorbell, {"ana": ana}):
        await until(lambda: ana.answered)

        assert ours() == before


# --- in a transaction -------------------------------------------------------------------------


async def test_a_bell_is_heard_when_the_transaction_in_which_it_was_rung_is_committed(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection
) -> None:
    ana = Resident()
    async with running(doorbell, {"ana": ana}):
        await until(lambda: ana.answered == 1)

        async with connection.transaction():
            await connection.execute(RING, "ana")
            early = await doorbell.drain({"ana": ana})
        await until(lambda: ana.answered == 2)

    assert early == 0


async def test_a_bell_in_a_transaction_that_is_undone_is_not_heard(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection
) -> None:
    ana, bia = Resident(), Resident()
    async with running(doorbell, {"ana": ana, "bia": bia}):
        await until(lambda: ana.answered and bia.answered)
        undone = connection.transaction()
        await undone.start()
        await connection.execute(RING, "ana")
        await undone.rollback()

        await doorbell.ring("bia")
        await until(lambda: bia.answered == 2)

    assert ana.began == 1
    assert await doorbell.drain({"ana": ana}) == 0


# --- who falls silent -------------------------------------------------------------------------


@asynccontextmanager
async def frozen(url: str, connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Somebody has a bell of Ana's and his connection, and has long said nothing."""
    holder = uuid.uuid4()
    his = await connect(url, application_name=f"deskbridge doorbell {holder}")
    await queries(his).dequeue(
        batch_size=1,
        entrypoints={QueueEntrypoint("ana"): EntrypointExecutionParameter(concurrency_limit=1)},
        queue_manager_id=QueueManagerId(holder),
        global_concurrency_limit=None,
        heartbeat_timeout=timedelta(minutes=1),
    )
    await connection.execute("UPDATE pgqueuer SET heartbeat = heartbeat - interval '1 hour'")
    yield
    await end(his)


async def test_a_bell_of_somebody_frozen_rings_for_another(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection, emptied_url: str
) -> None:
    ana = Resident()
    await doorbell.ring("ana")

    async with frozen(emptied_url, connection):
        assert await doorbell.drain({"ana": ana}) == 1

    assert ana.answered == 1


async def test_who_wakes_up_late_takes_nobodys_bell_away(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection, emptied_url: str
) -> None:
    await doorbell.ring("ana")
    async with bells(partial(connect, emptied_url)) as his:
        (bell,) = await his.pick(["ana"])
        async with bells(partial(connect, emptied_url), lasts=0) as hers:
            (same,) = await hers.pick(["ana"])

            await his.settle(bell, answered=True)

            assert same.id == bell.id
            assert await connection.fetchval("SELECT count(*) FROM pgqueuer") == 1


async def test_who_takes_long_keeps_his_bell_by_saying_that_he_lives(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection
) -> None:
    ana, bia = Resident(), Resident()
    ana.free.clear()
    age = "SELECT now() - heartbeat < interval '1 minute' FROM pgqueuer"

    async with running(doorbell, {"ana": ana}):
        await connection.execute("UPDATE pgqueuer SET heartbeat = heartbeat - interval '1 hour'")
        await seen(lambda: connection.fetchval(age), True)

        assert await doorbell.drain({"ana": bia}) == 0


async def test_a_bell_whose_holders_connection_is_gone_is_free_at_once(
    doorbell: PostgresDoorbell, emptied_url: str
) -> None:
    ana = Resident()
    await doorbell.ring("ana")
    async with bells(partial(connect, emptied_url)) as his:
        assert await his.pick(["ana"])

    assert await doorbell.drain({"ana": ana}) == 1


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
async def test_a_process_that_dies_at_the_door_leaves_the_bell_to_another(
    doorbell: PostgresDoorbell, emptied_url: str, how: signal.Signals
) -> None:
    """What PgQueuer reads from the environment is elsewhere: nothing of ours may be there."""
    ana = Resident()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.contract.doorbell_process", emptied_url),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"CHANNEL": "elsewhere", "PGQUEUER_PREFIX": "other_"},
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), PATIENCE) == b"going\n"
    before = await doorbell.drain({"ana": ana})

    process.send_signal(how)

    await seen(lambda: doorbell.drain({"ana": ana}), 1)
    assert (before, ana.answered) == (0, 1)
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


# --- trouble ----------------------------------------------------------------------------------


async def test_who_loses_the_connection_connects_again_and_misses_nothing(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection
) -> None:
    ana = Resident()
    with captured_log() as log:
        async with running(doorbell, {"ana": ana}):
            await until(lambda: ana.answered == 1)
            await connection.execute(_KILLED)
            await connection.execute(RING, "ana")

            await until(lambda: ana.answered >= 2)

    assert log.getvalue().count("doorbell_trouble") >= 1
    assert ana.most_at_once == 1


async def test_an_answer_outlasts_the_connection_over_which_it_was_rung(
    doorbell: PostgresDoorbell, connection: asyncpg.Connection
) -> None:
    ana, bia = Resident(), Resident()
    ana.free.clear()
    async with running(doorbell, {"ana": ana, "bia": bia}):
        await connection.execute(_KILLED)
        await until(lambda: bia.answered >= 2)  # connected again
        assert ana.began == 1

        ana.free.set()
        await until(lambda: ana.answered >= 2)

    assert ana.most_at_once == 1


@pytest.mark.long
async def test_a_restart_of_the_database_loses_no_bell() -> None:
    with server() as postgres:
        await storage.migrate_url(postgres.url)
        doorbell = PostgresDoorbell(partial(connect, postgres.url))
        ana = Resident()
        async with running(doorbell, {"ana": ana}):
            for _ in range(3):
                before = ana.answered
                await asyncio.to_thread(postgres.stop, signal.SIGQUIT)
                with pytest.raises(StorageUnavailable):
                    await doorbell.ring("ana")
                await asyncio.to_thread(postgres.start)
                await doorbell.ring("ana")
                await until(partial(_more, ana, before))
        await doorbell.close()

        assert ana.most_at_once == 1


def _more(ana: Resident, before: int) -> bool:
    return ana.answered > before


async def test_where_no_database_is_no_bell_is_rung(tmp_path: Path) -> None:
    doorbell = PostgresDoorbell(partial(connect, f"postgresql://desk@/desk?host={tmp_path}"))
    ana = Resident()

    for verb in (doorbell.ring("ana"), doorbell.cron("ana", "0 0 * * *")):
        with pytest.raises(StorageUnavailable):
            await verb
    with pytest.raises(StorageUnavailable):
        await doorbell.drain({"ana": ana})


async def test_a_database_that_was_closed_rings_no_more(emptied_url: str, tmp_path: Path) -> None:
    database = await storage.open_url(emptied_url, files_dir=tmp_path)
    await database.doorbell.ring("ana")
    await database.close()

    with pytest.raises(StorageUnavailable, match="closed"):
        await database.doorbell.ring("ana")
