"""Does something in another process, which may kill itself at a fail point."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

_ROOT = str(Path(__file__).parents[1])


async def ran(
    program: str, *words: str | Path, cwd: Path | None = None, failpoint: str = ""
) -> "subprocess.CompletedProcess[str]":
    """What came of this program with these words."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program, *map(str, words)],
        env=os.environ | {"FAILPOINT": failpoint, "PYTHONPATH": _ROOT},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


async def killed(
    point: str, program: str, *words: str | Path, nth: int = 1, cwd: Path | None = None
) -> None:
    """Run it; it has died when it passed this point for the nth time."""
    done = await ran(program, *words, cwd=cwd, failpoint=f"{point}:{nth}:kill")
    assert done.returncode == -signal.SIGKILL, done.stderr
