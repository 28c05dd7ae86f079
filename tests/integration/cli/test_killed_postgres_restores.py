"""Killed while a desk in PostgreSQL is put back: the old one stands, or the next try ends it."""

import asyncio
import os
import shutil
from pathlib import Path

import asyncpg
import pytest

from bridge.app.beside import refuse_half_restored
from bridge.app.copies import back_up, put_back
from bridge.app.restoring import copied_at, reconcile
from bridge.app.storing import led
from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Instant
from bridge.settings import Settings
from tests.integration.cli.killed_desk import (
    DESKBRIDGE,
    NEW,
    OLD,
    SAYS,
    around,
    listed,
    parts,
    settings_in,
    write_parts,
)
from tests.killed import killed
from tests.postgres import programs

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(
        shutil.which("psql", path=os.pathsep.join((os.environ["PATH"], programs()))) is None,
        reason="PostgreSQL's client programs are not here",
    ),
]

long = pytest.mark.long
_MOVING = [
    ("restore.committed", 1),
    ("restore.aside", 1),
    ("restore.placed", 1),
    ("restore.aside", 2),
    ("restore.placed", 2),
    ("restore.done", 1),
]


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests use come first."""
    monkeypatch.setenv("PATH", programs(), prepend=os.pathsep)


async def asked(url: str, question: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [
            row[0].decode() if isinstance(row[0], bytes) else row[0]
            for row in await connection.fetch(question)
        ]
    finally:
        await connection.close()


@pytest.fixture
async def settings(tmp_path: Path, postgres_url: str) -> Settings:
    """Of a desk with a backup, called `copy`, from which it has gone on."""
    settings = settings_in(tmp_path, f'database_url = "{postgres_url}"')
    write_parts(settings.data_dir, NEW)
    await say(postgres_url, NEW)
    await back_up(settings, tmp_path / "copy")
    write_parts(settings.data_dir, OLD)
    await say(postgres_url, OLD)
    return settings


async def say(url: str, which: str) -> None:
    """Have the database say which desk it is of."""
    said = f"'\\x{which.encode().hex()}'"
    again = f"ON CONFLICT (adapter, collection, key) DO UPDATE SET body = {said}"
    await asked(url, f"INSERT INTO document VALUES ('web', 's', 'which', {said}) {again}")  # noqa: S608 - ours


async def stands(settings: Settings) -> set[str]:
    assert settings.database_url is not None
    return parts(settings.data_dir) | set(await asked(settings.database_url, SAYS))


async def put_back_patiently(settings: Settings, copy: Path) -> list[str]:
    """Put it back as soon as nothing of who was killed is at work in the database."""
    while True:
        try:
            return await put_back(settings, copy)
        except InvalidSettings as busy:
            if "stop every process first" not in str(busy):
                raise
        await asyncio.sleep(0.05)


async def put_back_is(settings: Settings, copy: Path) -> None:
    """Put it back, look that it stands and waits for a decision, and that what was there before
    is kept once."""
    schema, folder = await put_back_patiently(settings, copy)

    assert settings.database_url is not None
    assert await stands(settings) == {NEW}
    assert around(settings.data_dir) == []
    before = await asked(settings.database_url, SAYS.replace("document", f"{schema}.document"))
    assert {*before, *parts(Path(folder))} == {OLD}
    assert len(list(settings.data_dir.glob("before-restore-*"))) == 1
    kept = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'before_restore%'"
    assert await asked(settings.database_url, kept) == [schema]
    async with led(settings) as database:
        assert await copied_at(database) is not None


@long
@pytest.mark.parametrize(
    "point", ["restore.begun", "restore.copied", "restore.counts", "restore.filled"]
)
async def test_before_it_is_committed_the_old_desk_stands(
    settings: Settings, tmp_path: Path, point: str
) -> None:
    await killed(point, DESKBRIDGE, "db", "restore", "copy", cwd=tmp_path)

    await refuse_half_restored(settings)
    assert await stands(settings) == {OLD}
    await put_back_is(settings, tmp_path / "copy")


@pytest.mark.parametrize(
    ("point", "nth"),
    [("restore.committing", 1), *(pytest.param(*each, marks=long) for each in _MOVING)],
)
async def test_once_it_may_be_committed_the_next_restore_ends_it(
    settings: Settings, tmp_path: Path, point: str, nth: int
) -> None:
    await killed(point, DESKBRIDGE, "db", "restore", "copy", nth=nth, cwd=tmp_path)

    if point != "restore.committing":
        with pytest.raises(InvalidSettings, match="was stopped on its way"):
            await refuse_half_restored(settings)
    await put_back_is(settings, tmp_path / "copy")
    await refuse_half_restored(settings)


@long
@pytest.mark.parametrize(
    "point", ["copy.made", "copy.whole", "copy.named", "backup.whole", "backup.named"]
)
async def test_a_backup_has_its_name_when_it_is_whole_and_not_before(
    settings: Settings, tmp_path: Path, point: str
) -> None:
    await killed(point, DESKBRIDGE, "db", "backup", "second", cwd=tmp_path)
    there = (tmp_path / "second").exists()

    await back_up(settings, tmp_path / "third")

    assert there is (point == "backup.named")
    names = {"copy", "third", "second"} if there else {"copy", "third"}
    assert set(listed(tmp_path)) == names | {"data", "deskbridge.toml"}
    for each in names - {"copy"}:
        await put_back(settings, tmp_path / each)
        assert await stands(settings) == {OLD}


async def test_a_backup_of_a_desk_that_waits_for_a_decision_can_be_put_back(
    settings: Settings, tmp_path: Path
) -> None:
    await put_back(settings, tmp_path / "copy")

    await back_up(settings, tmp_path / "second")
    await put_back(settings, tmp_path / "second")

    assert await stands(settings) == {NEW}
    async with led(settings) as database:
        assert await reconcile(database, Instant(9)) == 0
