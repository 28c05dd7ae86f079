"""`python -m tests.crash.replicas`: take the leading process away, again and again, and tell."""

import argparse
import asyncio
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

from tests.crash.replicas.house import Blow
from tests.crash.replicas.report import late, table
from tests.crash.replicas.siege import Plan, siege
from tests.postgres import Databases, server

_TURNS = (Blow.KILLED, Blow.ELSEWHERE, Blow.KILLED, Blow.ELSEWHERE, Blow.FROZEN)


async def main(database_url: str, processes: int, blows: int) -> int:
    """Print each take-over and the table; 1 when anything was wrong or too late."""
    plan = Plan(
        processes=processes,
        blows=list(islice(cycle(_TURNS), blows)),
        customers=3 * processes,
        agents=min(processes, 5),
    )
    async with Databases(database_url).made() as url:
        with tempfile.TemporaryDirectory() as folder:
            ended = await siege(Path(folder), url, plan, _say)
    _say(f"\n{table(ended)}")
    return int(bool(ended.wrong or late(ended.take_overs)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.crash.replicas")
    parser.add_argument("--processes", type=int, default=6)
    parser.add_argument("--blows", type=int, default=20, help="how often who leads is struck")
    given = parser.parse_args()
    with server() as running:
        sys.exit(asyncio.run(main(running.url, given.processes, given.blows)))
