"""`make test-machines`: three machines, a database, and one cable after the other pulled out.

    python -m tests.crash.machines --blows 15

Every machine is a network namespace: see `network`. They share one folder and one clock.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from tests.crash.machines.network import BACK, machines, move_in
from tests.crash.machines.replica import ground
from tests.crash.replicas.blows import Blow
from tests.crash.replicas.siege import Plan
from tests.crash.replicas.telling import told
from tests.postgres import Databases, Server

_TURNS = (Blow.CUT, Blow.ALONE, Blow.ELSEWHERE, Blow.FROZEN)
_SETTINGS = ("shared_buffers=64MB", "max_connections=200", f"listen_addresses={BACK}.1")


@contextmanager
def database() -> Iterator[Server]:
    """A server that the machines reach, over the network behind them."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        made = Server(Path(folder), _SETTINGS)
        with (Path(folder) / "data" / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write(f"host all all {BACK}.0/16 trust\n")
        made.start()
        try:
            yield made
        finally:
            made.stop()


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.machines")
    parser.add_argument("--machines", type=int, default=3)
    parser.add_argument("--blows", type=int, default=8, help="how often who leads is struck")
    given = parser.parse_args()
    return Plan(processes=given.machines, blows=list(islice(cycle(_TURNS), given.blows)))


if __name__ == "__main__":
    move_in("tests.crash.machines")
    wanted = _plan()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no process is left behind
    databases = Databases(f"postgresql://desk@{BACK}.1/postgres")
    with machines(wanted.processes) as on, database():
        sys.exit(asyncio.run(told(wanted, databases, ground=ground(on))))
