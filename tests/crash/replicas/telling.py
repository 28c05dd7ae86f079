"""Lays a siege in a folder of its own and says all along how it goes."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.replicas.ground import HERE, Ground
from tests.crash.replicas.report import late, table
from tests.crash.replicas.siege import Plan, siege
from tests.postgres import Databases, Server


async def told(
    plan: Plan, databases: Databases, server: Server | None = None, ground: Ground = HERE
) -> int:
    """Print each take-over and the table; 1 when anything was wrong or too late."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="deskbridge-siege-"))
    async with databases.made() as url:
        ended = await siege(folder, url, plan, _say, server, ground)
    minutes = (time.monotonic() - began) / 60
    _say(f"\n{table(ended)}\n\n{minutes:.0f} minutes.")
    if ended.wrong:
        _say(f"The logs are kept in {folder}")
    else:
        shutil.rmtree(folder)
    return int(bool(ended.wrong or late(ended.take_overs)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
