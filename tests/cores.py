"""How many tests this machine runs at once."""

import os
import sys
from pathlib import Path

import psutil

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_MOST = 16
"""Each has a database server, a browser and nearly a gigabyte of its own."""


def cores() -> int:
    """Those that we may use: a container often sees all of its machine's, and has a few."""
    seen = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return granted(seen, _QUOTA.read_text() if _QUOTA.exists() else "")


def granted(seen: int, quota: str) -> int:
    """Those of which a control group leaves us the time; `quota` is its `200000 100000`."""
    time, _, period = quota.partition(" ")
    return min(seen, max(1, round(int(time) / int(period)))) if time.isdigit() else seen


def workers(cores: int, memory: int) -> int:
    """Tests wait half of their time, for sockets and browsers: more at once than cores."""
    return max(1, min(cores + max(1, cores // 2), memory // 2**30, _MOST))


def workers_here() -> int:
    """On this machine."""
    return workers(cores(), psutil.virtual_memory().total)
