"""What the simulated disk promises."""

import sqlite3
import time
from pathlib import Path

import pytest

from bridge.bench.disk import SYNC_SECONDS, Disk, connect_on, connection_class, folders


def test_a_commit_on_the_even_disk_takes_at_least_a_sync(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db", factory=connection_class(Disk.EVEN))
    connection.execute("CREATE TABLE t (n INTEGER)")

    start = time.perf_counter()
    for _ in range(5):
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
    took = time.perf_counter() - start
    connection.close()

    assert took >= 5 * SYNC_SECONDS


@pytest.mark.parametrize("disk", Disk)
def test_both_disks_are_written_as_durably_as_a_desk_is(disk: Disk, tmp_path: Path) -> None:
    connection = connect_on(disk)(tmp_path / "a.db")

    journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    connection.close()

    assert (journal, synchronous) == ("wal", 2)


def test_folders_are_gone_afterwards() -> None:
    with folders() as where:
        (where[Disk.EVEN] / "a.db").touch()
        (where[Disk.REAL] / "a.db").touch()

    assert not any(folder.exists() for folder in where.values())
