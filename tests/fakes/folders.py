"""A folder in memory for tests that ask what is stored, not whether the disk keeps it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")  # noqa: S108 - only where the test's own folder may be made


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A new folder, in memory where there is such a place: a sync costs nothing there."""
    if not _MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        yield Path(folder)
