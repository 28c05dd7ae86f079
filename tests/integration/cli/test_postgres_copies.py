"""A desk in PostgreSQL is copied with its files and its key, and put back whole or not at all."""

import asyncio
import gzip
import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from bridge.app.copies import back_up, put_back
from bridge.app.restoring import copied_at, discard, reconcile, refuse_to_send
from bridge.app.storing import DUMP, led, open_configured
from bridge.domain.delivery import DeliveryState
from bridge.domain.errors import InvalidSettings, StorageUnavailable
from bridge.domain.ids import Instant
from bridge.ports.store import Changes
from bridge.settings import Settings, load
from bridge.settings.key import desk_key
from tests.integration.cli.promised import promised
from tests.postgres import programs

Ask = Callable[[str], Awaitable[list[asyncpg.Record]]]

pytestmark = pytest.mark.skipif(
    shutil.which("psql", path=os.pathsep.join((os.environ["PATH"], programs()))) is None,
    reason="PostgreSQL's client programs are not here",
)


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests use come first."""
    monkeypatch.setenv("PATH", programs(), prepend=os.pathsep)


@pytest.fixture
def settings(tmp_path: Path, postgres_url: str) -> Settings:
    """Of a desk with a key and a file, that has never run."""
    file = tmp_path / "deskbridge.toml"
    file.write_text(f'[desk]\ndata_dir = "data"\ndatabase_url = "{postgres_url}"\n')
    file.chmod(0o600)
    settings = load(file)
    settings.data_dir.mkdir()
    desk_key(settings.data_dir)
    (settings.data_dir / "files").mkdir()
    (settings.data_dir / "files" / "one").write_bytes(b"a lamp")
    return settings


@pytest.fixture
def ask(postgres_url: str) -> Ask:
    """Asks the database itself."""

    async def ask(question: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(postgres_url)
        try:
            found: list[asyncpg.Record] = await connection.fetch(question)
            return found
        finally:
            await connection.close()

    return ask


@pytest.fixture
async def backup(settings: Settings, ask: Ask, tmp_path: Path) -> Path:
    """A copy of the desk with two open deliveries; the desk has gone on since."""
    async with led(settings) as database:
        await database.store.commit(
            Changes(
                deliveries=[promised(1, DeliveryState.PENDING), promised(2, DeliveryState.SENDING)]
            )
        )
    copy = tmp_path / "copy"
    await back_up(settings, copy)
    await ask("UPDATE delivery SET state = 'sent'")
    (settings.data_dir / "files" / "one").write_bytes(b"another lamp")
    return copy


async def states(ask: Ask) -> list[str]:
    return [row[0] for row in await ask("SELECT state FROM delivery ORDER BY id")]


async def test_the_desk_is_as_it_was_and_what_was_there_is_kept(
    settings: Settings, backup: Path, ask: Ask
) -> None:
    schema, folder = await put_back(settings, backup)

    assert await states(ask) == ["pending", "sending"]
    assert (settings.data_dir / "files" / "one").read_bytes() == b"a lamp"
    assert (Path(folder) / "files" / "one").read_bytes() == b"another lamp"
    kept = await ask(f"SELECT state FROM {schema}.delivery")  # noqa: S608 - it told us its name
    assert [row[0] for row in kept] == ["sent", "sent"]


async def test_it_sends_nothing_before_somebody_has_decided(
    settings: Settings, backup: Path
) -> None:
    await put_back(settings, backup)

    async with led(settings) as database:
        assert await copied_at(database) is not None
        with pytest.raises(InvalidSettings, match="2 deliveries were open"):
            await refuse_to_send(database)


@pytest.mark.parametrize(("decide", "then"), [(reconcile, "sending"), (discard, "dead")])
async def test_decided_it_runs_again(
    settings: Settings,
    backup: Path,
    ask: Ask,
    decide: Callable[..., Awaitable[int]],
    then: str,
) -> None:
    await put_back(settings, backup)

    async with led(settings) as database:
        assert await decide(database, Instant(9)) == 2
        await refuse_to_send(database)

    assert await states(ask) == [then, then]


async def test_who_led_before_is_never_taken_for_a_later_leader(
    settings: Settings, backup: Path, ask: Ask
) -> None:
    await ask("UPDATE lease SET epoch = 40, until = 0")

    await put_back(settings, backup)

    assert (await ask("SELECT epoch FROM lease"))[0][0] == 41


async def test_put_back_by_hand_it_waits_for_a_decision_too(
    settings: Settings, backup: Path, ask: Ask, postgres_url: str
) -> None:
    await ask("DROP SCHEMA public CASCADE")
    psql = ("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", postgres_url)

    text = gzip.decompress((backup / DUMP).read_bytes())
    done = await asyncio.to_thread(subprocess.run, psql, input=text, capture_output=True)

    assert done.returncode == 0, done.stderr
    async with led(settings) as database:
        assert await copied_at(database) is not None


async def test_into_an_empty_database_it_is_put_back_as_well(
    settings: Settings, backup: Path, ask: Ask
) -> None:
    await ask("DROP SCHEMA public CASCADE")
    await ask("CREATE SCHEMA public")

    (_folder,) = await put_back(settings, backup)

    assert await states(ask) == ["pending", "sending"]


async def test_while_somebody_is_connected_nothing_changes(
    settings: Settings, backup: Path, ask: Ask
) -> None:
    database = await open_configured(settings)
    try:
        await database.store.open_deliveries()

        with pytest.raises(InvalidSettings, match="stop every process first"):
            await put_back(settings, backup)
    finally:
        await database.close()

    assert await states(ask) == ["sent", "sent"]


async def test_half_a_backup_changes_nothing(settings: Settings, backup: Path, ask: Ask) -> None:
    whole = (backup / DUMP).read_bytes()
    (backup / DUMP).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(InvalidSettings, match="damaged"):
        await put_back(settings, backup)

    assert await states(ask) == ["sent", "sent"]


async def test_a_statement_that_fails_changes_nothing(
    settings: Settings, backup: Path, ask: Ask
) -> None:
    text = gzip.decompress((backup / DUMP).read_bytes())
    (backup / DUMP).write_bytes(gzip.compress(text.replace(b"CREATE TABLE", b"CREATE TABEL", 1)))

    with pytest.raises(StorageUnavailable, match="syntax error"):
        await put_back(settings, backup)

    assert await states(ask) == ["sent", "sent"]


async def test_without_the_programs_it_says_what_to_install(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(InvalidSettings, match="postgresql-client"):
        await back_up(settings, tmp_path / "copy")


async def test_a_password_is_in_no_list_of_processes(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(
        f'#!/bin/sh\necho "$@" >{tmp_path}/said\necho "$PGPASSWORD" >>{tmp_path}/said\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    from storage.postgres.backup import _run

    await asyncio.wait_for(_run("pg_dump", "postgresql://desk:s%40cret@db:5/x?a=b"), 30)

    said, secret = (tmp_path / "said").read_text().splitlines()
    assert said == "--dbname=postgresql://desk@db:5/x?a=b --no-password"
    assert secret == "s@cret"
