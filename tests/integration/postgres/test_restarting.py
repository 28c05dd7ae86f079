"""A database that fails and comes back under load: what it said it had, it has, and once."""

import asyncio
import signal
from functools import partial
from itertools import count
from pathlib import Path

import pytest

import storage
from bridge.domain.errors import StorageUnavailable
from bridge.ports.store import Changes, DuplicateInbox
from storage import Database
from storage.journals import Journals
from storage.postgres.connect import connect, end
from storage.postgres.migrate import migrate
from storage.postgres.readers import Readers
from storage.postgres.store import PostgresStore
from storage.postgres.writer import Writer
from tests.contract import rows
from tests.integration.postgres.wire import Break, Wire, socket_of, through
from tests.leading import Leader
from tests.patience import PATIENCE, until
from tests.postgres import server

_DURABLE = ("shared_buffers=16MB", "max_connections=50")


async def write(database: Database, worker: int, stop: asyncio.Event, taken: list[str]) -> None:
    """Line after line; one that was refused is handed in again."""
    for number in count():
        name = f"{worker}-{number}"
        while True:
            try:
                await database.store.commit(Changes(inbox=[rows.inbox(name)]))
            except StorageUnavailable:
                await asyncio.sleep(0.02)
            else:
                taken.append(name)
                break
        if stop.is_set():
            return


@pytest.mark.crash
async def test_a_database_that_fails_in_the_middle_of_everything_keeps_what_it_took(
    tmp_path: Path,
) -> None:
    """A row that was refused is not there (else it would be known), one that was taken is."""
    with server(_DURABLE) as postgres:
        database = await storage.open_url(postgres.url, files_dir=tmp_path)
        leader = Leader(database)
        await leader.begin()
        stop, taken = asyncio.Event(), list[str]()
        workers = [asyncio.create_task(write(database, n, stop, taken)) for n in range(4)]

        for _ in range(3):
            await until(partial(_as_many_as, taken, len(taken) + 20))
            await asyncio.to_thread(postgres.stop, signal.SIGQUIT)
            await asyncio.to_thread(postgres.start)
        stop.set()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*workers)

        assert leader.held is not None
        assert not leader.held.deposed.is_set()
        for name in taken:
            with pytest.raises(DuplicateInbox):
                await database.store.commit(Changes(inbox=[rows.inbox(name)]))
        await leader.end()
        await database.close()


def _as_many_as(taken: list[str], wanted: int) -> bool:
    return len(taken) >= wanted


@pytest.mark.crash
async def test_a_commit_that_a_crash_lost_is_not_taken_for_another_that_got_its_number(
    tmp_path: Path,
) -> None:
    """A server that comes back from a crash gives the numbers of lost transactions again."""
    with server(_DURABLE) as postgres:
        await migrate(postgres.url)
        wire = Wire(socket_of(postgres.url), tmp_path)
        async with wire.open():
            writer = Writer(partial(connect, through(postgres.url, tmp_path)))
            store = PostgresStore(writer, Readers(partial(connect, postgres.url)), Journals())
            await store.commit(Changes(inbox=[rows.inbox("before")]))
            wire.fault = Break.ORDER_LOST
            wire.let.clear()
            lost = asyncio.ensure_future(store.commit(Changes(inbox=[rows.inbox("lost")])))
            async with asyncio.timeout(PATIENCE):
                await wire.struck.wait()

            await asyncio.to_thread(postgres.stop, signal.SIGQUIT)
            await asyncio.to_thread(postgres.start)
            connection = await connect(postgres.url)
            for other in range(100):  # one of them has the lost one's number
                await connection.execute("INSERT INTO written (id) VALUES ($1)", -other)
            await end(connection)
            wire.let.set()

            with pytest.raises(StorageUnavailable):
                await asyncio.wait_for(lost, PATIENCE)
            await store.commit(Changes(inbox=[rows.inbox("lost")]))
            await writer.close()
