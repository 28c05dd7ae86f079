"""Copies of a desk, its files and its key: made while it runs, put back while it does not."""

import asyncio
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bridge.app.lock import DeskLock
from bridge.app.storing import (
    DATABASE,
    DUMP,
    FILES,
    back_up_file,
    back_up_url,
    problems,
    put_back_url,
)
from bridge.domain.errors import InvalidSettings
from bridge.settings import Settings
from bridge.settings.key import KEY_FILE


async def back_up(settings: Settings, to: Path) -> None:
    """Copy the desk into a new folder, wholly or not at all.

    Raises `InvalidSettings`, `StorageUnavailable`.
    """
    data = settings.data_dir
    if settings.database_url is None and not (data / DATABASE).exists():
        raise InvalidSettings(f"there is no database in {data} yet: deskbridge run")
    _new_folder(to)
    try:
        # The database first: a file is stored before a row names it, so every named file is copied.
        if settings.database_url is None:
            await asyncio.to_thread(back_up_file, data / DATABASE, to / DATABASE)
        else:
            await back_up_url(settings.database_url, to / DUMP)
        await asyncio.to_thread(_copy_files, data, to)
    except BaseException:  # nobody shall take a part for the whole, and the name is free again
        shutil.rmtree(to, ignore_errors=True)
        raise


async def put_back(settings: Settings, backup: Path) -> list[str]:
    """Put a backup in the place of a desk; says where what was there is kept.

    Raises `InvalidSettings`, and changes nothing, when the backup is not whole or the desk runs;
    `StorageUnavailable`.
    """
    data, url = settings.data_dir, settings.database_url
    _look_at(backup, DATABASE if url is None else DUMP)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = DeskLock.take(data)
    try:
        kept = [] if url is None else [await put_back_url(url, backup / DUMP)]
        kept.append(_set_aside(data))
        await asyncio.to_thread(_fill, backup, data)
    finally:
        lock.release()
    return [place for place in kept if place is not None]


def _new_folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError as there:
        raise InvalidSettings(f"{path} is there already: name a new folder") from there
    except OSError as failure:
        raise InvalidSettings(f"{path}: cannot make it: {failure.strerror}") from failure


def _look_at(backup: Path, database: str) -> None:
    for name in (database, KEY_FILE):
        if not (backup / name).is_file():
            raise InvalidSettings(f"{backup} is no backup of this kind of desk: it has no {name}")
    broken = problems(backup / DATABASE) if database == DATABASE else []
    if broken:
        raise InvalidSettings(f"the backup is damaged: {broken[0]}")


def _set_aside(data: Path) -> str | None:
    names = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", FILES, KEY_FILE)
    there = [data / name for name in names if (data / name).exists()]
    if not there:
        return None
    aside = data / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    aside.mkdir(mode=0o700)
    for each in there:
        each.rename(aside / each.name)
    return str(aside)


def _fill(backup: Path, data: Path) -> None:
    _copy_files(backup, data)
    if (backup / DATABASE).exists():
        # The database last: while it is missing nothing is half put back.
        shutil.copy2(backup / DATABASE, data / f"{DATABASE}.part")
        (data / f"{DATABASE}.part").rename(data / DATABASE)
    os.sync()


def _copy_files(here: Path, there: Path) -> None:
    if (here / FILES).exists():
        shutil.copytree(here / FILES, there / FILES)
    shutil.copy2(here / KEY_FILE, there / KEY_FILE)
