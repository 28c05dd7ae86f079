"""Copies of a desk, its files and its key: made while it runs, put back while it does not."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from bridge.app.beside import Beside, Note, refuse_half_restored
from bridge.app.lock import DeskLock
from bridge.app.storing import (
    DATABASE,
    DUMP,
    FILES,
    back_up_file,
    back_up_url,
    problems,
    put_back_under,
    put_back_url,
    refuse_if_used,
)
from bridge.domain.errors import InvalidSettings, StorageUnavailable
from bridge.ports.failpoints import failpoint
from bridge.settings import Settings
from bridge.settings.key import KEY_FILE, KEY_SIZE

_UNFINISHED = ".deskbridge-unfinished"
_HELD = "held"
"""Locked by who fills a folder; whoever is killed locks nothing any more."""


async def back_up(settings: Settings, to: Path) -> None:
    """Copy the desk into a new folder, wholly or not at all.

    Raises `InvalidSettings`, `StorageUnavailable`.
    """
    data, url = settings.data_dir, settings.database_url
    if url is None and not (data / DATABASE).exists():
        raise InvalidSettings(f"there is no database in {data} yet: deskbridge run")
    await refuse_half_restored(settings)
    with _new_folder(to) as folder:
        # The database first: a file is stored before a row names it, so every named file is copied.
        if url is None:
            await asyncio.to_thread(back_up_file, data / DATABASE, folder / DATABASE)
        else:
            await back_up_url(url, folder / DUMP)
        await asyncio.to_thread(_copy_files, data, folder)
        failpoint("backup.whole")
    failpoint("backup.named")


async def put_back(settings: Settings, backup: Path) -> list[str]:
    """Put a backup in the place of a desk; says where what was there is kept.

    One that was killed on its way is brought to its end first, and is all there is to do if it
    was of the same backup. Raises `InvalidSettings`, and changes nothing, when the backup is not
    whole or the desk runs; `StorageUnavailable`.
    """
    data, url = settings.data_dir, settings.database_url
    database = DATABASE if url is None else DUMP
    left = Beside.left(data)
    if left is None or not left.note.says(backup, database):
        _look_at(backup, database)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = DeskLock.take(data)
    try:
        with _disk_trouble(data):
            ended = await _ended(data, url)
            if ended is not None and ended[0].says(backup, database):
                return ended[1]
            _look_at(backup, database)
            note = Note.of(backup, database, f"{datetime.now(UTC):%Y%m%d_%H%M%S_%f}")
            beside = await asyncio.to_thread(Beside.filled, data, backup, note)
            if url is None:
                return await _placed(beside, [])
            return await _placed(beside, await _exchanged(url, backup / DUMP, beside))
    finally:
        lock.release()


async def _ended(data: Path, url: str | None) -> tuple[Note, list[str]] | None:
    """Bring what was killed on its way to its end: the new one, or the old one as it was."""
    left = Beside.left(data)
    if left is None:
        return None
    if url is None:
        return left.note, await _placed(left, [])
    await refuse_if_used(url)
    kept = await put_back_under(url, left.note.name)
    if kept is None:
        left.forget()
        return None
    return left.note, await _placed(left, kept)


async def _exchanged(url: str, dump: Path, beside: Beside) -> list[str]:
    """Have the database put back. What fails and is not in it has left no trace elsewhere."""
    name = beside.note.name
    try:
        await put_back_url(url, dump, name)
    except InvalidSettings:
        beside.forget()
        raise
    except StorageUnavailable:
        await refuse_if_used(url)
        kept = await put_back_under(url, name)
        if kept is None:
            beside.forget()
            raise
        return kept
    return await put_back_under(url, name) or []


async def _placed(beside: Beside, kept: list[str]) -> list[str]:
    aside = await asyncio.to_thread(beside.take_place)
    return kept if aside is None else [*kept, aside]


@contextmanager
def _new_folder(to: Path) -> Iterator[Path]:
    """A folder to fill, which then gets this name; nobody shall take a part for the whole."""
    if to.exists():
        raise InvalidSettings(f"{to} is there already: name a new folder")
    folder = to.with_name(f".{to.name}{_UNFINISHED}")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _forget_unfinished(to.parent)
        folder.mkdir(mode=0o700)
    except FileExistsError as there:
        raise InvalidSettings(f"{to} is being made already: name another folder") from there
    except OSError as failure:
        raise InvalidSettings(f"{to}: cannot make it: {failure.strerror}") from failure
    held = os.open(folder / _HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with _disk_trouble(folder):
            yield folder
            os.sync()
            (folder / _HELD).unlink()
            folder.rename(to)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(held)


def _forget_unfinished(parent: Path) -> None:
    """What others left here who were killed: nobody will ever come back to it."""
    for folder in parent.glob(f".*{escape(_UNFINISHED)}"):
        if not _is_held(folder / _HELD):
            shutil.rmtree(folder)


def _is_held(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _disk_trouble(place: Path) -> Iterator[None]:
    """Say in one line what a disk does not take or give."""
    try:
        yield
    except shutil.Error as failures:
        raise StorageUnavailable(f"{place}: {failures.args[0][0][2]}") from failures
    except OSError as failure:
        said = failure.strerror or str(failure)
        raise StorageUnavailable(f"{failure.filename or place}: {said}") from failure


def _look_at(backup: Path, database: str) -> None:
    for name in (database, KEY_FILE):
        if not (backup / name).is_file():
            raise InvalidSettings(f"{backup} is no backup of this kind of desk: it has no {name}")
    if (backup / KEY_FILE).stat().st_size != KEY_SIZE:
        raise InvalidSettings(f"the backup is damaged: {KEY_FILE} is not a key")
    broken = problems(backup / DATABASE) if database == DATABASE else []
    if broken:
        raise InvalidSettings(f"the backup is damaged: {broken[0]}")


def _copy_files(data: Path, folder: Path) -> None:
    if (data / FILES).exists():
        shutil.copytree(data / FILES, folder / FILES, copy_function=_copy_if_there)
    shutil.copy2(data / KEY_FILE, folder / KEY_FILE)


def _copy_if_there(file: str, copy: str) -> None:
    """A desk that runs receives files and forgets some: what has just gone is not of this copy."""
    with suppress(FileNotFoundError):
        shutil.copy2(file, copy)
