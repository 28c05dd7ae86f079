"""A process that is killed at any moment loses nothing that it said was on disk."""

import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import storage
from storage.sqlite.connect import connect_reader


def killed_after(path: Path, seconds: float) -> list[int]:
    """Let it write for a while from its first number on; the numbers it said were on disk."""
    command = [sys.executable, "-m", "tests.integration.storage.endless", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    return [int(line) for line in said if line.endswith("\n")]


def stored(path: Path, statement: str) -> list[int]:
    """Numbers that are in the database."""
    with closing(connect_reader(path)) as connection:
        return sorted(int(row[0]) for row in connection.execute(statement))


@pytest.mark.crash
def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path, kills: int) -> None:
    path, chance = tmp_path / "desk.db", random.Random(1)
    acknowledged: list[int] = []

    for _ in range(max(2, kills // 5)):
        acknowledged += killed_after(path, chance.uniform(0.01, 0.3))

    entries = stored(path, "SELECT key FROM journal")
    assert len(acknowledged) > 10
    assert set(acknowledged) <= set(entries)
    assert entries == list(range(len(entries)))
    assert set(acknowledged) <= set(stored(path, "SELECT key FROM document"))
    assert stored(path, "SELECT count(*) FROM inbox_digest") == [len(entries)]
    assert storage.problems(path) == []
