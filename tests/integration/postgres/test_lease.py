"""One process at a time holds a name, and who lost it writes nothing."""

import asyncio
from functools import partial
from pathlib import Path

import asyncpg
import pytest

import storage
from bridge.domain.errors import StorageUnavailable
from bridge.ports.holding import Held
from bridge.ports.store import Changes
from storage import ENGINE, Database
from storage.postgres.connect import connect
from storage.postgres.holder import is_gone, signature
from storage.postgres.lease import Leases, Lost
from tests.contract import rows
from tests.patience import PATIENCE, seen, until


async def run(url: str, statement: str, *values: object) -> object:
    """What somebody else does with the same database."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


async def test_a_name_is_held_by_one_at_a_time_and_each_epoch_is_higher(
    ours: Leases, theirs: Leases
) -> None:
    order: list[str] = []

    async def hold(leases: Leases, who: str) -> int:
        async with leases.hold("gateway") as held:
            order.append(f"{who} in")
            await asyncio.sleep(0.05)
            order.append(f"{who} out")
            return held.epoch

    epochs = await asyncio.gather(hold(ours, "we"), hold(theirs, "they"), hold(ours, "we"))

    assert sorted(epochs) == [1, 2, 3]
    for entered, left in zip(order[::2], order[1::2], strict=True):
        assert (entered.split()[0], entered.split()[1]) == (left.split()[0], "in")


async def test_names_are_held_apart(ours: Leases, theirs: Leases) -> None:
    async with ours.hold("one") as one, theirs.hold("other") as other:
        assert (one.epoch, other.epoch) == (1, 1)


async def test_who_says_so_again_and_again_keeps_his_name(
    ours: Leases, theirs: Leases, postgres_url: str
) -> None:
    async with ours.hold("gateway") as held:
        until_when = await run(postgres_url, "SELECT until FROM lease")
        later = "SELECT until > $1 FROM lease"
        await seen(lambda: run(postgres_url, later, until_when), True)
        waiting = asyncio.ensure_future(theirs.hold("gateway").__aenter__())
        await asyncio.sleep(0.05)

        assert not waiting.done()
        assert not held.lost.is_set()
        assert not held.deposed.is_set()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_who_lost_his_name_to_another_is_told(ours: Leases, postgres_url: str) -> None:
    async with ours.hold("gateway") as held:
        await run(postgres_url, "UPDATE lease SET epoch = epoch + 1, holder = 'another'")

        async with asyncio.timeout(PATIENCE):
            await held.deposed.wait()

        assert held.lost.is_set()
        assert not held.sure()


async def test_when_the_database_is_away_the_name_may_be_anothers_but_none_is_known_to_have_it(
    postgres_url: str,
) -> None:
    leases = Leases(partial(connect, postgres_url), lasts=0.3, renewed=0.1)
    async with leases.hold("gateway") as held:
        await run(postgres_url, "DROP TABLE lease")

        async with asyncio.timeout(PATIENCE):
            await held.lost.wait()

        assert not held.deposed.is_set()
    await leases.close()


async def test_who_had_no_database_is_sure_of_his_name_again_when_it_is_back(
    postgres_url: str,
) -> None:
    leases = Leases(partial(connect, postgres_url), lasts=1.0, renewed=0.05)
    async with leases.hold("gateway") as held:
        await until(held.sure)
        await run(postgres_url, "ALTER TABLE lease RENAME TO gone")
        await until(lambda: not held.sure())

        await run(postgres_url, "ALTER TABLE gone RENAME TO lease")

        await until(held.sure)
        assert held.lost.is_set()  # for whoever has gone away meanwhile
    await leases.close()


async def test_a_name_whose_time_is_over_is_taken(ours: Leases, postgres_url: str) -> None:
    await run(postgres_url, "INSERT INTO lease VALUES ('gateway', 'another machine', 7, 1)")

    async with asyncio.timeout(PATIENCE), ours.hold("gateway") as held:
        assert held.epoch == 8


async def test_it_waits_through_trouble_with_the_database(ours: Leases, postgres_url: str) -> None:
    await run(postgres_url, "ALTER TABLE lease RENAME TO gone")
    entering = asyncio.ensure_future(ours.hold("gateway").__aenter__())
    await asyncio.sleep(0.1)
    waits = not entering.done()

    await run(postgres_url, "ALTER TABLE gone RENAME TO lease")

    assert waits
    assert (await asyncio.wait_for(entering, PATIENCE)).epoch == 1


async def test_who_wakes_up_late_finds_that_it_is_lost_before_any_timer_runs() -> None:
    lost = Lost()
    began = asyncio.get_running_loop().time()
    lost.good_until(began + 0.01)

    while asyncio.get_running_loop().time() < began + 0.02:
        pass  # frozen: the loop does not turn

    assert lost.is_set()


async def test_what_was_lost_is_not_found_again() -> None:
    lost = Lost()
    lost.good_until(0.001)

    lost.good_until(asyncio.get_running_loop().time() + 60)

    assert lost.is_set()


def test_a_process_that_runs_or_that_nobody_here_can_see_is_not_gone() -> None:
    host, number, numbered_in = signature().split(" ")

    assert not is_gone(signature())
    assert not is_gone(f"{host} {number}")
    assert not is_gone(f"{host} 4194400 another-boot/1")
    assert not is_gone("")
    assert is_gone(f"{host} 4194400 {numbered_in}")  # no system numbers so high


async def test_the_name_of_a_process_that_is_gone_is_taken_at_once(
    ours: Leases, postgres_url: str
) -> None:
    host, _, numbered_in = signature().split(" ")
    dead = f"{host} 4194400 {numbered_in}"
    await run(postgres_url, "INSERT INTO lease VALUES ('gateway', $1, 7, $2)", dead, 2**60)

    async with asyncio.timeout(PATIENCE), ours.hold("gateway") as held:
        assert held.epoch == 8


# --- the fence ------------------------------------------------------------------------------


async def test_once_another_leads_nothing_is_written_and_the_leader_is_told(
    database: Database, postgres_url: str
) -> None:
    mine = database.adapter_store("web")
    await mine.put("s", "before", b"")
    held = Held(epoch=1)
    await database.lead(held)

    await run(postgres_url, "UPDATE lease SET epoch = epoch + 1")

    with pytest.raises(StorageUnavailable, match="another process"):
        await database.store.commit(Changes(inbox=[rows.inbox("a")]))
    with pytest.raises(StorageUnavailable, match="another process"):
        await mine.put("s", "after", b"")
    assert held.deposed.is_set()
    assert [document.key for document in await mine.scan("s")] == ["before"]


async def test_what_the_next_leader_has_written_is_no_duplicate_of_ours(
    database: Database, postgres_url: str
) -> None:
    row = rows.inbox("a")
    held = Held(epoch=1)
    await database.lead(held)
    await run(
        postgres_url,
        "WITH next AS (UPDATE lease SET epoch = epoch + 1) INSERT INTO inbox_digest VALUES ($1)",
        row.digests[0],
    )

    with pytest.raises(StorageUnavailable, match="another process"):
        await database.store.commit(Changes(inbox=[row]))

    assert held.deposed.is_set()


async def test_a_database_that_another_process_leads_calls_us_replaced(
    database: Database, postgres_url: str
) -> None:
    before = database.replaced()

    await run(postgres_url, "UPDATE lease SET epoch = epoch + 1, holder = 'another'")

    assert not before
    await until(database.replaced)


async def test_who_takes_over_waits_for_a_write_that_has_begun(
    database: Database, postgres_url: str, theirs: Leases
) -> None:
    """Else it would be made after he has read what there is."""
    writing = await asyncpg.connect(postgres_url)
    await writing.execute("BEGIN")
    await writing.execute("SELECT 1 FROM lease WHERE name = 'engine' AND epoch = 1 FOR SHARE")

    taking = asyncio.ensure_future(
        run(postgres_url, "UPDATE lease SET epoch = 2 WHERE name = 'engine' RETURNING epoch")
    )
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    await seen(lambda: run(postgres_url, waiting), 1)
    was_taken = taking.done()
    await writing.execute("COMMIT")

    assert not was_taken
    assert await asyncio.wait_for(taking, PATIENCE) == 2
    await writing.close()


async def test_who_had_to_wait_for_such_a_write_holds_the_name_from_then_on(
    database: Database, postgres_url: str
) -> None:
    """Else it runs out at once, and those who waited with him take it from each other."""
    await run(postgres_url, "UPDATE lease SET until = 1, holder = 'another machine'")
    leases = Leases(partial(connect, postgres_url), lasts=600, renewed=600)
    writing = await asyncpg.connect(postgres_url)
    await writing.execute("BEGIN")
    await writing.execute("SELECT 1 FROM lease WHERE name = 'engine' FOR SHARE")
    holding = leases.hold("engine")
    taking = asyncio.ensure_future(holding.__aenter__())
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    await seen(lambda: run(postgres_url, waiting), 1)
    later = "SELECT (EXTRACT(epoch FROM clock_timestamp()) * 1000)::bigint FROM pg_sleep(0.05)"
    let_go = await writing.fetchval(later)

    await writing.execute("COMMIT")
    await asyncio.wait_for(taking, PATIENCE)

    assert await run(postgres_url, "SELECT until - $1 >= 600000 FROM lease", let_go)
    await holding.__aexit__(None, None, None)
    await writing.close()
    await leases.close()


async def test_a_journal_goes_on_after_what_the_last_leader_wrote(
    postgres_url: str, quick_folder: Path
) -> None:
    first = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    second = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    async with first.holding.hold(ENGINE) as held:
        await first.lead(held)
        before = await first.adapter_store("web").append("chat", "a", b"")
    async with second.holding.hold(ENGINE) as held:
        await second.lead(held)
        after = await second.adapter_store("web").append("chat", "b", b"")

    assert after > before
    await first.close()
    await second.close()


async def test_a_stand_by_leads_as_soon_as_the_leader_stops(
    postgres_url: str, quick_folder: Path
) -> None:
    entered: list[str] = []
    first = await storage.open_url(postgres_url, files_dir=quick_folder / "files")
    second = await storage.open_url(postgres_url, files_dir=quick_folder / "files")

    async def stand_by() -> None:
        async with second.holding.hold(ENGINE):
            entered.append("second")

    async with first.holding.hold(ENGINE):
        waiting = asyncio.create_task(stand_by())
        await asyncio.sleep(0.1)
        assert entered == []

    await until(lambda: entered)
    await waiting
    await first.close()
    await second.close()
