"""Writes what a customer is given: one .zip, wholly or not at all, that nobody else can read."""

import os
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bridge.app.storing import FILES
from bridge.cli.ask import Json
from bridge.domain.errors import InvalidSettings

FORMAT, VERSION = "deskbridge-contact", 1
_UNSAFE = re.compile(r"[^\w.-]+")


def target(to: Path, contact: str) -> Path:
    """The file to write. Raises `InvalidSettings` when it is there already, or has no place."""
    path = to / f"contact-{contact}.zip" if to.is_dir() else to
    if path.exists():
        raise InvalidSettings(f"{path} is there already: name another file")
    if not path.parent.is_dir():
        raise InvalidSettings(f"there is no folder {path.parent}")
    return path


def write(path: Path, data: Path, contact: str, lines: Sequence[Json]) -> Mapping[str, int]:
    """Write it; gives how much of what is in it. Raises `InvalidSettings`."""
    tables: dict[str, list[Json]] = {}
    for line in lines:
        rows = tables.setdefault(line["table"], [])
        if line["row"] not in rows[-_NEAR:]:
            rows.append(line["row"])
    files = {row["id"]: row for row in tables.pop("file", ())}
    described = [{**row, "path": _name(row)} for row in files.values()]
    said = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "contact": contact,
        "files": described,
        "tables": tables,
    }
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
                into.writestr("contact.json", msgspec.json.format(msgspec.json.encode(said)))
                for row in described:
                    _add(into, data / FILES / row["id"][:2] / row["id"], row["path"])
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)  # unlike a renaming it takes no other file's place
    except FileExistsError as error:
        raise InvalidSettings(f"{path} is there already: name another file") from error
    except OSError as error:
        raise InvalidSettings(f"{path} cannot be written: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)
    counts = Counter({table: len(rows) for table, rows in tables.items() if rows})
    counts["file"] = len(described)
    return counts


_NEAR = 1
"""A row that is there twice comes twice in a row."""


def _add(into: zipfile.ZipFile, file: Path, name: str) -> None:
    """A file's bytes; one that is gone meanwhile is in the list alone."""
    if file.is_file():
        into.write(file, name)


def _name(row: Json) -> str:
    """The file's own name, made harmless, behind enough of its id to be the only one."""
    harmless = _UNSAFE.sub("_", row["name"]).strip("._")[-80:]
    return f"files/{row['id'][:12]}-{harmless or 'file'}"
