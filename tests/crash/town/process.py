"""The desk as a process that is started, killed and started again on the same folder and port."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.crash.desk import READY
from tests.crash.verdict import Happened

_LOOKS_AGAIN = 0.01


class Nursery:
    """Bears desks, and knows of each how it died; see `tests.crash.town.nursery`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """It is ready."""
        self._process = process
        self._births: asyncio.Queue[int] = asyncio.Queue()
        self._deaths: dict[int, asyncio.Future[int]] = {}
        self._hears = asyncio.create_task(self._hear())

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["Nursery"]:
        """One that has read all the code; whoever lives at the end dies with it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.town.nursery",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        nursery = cls(process)
        try:
            yield nursery
        finally:
            for pid, death in nursery._deaths.items():
                if not death.done():
                    os.kill(pid, signal.SIGKILL)
            process.kill()
            await process.wait()
            await nursery._hears

    async def bear(self, **wanted: str) -> tuple[int, "asyncio.Future[int]"]:
        """A new desk: its pid, and how it will have ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        pid = await self._births.get()
        return pid, self._deaths[pid]

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            pid, status = json.loads(line)
            if status is not None:
                self._deaths[pid].set_result(status)
                continue
            self._deaths[pid] = asyncio.get_running_loop().create_future()
            self._births.put_nowait(pid)


class Desk:
    """One desk; `happened` says when it was up and when it died."""

    def __init__(self, folder: Path, port: int, nursery: Nursery) -> None:
        """Nothing runs yet."""
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.happened: list[Happened] = []
        self._nursery = nursery
        self._pid = 0
        self._death: asyncio.Future[int] | None = None

    async def start(self, failpoint: str = "") -> bool:
        """Until it is ready, or dead before that, which only a fail point may do."""
        ready = self.folder / READY
        ready.unlink(missing_ok=True)
        self._pid, death = await self._nursery.bear(
            folder=str(self.folder), port=str(self.port), log=str(self.log), FAILPOINT=failpoint
        )
        self._death = death
        while not ready.exists():
            if death.done():
                self._died(death.result(), f"killed at {failpoint} before it was ready")
                return False
            await asyncio.sleep(_LOOKS_AGAIN)
        self._note("up")
        return True

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self._death is not None and not self._death.done()

    async def kill(self) -> None:
        """At once, whatever it does."""
        await self._end(signal.SIGKILL, "killed")

    async def stop(self) -> bool:
        """Ask it to stop; true when a fail point killed it on its way."""
        return await self._end(signal.SIGTERM, "stopped") == -signal.SIGKILL

    async def dies(self, within: float) -> bool:
        """Whether a fail point kills it in time."""
        assert self._death is not None
        done, _ = await asyncio.wait([self._death], timeout=within)
        if done:
            self._died(self._death.result(), "killed at its fail point")
        return bool(done)

    async def _end(self, how: signal.Signals, what: str) -> int:
        if self._death is None or self._death.done():
            return 0
        os.kill(self._pid, how)
        status = await self._death
        self._note("killed" if status == -signal.SIGKILL else what)
        return status

    def _died(self, status: int, what: str) -> None:
        """Only a kill is a fail point's; anything else is a bug, and its log says which."""
        assert status == -signal.SIGKILL, f"{status}: {self.log.read_text('utf-8')[-3_000:]}"
        self._note(what)

    def _note(self, what: str) -> None:
        self.happened.append(Happened(what=what, at=time.time()))

    @property
    def log(self) -> Path:
        """Everything it ever printed."""
        return self.folder / "desk.log"
