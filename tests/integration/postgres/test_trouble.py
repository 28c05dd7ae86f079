"""A database that goes away, refuses or is silent: told truly, nothing twice, nothing lost."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from bridge.domain.delivery import DeliveryState
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import DeliveryId
from bridge.ports.store import Changes, DeliveryMark
from storage.asking.desk import last_entry
from storage.journals import Journals
from storage.postgres.adapter_store import PostgresAdapterStore
from storage.postgres.connect import connect, is_refusal
from storage.postgres.readers import Readers
from storage.postgres.store import PostgresStore
from storage.postgres.transaction import Transaction
from storage.postgres.writer import Write, Writer
from tests.contract import rows
from tests.contract.rows import put
from tests.integration.postgres.wire import Break, Wire, socket_of, through
from tests.patience import PATIENCE, seen


@dataclass(frozen=True)
class Bench:
    """The parts of a database, behind a wire that can break."""

    url: str
    wire: Wire
    writer: Writer
    readers: Readers
    store: PostgresStore
    adapter: PostgresAdapterStore
    patient: PostgresStore
    """One that waits for whoever holds a table."""

    async def somebody(self, statement: str) -> object:
        """What somebody else does with the same database."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


@pytest.fixture
async def bench(postgres_url: str) -> AsyncIterator[Bench]:
    """An empty database."""
    with tempfile.TemporaryDirectory(prefix="wire") as folder:
        wire = Wire(socket_of(postgres_url), Path(folder))
        async with wire.open():
            url = through(postgres_url, Path(folder))
            writer = Writer(partial(connect, url, lock_timeout="200ms"))
            readers, journals = Readers(partial(connect, url)), Journals()
            store = PostgresStore(writer, readers, journals)
            adapter = PostgresAdapterStore("web", writer, readers, journals)
            waits = Writer(partial(connect, url))
            patient = PostgresStore(waits, readers, journals)
            yield Bench(postgres_url, wire, writer, readers, store, adapter, patient)
            await writer.close()
            await waits.close()
            await readers.close()


def claim(delivery: DeliveryId) -> DeliveryMark:
    """Take what is pending."""
    when, to = (DeliveryState.PENDING,), DeliveryState.SENDING
    return DeliveryMark(id=delivery, when=when, state=to, at=rows.at(50), attempts=1)


def batch(*digests: str) -> Changes:
    """Something that came in."""
    return Changes(inbox=[rows.inbox(digest) for digest in digests])


END_ALL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
OURS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'deskbridge'"
)
STORED = "SELECT count(*) FROM inbox_digest"


# --- a commit of which nobody hears ---------------------------------------------------------


async def test_a_commit_whose_answer_is_lost_is_found_to_be_made(bench: Bench) -> None:
    await bench.store.commit(batch("before"))
    bench.wire.fault = Break.ANSWER_LOST

    await bench.store.commit(batch("a"))

    assert bench.wire.struck.is_set()
    assert await bench.somebody(STORED) == 2


async def test_a_commit_that_never_arrived_is_found_not_to_be_made(bench: Bench) -> None:
    await bench.store.commit(batch("before"))
    bench.wire.fault = Break.ORDER_LOST

    with pytest.raises(StorageUnavailable):
        await bench.store.commit(batch("a"))

    assert await bench.somebody(STORED) == 1
    await bench.store.commit(batch("a"))
    assert await bench.somebody(STORED) == 2


async def test_a_commit_still_under_way_is_waited_for(bench: Bench) -> None:
    await bench.adapter.put("s", "before", b"")
    bench.wire.fault = Break.SLOW

    await bench.adapter.put("s", "a", b"1")

    assert bench.wire.struck.is_set()
    assert await bench.adapter.get("s", "a") == b"1"


async def test_what_is_still_on_its_way_when_somebody_asks_is_refused_when_it_arrives(
    bench: Bench,
) -> None:
    """Else it would be written although its writer was told that it was not."""
    await bench.store.commit(batch("before"))
    bench.wire.fault = Break.SLOW

    with pytest.raises(StorageUnavailable):
        await bench.store.commit(batch("a"))
    async with asyncio.timeout(PATIENCE):
        await bench.wire.arrived.wait()
    await seen(lambda: bench.somebody(OURS), 1)  # its connection has come to its end

    assert await bench.somebody(STORED) == 1
    await bench.store.commit(batch("a"))
    assert await bench.somebody(STORED) == 2


async def test_marks_are_forgotten_but_not_those_of_what_was_lost(bench: Bench) -> None:
    await bench.store.commit(batch("before"))
    bench.wire.fault = Break.ORDER_LOST
    with pytest.raises(StorageUnavailable):
        await bench.store.commit(batch("lost"))
    await bench.store.commit(batch("after"))
    marks = await bench.somebody("SELECT array_agg(lost ORDER BY id) FROM written")

    await bench.writer.write(Write(Transaction.forget_marks))

    left = await bench.somebody("SELECT array_agg(lost ORDER BY id) FROM written")
    assert marks == [False, True, False]
    assert left == [True, False]  # and its own


async def test_what_a_batch_marked_is_known_though_its_answer_was_lost(bench: Bench) -> None:
    contact, identity = rows.customer()
    talk = rows.conversation(identity)
    said = rows.line(talk)
    first, ours = rows.delivery(said), rows.delivery(said)
    late = rows.delivery(said, DeliveryState.SENT)
    made = put(contact, identity, talk)
    made.messages, made.deliveries = [said], [first, ours, late]
    await bench.store.commit(made)
    await bench.store.commit(Changes(marks=[claim(first.id), claim(late.id)]))
    bench.wire.fault = Break.ANSWER_LOST

    marked = await bench.store.commit(Changes(marks=[claim(ours.id), claim(late.id)]))

    assert bench.wire.struck.is_set()
    assert marked.lost_marks == {late.id}


async def test_while_nobody_knows_nothing_is_said_and_nothing_else_is_decided(
    bench: Bench,
) -> None:
    await bench.store.commit(batch("before"))
    bench.wire.fault = Break.ANSWER_LOST
    bench.wire.let.clear()

    first = asyncio.ensure_future(bench.store.commit(batch("a")))
    async with asyncio.timeout(PATIENCE):
        await bench.wire.struck.wait()
    second = asyncio.ensure_future(bench.store.commit(batch("b")))
    await asyncio.sleep(0.3)
    silent = not first.done() and not second.done()
    bench.wire.let.set()

    await asyncio.wait_for(asyncio.gather(first, second), PATIENCE)
    assert silent
    assert await bench.somebody(STORED) == 3


async def test_everybody_who_shared_the_commit_is_told_the_same(bench: Bench) -> None:
    await bench.adapter.put("s", "before", b"")
    bench.wire.fault = Break.ANSWER_LOST

    await asyncio.gather(
        bench.store.commit(batch("a")), *(bench.adapter.put("s", f"{n}", b"") for n in range(5))
    )

    assert len(await bench.adapter.scan("s")) == 6
    assert await bench.somebody(STORED) == 1


# --- a database that is away, or refuses everything -----------------------------------------


async def test_a_connection_that_was_ended_is_made_anew(bench: Bench) -> None:
    await bench.adapter.put("s", "a", b"1")
    await bench.somebody(END_ALL)

    with suppress(StorageUnavailable):  # unless it has heard of its end already
        await bench.adapter.put("s", "a", b"2")
    await bench.adapter.put("s", "a", b"3")

    assert await bench.adapter.get("s", "a") == b"3"


async def test_a_connection_that_is_ended_in_the_middle_of_a_batch_stores_nothing(
    bench: Bench,
) -> None:
    other = await asyncpg.connect(bench.url)
    await other.execute("BEGIN")
    await other.execute("LOCK TABLE inbox_digest")
    writing = asyncio.ensure_future(bench.patient.commit(batch("a")))
    await seen(lambda: bench.somebody(WAITING), 1)

    await bench.somebody(END_ALL)

    with pytest.raises(StorageUnavailable):
        await asyncio.wait_for(writing, PATIENCE)
    assert await bench.somebody(STORED) == 0
    other.terminate()
    await bench.store.commit(batch("a"))


async def test_a_reader_looks_again_with_a_new_connection(bench: Bench) -> None:
    await bench.adapter.put("s", "a", b"1")
    await bench.adapter.get("s", "a")
    bench.wire.cut()

    assert await bench.adapter.get("s", "a") == b"1"


async def test_a_database_that_is_away_refuses_at_once_and_recovers(bench: Bench) -> None:
    bench.wire.let.clear()
    bench.wire.cut()

    with pytest.raises(StorageUnavailable, match="cannot be used now"):
        await bench.store.commit(batch("a"))
    with pytest.raises(StorageUnavailable, match="cannot be used now"):
        await bench.adapter.get("s", "a")

    bench.wire.let.set()
    await bench.store.commit(batch("a"))


WRITING = {"default_transaction_read_only": "off"}


async def test_a_read_only_database_refuses_and_recovers(bench: Bench) -> None:
    name = await bench.somebody("SELECT current_database()")
    await bench.somebody(f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    with pytest.raises(StorageUnavailable, match="read-only"):
        await bench.store.commit(batch("a"))

    connection = await asyncpg.connect(bench.url, server_settings=WRITING)
    await connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    await connection.close()
    bench.wire.cut()
    with pytest.raises(StorageUnavailable):
        await bench.store.commit(batch("a"))
    await bench.store.commit(batch("a"))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("53100", "disk is full"),
        ("53200", "out of memory"),
        ("53300", "too many clients"),
        ("57P03", "starting up"),
        ("58030", "input/output error"),
        ("XX001", "data is corrupted"),
        ("40001", "serialize"),
        ("40P01", "deadlock"),
    ],
)
async def test_a_database_that_is_not_well_refuses_whole_and_recovers(
    bench: Bench, state: str, said: str
) -> None:
    await bench.somebody(
        f"DO $$ BEGIN CREATE FUNCTION ill() RETURNS trigger LANGUAGE plpgsql AS $ill$ "
        f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = '{state}'; END $ill$; "
        f"CREATE TRIGGER ill BEFORE INSERT ON inbox_digest FOR EACH ROW "
        f"EXECUTE FUNCTION ill(); END $$"
    )

    answers = await asyncio.gather(
        bench.store.commit(batch("a")), bench.adapter.put("s", "a", b""), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [StorageUnavailable] * 2
    assert said in str(answers[0])
    assert await bench.somebody(STORED) == 0
    await bench.somebody("DO $$ BEGIN DROP TRIGGER ill ON inbox_digest; END $$")
    await bench.store.commit(batch("a"))


async def test_a_table_that_somebody_holds_is_not_waited_for_for_ever(bench: Bench) -> None:
    other = await asyncpg.connect(bench.url)
    await other.execute("BEGIN")
    await other.execute("LOCK TABLE inbox_digest")

    with pytest.raises(StorageUnavailable, match="lock timeout"):
        await bench.store.commit(batch("a"))

    await other.execute("ROLLBACK")
    await other.close()
    await bench.store.commit(batch("a"))


# --- one caller's trouble -------------------------------------------------------------------


async def test_a_text_that_this_database_cannot_hold_is_stored_with_a_sign_in_its_place(
    bench: Bench,
) -> None:
    contact, identity = rows.customer("B\0ia")

    await bench.store.commit(put(contact, identity))

    found = await bench.somebody("SELECT name FROM contact")
    assert found == "B\ufffdia"


async def test_a_write_that_is_refused_is_refused_alone(bench: Bench) -> None:
    answers = await asyncio.gather(
        bench.adapter.put("s", "1", b""),
        bench.adapter.put("s", "a\0b", b""),
        bench.store.commit(put(rows.customer()[1])),
        bench.adapter.put("s", "2", b""),
        return_exceptions=True,
    )

    kinds = ["NoneType", "CharacterNotInRepertoireError", "CommitRefused", "NoneType"]
    assert [type(answer).__name__ for answer in answers] == kinds
    assert len(await bench.adapter.scan("s")) == 2


async def test_nobody_is_found_under_a_name_that_no_text_here_can_be(bench: Bench) -> None:
    assert await bench.adapter.get("s", "a\0b") is None


async def test_all_who_come_together_share_one_commit(bench: Bench) -> None:
    await bench.store.commit(batch("first"))
    before = await bench.somebody("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")

    await asyncio.gather(
        *(bench.adapter.put("s", f"{n}", b"") for n in range(20)), bench.store.commit(batch("a"))
    )

    after = await bench.somebody("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    assert isinstance(before, int)
    assert after == before + 1


async def test_a_caller_who_goes_away_holds_up_nobody(bench: Bench) -> None:
    gone = asyncio.ensure_future(bench.adapter.put("s", "gone", b""))
    await asyncio.sleep(0)
    gone.cancel()

    await bench.adapter.put("s", "next", b"")

    assert [document.key for document in await bench.adapter.scan("s")] == ["gone", "next"]


async def test_what_was_handed_in_before_the_end_is_written_and_then_nothing_is_taken(
    bench: Bench,
) -> None:
    writes = [asyncio.ensure_future(bench.adapter.put("s", f"{n}", b"")) for n in range(5)]
    await asyncio.sleep(0)

    await bench.writer.close()

    await asyncio.gather(*writes)
    assert len(await bench.adapter.scan("s")) == 5
    with pytest.raises(StorageUnavailable, match="closed"):
        await bench.adapter.put("s", "late", b"")


# --- durability -----------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "ours"), [("off", "on"), ("remote_apply", "remote_apply")])
async def test_a_commit_is_on_disk_whatever_the_database_thinks_of_it(
    bench: Bench, given: str, ours: str
) -> None:
    name = await bench.somebody("SELECT current_database()")
    await bench.somebody(f"ALTER DATABASE {name} SET synchronous_commit = {given}")

    connection = await connect(bench.url)

    assert await connection.fetchval("SHOW synchronous_commit") == ours
    await connection.close()


class Ending:
    """A connection that the server is ending: the driver has seen it, the socket has not."""

    def __init__(self) -> None:
        self.terminated = False

    async def execute(self, _statement: str) -> None:
        pass

    async def fetch(self, *_question: object) -> list[object]:
        raise asyncpg.InternalClientError("cannot switch to state 12")

    def terminate(self) -> None:
        self.terminated = True


async def test_a_connection_that_the_server_is_ending_is_trouble_and_used_no_more(
    postgres_url: str,
) -> None:
    ending = Ending()
    waiting = [ending]

    async def connected() -> asyncpg.Connection:
        return waiting.pop() if waiting else await connect(postgres_url)

    readers = Readers(connected)
    with pytest.raises(StorageUnavailable):
        await readers.ask(last_entry())

    assert await readers.ask(last_entry()) == 0
    assert ending.terminated
    await readers.close()


def test_what_it_says_is_no_refusal_of_a_row() -> None:
    assert not is_refusal(asyncpg.InternalClientError("cannot switch to state 12"))
