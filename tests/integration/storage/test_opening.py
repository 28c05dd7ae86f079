"""Opening a database: one at a time, ours, not too new, and saved before it is changed."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import storage
from bridge.domain.errors import InvalidSettings, StorageUnavailable
from bridge.ports.store import Changes
from storage.migrations import HEAD
from storage.migrations.run import downgrade
from storage.sqlite.connect import connect_writer
from storage.sqlite.migrate import revision
from tests.contract import rows
from tests.contract.rows import put


@pytest.fixture
def path(quick_folder: Path) -> Path:
    """Where the database of this test is."""
    return quick_folder / "data" / "desk.db"


async def open_and_close(path: Path) -> None:
    database = storage.open(path, files_dir=path.parent / "files")
    await database.close()


async def run(program: str, path: Path) -> "subprocess.CompletedProcess[str]":
    """Another process, which is told where the database is."""
    command = [sys.executable, "-c", program, str(path)]
    return await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=False
    )


def make_old(path: Path) -> None:
    """Undo every migration, as if the database were of the first days."""
    with closing(connect_writer(path)) as connection:
        downgrade(connection, "base")


async def test_a_new_database_is_made_with_its_folder_for_its_owner_alone(path: Path) -> None:
    database = storage.open(path, files_dir=path.parent / "files")
    await database.store.commit(Changes(inbox=[rows.inbox("a")]))

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("desk.db*")}

    assert set(modes) == {"desk.db", "desk.db-wal", "desk.db-shm", "desk.db.lock"}
    assert set(modes.values()) == {0o600}
    await database.close()


async def test_after_closing_the_database_is_one_file_again(path: Path) -> None:
    await open_and_close(path)

    assert {file.name for file in path.parent.glob("desk.db*")} == {"desk.db", "desk.db.lock"}


async def test_a_url_names_the_same_file(path: Path) -> None:
    database = storage.open(f"sqlite:///{path}", files_dir=path.parent / "files")

    await database.close()
    assert revision(path) == HEAD


def test_another_kind_of_database_is_refused_with_a_sentence(path: Path) -> None:
    with pytest.raises(InvalidSettings, match="not a file"):
        storage.open("postgresql://user:secret@host/desk", files_dir=path.parent)


async def test_a_database_is_open_once(path: Path) -> None:
    database = storage.open(path, files_dir=path.parent / "files")

    with pytest.raises(storage.DatabaseInUse, match=f"process {os.getpid()}"):
        storage.open(path, files_dir=path.parent / "files")
    with pytest.raises(storage.DatabaseInUse, match="stop that one first"):
        storage.migrate(path)

    await database.close()
    await open_and_close(path)


async def test_the_lock_of_a_process_that_died_is_free(path: Path) -> None:
    program = (
        "import os, sys, storage; from pathlib import Path\n"
        "database = storage.open(sys.argv[1], files_dir=Path(sys.argv[1]).parent / 'files')\n"
        "os._exit(9)"
    )
    ended = await run(program, path)

    await open_and_close(path)

    assert ended.returncode == 9


async def test_another_process_is_kept_out(path: Path) -> None:
    database = storage.open(path, files_dir=path.parent / "files")
    program = (
        "import sys, storage; from pathlib import Path\n"
        "try: storage.open(sys.argv[1], files_dir=Path(sys.argv[1]).parent / 'files')\n"
        "except storage.DatabaseInUse as error: print(error)"
    )

    ended = await run(program, path)

    assert f"process {os.getpid()}" in ended.stdout
    await database.close()


async def test_a_start_imports_no_sqlalchemy(path: Path) -> None:
    """It would be most of the start and a third of the memory."""
    program = (
        "import asyncio, sys, storage; from pathlib import Path\n"
        "path = Path(sys.argv[1])\n"
        "for _ in range(2):\n"
        "    database = storage.open(path, files_dir=path.parent / 'files')\n"
        "    asyncio.run(database.store.open_desk())\n"
        "    asyncio.run(database.close())\n"
        "heavy = {'alembic', 'asyncpg', 'pgqueuer', 'puremagic', 'pydantic'}\n"
        "heavy |= {'sqlalchemy', 'sqlmodel'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    ended = await run(program, path)

    assert ended.stdout == "[]\n"


async def test_without_its_driver_postgresql_is_refused_with_what_to_install(path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "sys.modules['asyncpg'] = None\n"
        "import storage\n"
        "opening = storage.open_url('postgresql://a:b@c/d', files_dir=Path(sys.argv[1]).parent)\n"
        "try: asyncio.run(opening)\n"
        "except storage.database.InvalidSettings as error: print(error)"
    )

    ended = await run(program, path)

    assert 'pip install "deskbridge[postgres]"' in ended.stdout, ended.stderr


async def test_the_moment_we_ran_last_is_remembered(path: Path) -> None:
    database = storage.open(path, files_dir=path.parent / "files")
    await database.seen(rows.at(70))
    await database.seen(rows.at(90))
    await database.close()

    database = storage.open(path, files_dir=path.parent / "files")

    assert (await database.store.open_desk()).last_seen == 90
    await database.close()


async def test_a_database_that_is_up_to_date_needs_no_backup(path: Path) -> None:
    await open_and_close(path)

    assert storage.migrate(path) is None
    assert storage.backups(path) == []


async def test_an_old_database_is_saved_and_then_migrated(path: Path) -> None:
    await open_and_close(path)
    make_old(path)

    saved = storage.migrate(path)

    assert saved is not None
    assert storage.backups(path) == [saved]
    assert revision(path) == HEAD
    assert revision(saved) != HEAD
    await open_and_close(path)


async def test_opening_migrates_too(path: Path) -> None:
    await open_and_close(path)
    make_old(path)

    await open_and_close(path)

    assert revision(path) == HEAD
    assert len(storage.backups(path)) == 1


async def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    await open_and_close(path)
    make_old(path)
    with closing(connect_writer(path)) as connection:
        connection.execute("CREATE TABLE ticket (mine INTEGER)")

    with pytest.raises(StorageUnavailable, match="ticket"):
        storage.migrate(path)

    with closing(connect_writer(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert {name for (name,) in tables} == {"alembic_version", "ticket"}
    assert revision(path) != HEAD


async def test_a_database_of_a_newer_version_is_refused(path: Path) -> None:
    await open_and_close(path)
    with closing(connect_writer(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(storage.DatabaseTooNew, match="newer version"):
        storage.open(path, files_dir=path.parent / "files")

    assert revision(path) == "9999"
    assert storage.backups(path) == []


def test_a_file_that_is_not_ours_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("These are somebody's notes, and they are longer than a page header." * 99)

    with pytest.raises(StorageUnavailable, match="not a database"):
        storage.open(path, files_dir=path.parent / "files")
    with closing(sqlite3.connect(path.with_name("other.db"))) as other:
        other.execute("CREATE TABLE notes (text TEXT)")
    with pytest.raises(StorageUnavailable, match="not one of ours"):
        storage.open(path.with_name("other.db"), files_dir=path.parent / "files")


def test_a_folder_that_cannot_be_is_named(quick_folder: Path) -> None:
    (quick_folder / "file").write_text("")

    with pytest.raises(StorageUnavailable, match="cannot be opened"):
        storage.open(quick_folder / "file" / "desk.db", files_dir=quick_folder)


# --- backups --------------------------------------------------------------------------------


async def test_a_backup_of_a_database_in_use_has_its_last_commit(path: Path) -> None:
    database = storage.open(path, files_dir=path.parent / "files")
    contact, identity = rows.customer()
    talk = rows.conversation(identity)
    await database.store.commit(put(contact, identity, talk))

    saved = storage.back_up(path, path.parent / "saved.db")

    await database.close()
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    restored = storage.open(saved, files_dir=path.parent / "files")
    assert await restored.reads.find(talk.id) == talk
    await restored.close()


async def test_the_newest_three_backups_are_kept(path: Path) -> None:
    await open_and_close(path)

    made = [storage.back_up(path) for _ in range(5)]

    assert storage.backups(path) == made[2:]


async def test_a_backup_overwrites_nothing(path: Path) -> None:
    await open_and_close(path)
    target = path.parent / "saved.db"
    target.write_text("precious")

    with pytest.raises(StorageUnavailable, match="exists"):
        storage.back_up(path, target)

    assert target.read_text() == "precious"
    assert list(path.parent.glob("*.part")) == []


async def test_without_room_there_is_no_backup_and_no_migration(path: Path) -> None:
    await open_and_close(path)
    make_old(path)
    os.truncate(path, 2**42)  # a hole: it takes no room itself

    with pytest.raises(StorageUnavailable, match="make room"):
        storage.migrate(path)

    assert storage.backups(path) == []
    assert revision(path) != HEAD


# --- soundness ------------------------------------------------------------------------------


async def test_a_sound_database_has_no_problems(path: Path) -> None:
    await open_and_close(path)

    assert storage.problems(path) == []


async def test_what_is_wrong_inside_is_named(path: Path) -> None:
    await open_and_close(path)
    with closing(connect_writer(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        nobody = (1, 7, "web", "a", "", "", 1, 1, 0, "", None, None, None, "nothing")
        connection.execute(f"INSERT INTO identity VALUES ({', '.join('?' * 14)})", nobody)  # noqa: S608

    assert storage.problems(path) == ["identity: row 1 refers to a missing contact"]
