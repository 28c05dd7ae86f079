"""A disk that is locked, full, read-only or gone: an error, nothing stored, and then again well."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import MessageId
from bridge.ports.store import Changes, Needs
from storage import Database
from tests.contract import rows
from tests.contract.rows import put
from tests.integration.storage.bench import Bench, locked_by_another
from tests.patience import PATIENCE, until

LARGE = b"x" * 20_000


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Writing beyond fails, as on a broken disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_on_a_full_disk_nothing_is_stored_and_with_room_all_is_well(bench: Bench) -> None:
    await bench.adapter.put("before", "k", b"1")
    pages = bench.connection.execute("PRAGMA page_count").fetchone()[0]
    bench.connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StorageUnavailable, match="full"):
        await bench.adapter.put("large", "k", LARGE)
    with pytest.raises(StorageUnavailable, match="full"):
        await bench.store.commit(Changes(inbox=[rows.inbox(f"{n}") for n in range(500)]))

    assert await bench.adapter.get("large", "k") is None
    assert await bench.adapter.get("before", "k") == b"1"
    bench.connection.execute("PRAGMA max_page_count = 1000000")
    await bench.adapter.put("large", "k", LARGE)
    await bench.store.commit(Changes(inbox=[rows.inbox(f"{n}") for n in range(500)]))


async def test_a_disk_that_fails_in_the_middle_of_a_commit_stores_nothing(bench: Bench) -> None:
    await bench.adapter.put("before", "k", b"1")
    log = bench.path.with_name("desk.db-wal").stat().st_size

    with largest_file(log + 4_096), pytest.raises(StorageUnavailable):
        await bench.adapter.put("large", "k", LARGE)

    assert await bench.adapter.get("large", "k") is None
    await bench.adapter.put("large", "k", LARGE)
    assert await bench.adapter.get("large", "k") == LARGE


async def test_a_read_only_database_refuses_and_recovers(bench: Bench) -> None:
    bench.connection.execute("PRAGMA query_only = ON")

    with pytest.raises(StorageUnavailable, match="readonly"):
        await bench.store.commit(Changes(inbox=[rows.inbox("a")]))

    bench.connection.execute("PRAGMA query_only = OFF")
    await bench.store.commit(Changes(inbox=[rows.inbox("a")]))


async def test_it_waits_for_somebody_else_who_writes_for_a_moment(bench: Bench) -> None:
    with locked_by_another(bench.path):
        writing = asyncio.ensure_future(bench.adapter.put("state", "k", b"1"))
        await asyncio.sleep(0.05)
        was_done = writing.done()

    await asyncio.wait_for(writing, PATIENCE)

    assert not was_done
    assert await bench.adapter.get("state", "k") == b"1"


async def test_it_waits_without_holding_anybody_up(bench: Bench) -> None:
    loop = asyncio.get_running_loop()
    late = []
    with locked_by_another(bench.path):
        writing = asyncio.ensure_future(bench.adapter.put("state", "k", b"1"))
        for _ in range(10):
            before = loop.time()
            await asyncio.sleep(0.005)
            late.append(loop.time() - before)
        assert not writing.done()

    await writing

    assert sorted(late)[len(late) // 2] < 1


async def test_when_somebody_else_never_ends_it_gives_up_and_recovers(hasty: Bench) -> None:
    with locked_by_another(hasty.path), pytest.raises(StorageUnavailable, match="locked"):
        await hasty.store.commit(Changes(inbox=[rows.inbox("a")]))

    await hasty.store.commit(Changes(inbox=[rows.inbox("a")]))


async def test_who_comes_while_somebody_else_does_not_end_is_told_at_once(hasty: Bench) -> None:
    with locked_by_another(hasty.path):
        with pytest.raises(StorageUnavailable):
            await hasty.adapter.put("state", "k", b"1")
        before = hasty.count("BEGIN")
        with pytest.raises(StorageUnavailable):
            await hasty.adapter.put("state", "k", b"2")
        tries = hasty.count("BEGIN") - before

    await hasty.adapter.put("state", "k", b"3")
    with locked_by_another(hasty.path):
        before = hasty.count("BEGIN")
        writing = asyncio.ensure_future(hasty.adapter.put("state", "k", b"4"))
        await until(lambda: hasty.count("BEGIN") >= before + 2)  # so it came back, and waits again
    await asyncio.wait([writing])

    assert tries == 1


async def test_readers_read_while_somebody_writes(bench: Bench) -> None:
    await bench.adapter.put("state", "k", b"1")

    with locked_by_another(bench.path) as other:
        other.execute("DELETE FROM document")

        assert await bench.adapter.get("state", "k") == b"1"


async def test_a_connection_that_breaks_is_opened_anew(bench: Bench) -> None:
    bench.connection.close()

    with pytest.raises(StorageUnavailable):
        await bench.adapter.put("state", "k", b"1")
    await bench.adapter.put("state", "k", b"2")

    assert await bench.adapter.get("state", "k") == b"2"
    assert len(bench.opened) == 2


async def test_a_damaged_database_is_unavailable_not_empty(bench: Bench) -> None:
    contact, identity = rows.customer()
    await bench.store.commit(put(contact, identity))
    bench.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = bench.path.stat().st_size
    with bench.path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * (size - 4_096))

    with pytest.raises(StorageUnavailable):
        await bench.store.open_desk()
    with pytest.raises(StorageUnavailable):
        await bench.store.load(Needs(messages=frozenset({MessageId(1)})))


async def test_after_the_end_nothing_is_taken(database: Database) -> None:
    await database.close()

    with pytest.raises(StorageUnavailable, match="closed"):
        await database.store.commit(Changes(inbox=[rows.inbox("a")]))
    with pytest.raises(StorageUnavailable, match="closed"):
        await database.reads.conversation(1)


async def test_what_was_handed_in_before_the_end_is_written(bench: Bench) -> None:
    writes = [asyncio.ensure_future(bench.adapter.put("s", f"{n}", b"")) for n in range(10)]
    await asyncio.sleep(0)

    await bench.writer.stop()

    await asyncio.gather(*writes)
    assert len(await bench.adapter.scan("s")) == 10
