"""A backup that lies beside the desk which it is to replace, and takes its place part by part.

Whoever is killed leaves either the old desk as it was, or a folder from which the next `db restore`
goes on; until it has, nobody opens the desk.
"""

import os
import shutil
from pathlib import Path
from typing import Self

import msgspec

from bridge.app.storing import DATABASE, FILES, put_back_under
from bridge.domain.errors import InvalidSettings
from bridge.domain.value import Value
from bridge.ports.failpoints import failpoint
from bridge.settings import Settings
from bridge.settings.key import KEY_FILE

_FOLDER = "restoring"
_UNFINISHED = "restoring.part"
_NOTE = "note.json"
_PARTS = (DATABASE, FILES, KEY_FILE)
_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm")


class Note(Value):
    """Which backup it is, and the name of this restore, which no other has."""

    backup: str
    made: int
    name: str

    @classmethod
    def of(cls, backup: Path, database: str, name: str) -> Self:
        """What is to be remembered of a backup with this database."""
        made = (backup / database).stat().st_mtime_ns
        return cls(backup=str(backup.resolve()), made=made, name=name)

    def says(self, backup: Path, database: str) -> bool:
        """Whether it is about this one, as far as it can still be looked at."""
        same = str(backup.resolve()) == self.backup
        file = backup / database
        return same and (not file.exists() or file.stat().st_mtime_ns == self.made)


class Beside:
    """What lies beside a desk. Use `filled` or `left`."""

    def __init__(self, data: Path, note: Note) -> None:
        """It is there, whole."""
        self._data = data
        self._folder = data / _FOLDER
        self.note = note

    @classmethod
    def left(cls, data: Path) -> Self | None:
        """What somebody left who was killed: whole, or not there."""
        try:
            body = (data / _FOLDER / _NOTE).read_bytes()
        except FileNotFoundError:
            return None
        return cls(data, msgspec.json.decode(body, type=Note))

    @classmethod
    def filled(cls, data: Path, backup: Path, note: Note) -> Self:
        """Copy a backup beside the desk, wholly or not at all; the desk stands as it was."""
        forget_unfinished(data)
        unfinished = data / _UNFINISHED
        try:
            unfinished.mkdir(mode=0o700)
            failpoint("restore.begun")
            _fill(unfinished, backup)
            (unfinished / _NOTE).write_bytes(msgspec.json.encode(note))
            os.sync()
            failpoint("restore.copied")
            unfinished.rename(data / _FOLDER)
        except BaseException:
            forget_unfinished(data)
            raise
        _sync(data)
        failpoint("restore.counts")
        return cls(data, note)

    def take_place(self) -> str | None:
        """Put every part where it belongs, what is there aside; says where to, if anything was.

        What was done before is not done again.
        """
        aside = self._data / f"before-restore-{self.note.name}"
        for part in _PARTS:
            if not (self._folder / part).exists():
                continue
            for old in (part, *_LOGS) if part == DATABASE else (part,):
                _set_aside(self._data / old, aside)
            failpoint("restore.aside")
            (self._folder / part).rename(self._data / part)
            failpoint("restore.placed")
        kept = aside if aside.exists() else None
        for folder in filter(None, (kept, self._data)):
            _sync(folder)
        failpoint("restore.done")
        self.forget()
        failpoint("restore.tidied")
        return None if kept is None else str(kept)

    def forget(self) -> None:
        """It counts no more: first by its name, so that no half of it ever does."""
        self._folder.rename(self._data / _UNFINISHED)
        forget_unfinished(self._data)


async def refuse_half_restored(settings: Settings) -> None:
    """Raise `InvalidSettings` while a restore has begun to put things in place and not ended."""
    left = Beside.left(settings.data_dir)
    if left is None:
        return
    url = settings.database_url
    if url is None or await put_back_under(url, left.note.name) is not None:
        backup = left.note.backup
        raise InvalidSettings(
            f"this desk was being put back from {backup}, and that was stopped on its way; "
            f"bring it to its end: deskbridge db restore {backup}"
        )


def forget_unfinished(data: Path) -> None:
    """What somebody left who was killed before it counted, or after. Nobody is restoring now."""
    shutil.rmtree(data / _UNFINISHED, ignore_errors=True)


def _fill(folder: Path, backup: Path) -> None:
    """Ours alone, whatever the backup's disk made of it."""
    if (backup / FILES).exists():
        shutil.copytree(backup / FILES, folder / FILES)
    else:
        (folder / FILES).mkdir()
    (folder / FILES).chmod(0o700)
    for name in (KEY_FILE, DATABASE):
        if (backup / name).exists():
            shutil.copy2(backup / name, folder / name)
            (folder / name).chmod(0o600)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _set_aside(part: Path, aside: Path) -> None:
    if part.exists():
        aside.mkdir(mode=0o700, exist_ok=True)
        part.rename(aside / part.name)
