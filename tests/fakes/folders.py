"""A folder in memory for tests that ask what is stored, not whether the disk keeps it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")  # noqa: S108 - only where the test's own folder may be made
_ROOM = 2**30
"""Bytes that must be free there: a container often has 64 MB, and a database server fills them."""


def in_memory() -> Path | None:
    """Where folders are in memory, on a machine that has such a place and room in it."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return None
    return _MEMORY


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A new folder, in memory where there is such a place: a sync costs nothing there."""
    memory = in_memory()
    if memory is None:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)
