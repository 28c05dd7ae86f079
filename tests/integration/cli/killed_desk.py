"""A desk with a backup that it has gone on from, and a look at which of both stands."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import storage
from bridge.app.copies import back_up
from bridge.domain.delivery import DeliveryState
from bridge.settings import Settings, load
from storage.mapping.promises import delivery_row
from storage.sqlite.compiled import SQL
from storage.sqlite.connect import connect_writer
from tests.integration.cli.promised import promised

DESKBRIDGE = "from bridge.cli.main import main; main()"
OLD, NEW = "the one that went on", "the one of the backup"
_DOCUMENT = ("web", "s", "which")
SAYS = "SELECT body FROM document WHERE adapter = 'web' AND key = 'which'"


def settings_in(folder: Path, *more: str) -> Settings:
    """Of a desk in this folder; its settings are in the file that the command line looks for."""
    file = folder / "deskbridge.toml"
    file.write_text("\n".join(('[desk]\ndata_dir = "data"', *more)))
    file.chmod(0o600)
    settings = load(file)
    settings.data_dir.mkdir(mode=0o700)
    return settings


def write_parts(data: Path, which: str) -> None:
    """A file and a key that say which desk they are of."""
    (data / "files" / "aa").mkdir(parents=True, exist_ok=True)
    (data / "files" / "aa" / "one").write_text(which)
    (data / "desk.key").write_bytes(which.encode().ljust(32)[:32])
    (data / "desk.key").chmod(0o600)


def parts(data: Path) -> set[str]:
    """What the file and the key say."""
    key = (data / "desk.key").read_bytes().decode().strip()
    return {(data / "files" / "aa" / "one").read_text(), key}


async def in_a_file(folder: Path) -> Settings:
    """A desk in SQLite with two open deliveries, as it was killed when it had gone on.

    Its last line stands in the log beside the database only; the backup is called `copy`.
    """
    settings = settings_in(folder)
    data = settings.data_dir
    storage.migrate(data / "desk.db")
    write_parts(data, NEW)
    with _writing(data) as desk:
        desk.execute(SQL["put_document"], (*_DOCUMENT, NEW.encode()))
        for number, state in ((1, DeliveryState.PENDING), (2, DeliveryState.SENDING)):
            desk.execute(SQL["insert_delivery"], delivery_row(promised(number, state)))
    await back_up(settings, folder / "copy")
    write_parts(data, OLD)
    killed = folder / "killed"
    killed.mkdir()
    with _writing(data) as desk:
        desk.execute(SQL["put_document"], (*_DOCUMENT, OLD.encode()))
        for part in data.glob("desk.db*"):
            shutil.copy2(part, killed / part.name)
    for part in killed.iterdir():
        part.rename(data / part.name)
    killed.rmdir()
    return settings


def stands(data: Path) -> set[str]:
    """What each part of a desk in SQLite says of which it is; looked at on a copy of it."""
    looked_at = data.parent / "looked at"
    shutil.copytree(data, looked_at)
    try:
        with closing(sqlite3.connect(looked_at / "desk.db")) as desk:
            (said,) = desk.execute(SAYS).fetchone()
        assert storage.problems(looked_at / "desk.db") == []
        return parts(looked_at) | {bytes(said).decode()}
    finally:
        shutil.rmtree(looked_at)


def around(data: Path) -> list[str]:
    """What lies in the desk's folder and is no part of the desk; what is kept there is."""
    ours = ("desk.db", "desk.db-wal", "desk.db-shm", "desk.db.lock", "desk.key", "desk.lock")
    others = (name for name in listed(data) if name not in (*ours, "files"))
    return [name for name in others if not name.startswith("before-restore-")]


def listed(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(each.name for each in folder.iterdir())


@contextmanager
def _writing(data: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect_writer(data / "desk.db")) as connection:
        yield connection
