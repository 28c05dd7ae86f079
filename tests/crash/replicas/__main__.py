"""`python -m tests.crash.replicas`: take the leading process away, again and again, and tell.

    python -m tests.crash.replicas --processes 3 --conversations 10000 --agents 50 --blows 20 \\
        --restarts 5
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from itertools import cycle, islice

from tests.crash.replicas.blows import Blow
from tests.crash.replicas.siege import Plan
from tests.crash.replicas.telling import told
from tests.postgres import Databases, server

_TURNS = (Blow.KILLED, Blow.ELSEWHERE, Blow.FROZEN)
_DURABLE = ("shared_buffers=64MB", "max_connections=200")


def blows(strikes: int, restarts: int) -> Sequence[Blow]:
    """Every kind in turn, and the failures of the database spread among them."""
    struck = list(islice(cycle(_TURNS), strikes))
    for number in range(restarts, 0, -1):
        struck.insert(strikes * number // (restarts + 1), Blow.RESTARTED)
    return struck


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.replicas")
    parser.add_argument("--processes", type=int, default=6)
    parser.add_argument("--blows", type=int, default=20, help="how often who leads is struck")
    parser.add_argument("--restarts", type=int, default=0, help="how often the database fails")
    parser.add_argument("--agents", type=int, default=5, help="with two places each")
    parser.add_argument("--conversations", type=int, default=0, help="goes on until so many")
    parser.add_argument("--minutes", type=float, default=60, help="nothing new begins after that")
    given = parser.parse_args()
    return Plan(
        processes=given.processes,
        blows=blows(given.blows, given.restarts),
        customers=max(3 * given.processes, 5 * given.agents // 2),
        agents=given.agents,
        conversations=given.conversations,
        minutes=given.minutes,
    )


if __name__ == "__main__":
    wanted = _plan()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no process is left behind
    with server(_DURABLE) as running:
        sys.exit(asyncio.run(told(wanted, Databases(running.url), running)))
