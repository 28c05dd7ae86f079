"""Whoever waits shares one commit, and one caller's trouble is not the others'."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.ports.store import Changes, CommitRefused, DuplicateInbox
from storage.sqlite.connect import connect_reader, connect_writer
from storage.sqlite.migrate import migrate
from tests.contract import rows
from tests.contract.rows import put, touch
from tests.integration.storage.bench import Bench


def test_a_commit_is_on_disk_when_it_returns(quick_folder: Path) -> None:
    """`synchronous = FULL` (2) syncs the log at each commit; NORMAL (1) would not."""
    path = quick_folder / "desk.db"
    migrate(path)
    writer, reader = connect_writer(path), connect_reader(path)

    settings = {
        name: writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "fullfsync")
    }

    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 0,
        "fullfsync": 0,
    }
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM inbox")
    writer.close()
    reader.close()


async def test_all_who_come_together_share_one_commit(bench: Bench) -> None:
    await asyncio.gather(
        *(bench.adapter.put("s", f"{n}", b"") for n in range(50)),
        bench.store.commit(Changes(inbox=[rows.inbox("a")])),
        *(bench.adapter.append("j", f"{n}", b"") for n in range(50)),
    )

    assert bench.count("BEGIN") == bench.count("COMMIT") == 1


async def test_who_comes_during_a_commit_goes_into_the_next(bench: Bench) -> None:
    first = asyncio.ensure_future(bench.adapter.put("s", "first", b""))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    under_way = bench.count("BEGIN")

    await asyncio.gather(*(bench.adapter.put("s", f"{n}", b"") for n in range(50)))

    await first
    assert under_way == 1
    assert bench.count("COMMIT") == 2


async def test_a_batch_that_is_refused_goes_alone(bench: Bench) -> None:
    await bench.store.commit(Changes(inbox=[rows.inbox("a")]))

    answers = await asyncio.gather(
        bench.adapter.put("s", "1", b""),
        bench.store.commit(Changes(inbox=[rows.inbox("a")])),
        bench.store.commit(Changes(inbox=[rows.inbox("b")])),
        bench.store.commit(put(rows.customer()[1])),
        bench.adapter.put("s", "2", b""),
        return_exceptions=True,
    )

    assert [type(answer).__name__ for answer in answers] == [
        "NoneType",
        DuplicateInbox.__name__,
        "Committed",
        CommitRefused.__name__,
        "NoneType",
    ]
    assert len(await bench.adapter.scan("s")) == 2


async def test_a_write_that_no_database_can_hold_fails_alone(bench: Bench) -> None:
    answers = await asyncio.gather(
        bench.adapter.put("s", "1", b""),
        bench.adapter.put("s", "\ud800", b""),
        bench.adapter.put("s", "2", b""),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [type(None), UnicodeEncodeError, type(None)]
    assert len(await bench.adapter.scan("s")) == 2


async def test_a_caller_who_goes_away_holds_up_nobody(bench: Bench) -> None:
    gone = asyncio.ensure_future(bench.adapter.put("s", "gone", b""))
    await asyncio.sleep(0)
    gone.cancel()

    await bench.adapter.put("s", "next", b"")

    assert [document.key for document in await bench.adapter.scan("s")] == ["gone", "next"]


async def test_a_touched_conversation_writes_no_index(bench: Bench) -> None:
    contact, identity = rows.customer()
    talk = rows.conversation(identity)
    await bench.store.commit(put(contact, identity, talk))
    bench.statements.clear()

    await bench.store.commit(touch(replace(talk, last_customer_at=rows.at(99))))

    assert bench.count("UPDATE conversation SET replied_at") == 1
    assert bench.count("INSERT INTO conversation") == 0


async def test_the_disk_syncs_on_a_thread_of_its_own(bench: Bench) -> None:
    await bench.store.commit(Changes(inbox=[rows.inbox("a")]))

    assert bench.committed_by == {"commits"}
