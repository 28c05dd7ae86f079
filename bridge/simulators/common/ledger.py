"""Every accepted write, on disk before it is answered.

One JSON object per line: `n` (from 1), `at` (wall clock), `what` (of an app: the call; of
people: `person.<verb>`), `by` (app or user id), and what the write says. The file is
only ever appended to; `read_ledger` needs no simulator.
"""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

from bridge.simulators.common.wire import Json, JsonObject, dump


class Ledger:
    """Appends in order. Writes that come together share one fsync."""

    def __init__(self, path: Path | None, now: Callable[[], float]) -> None:
        """Without a path the entries are kept in memory only."""
        self.entries: list[JsonObject] = []
        self.path = path
        self._now = now
        self._unsaved: list[str] = []
        self._saved = 0
        self._saving: asyncio.Task[None] | None = None
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if path else None

    async def append(self, what: str, by: str, **said: Json) -> None:
        """Returns when the entry is durable. Its place is taken before the first await."""
        n = len(self.entries) + 1
        entry: JsonObject = {"n": n, "at": self._now(), "what": what, "by": by, **said}
        self.entries.append(entry)
        if self._file is None:
            return
        self._unsaved.append(dump(entry) + "\n")
        # The running save may have begun without this line; the next one certainly has it.
        while self._saved < n:
            if self._saving is None or self._saving.done():
                self._saving = asyncio.create_task(self._save(self._file))
            await asyncio.shield(self._saving)

    async def _save(self, file: int) -> None:
        lines, self._unsaved = self._unsaved, []
        await asyncio.to_thread(_write, file, "".join(lines).encode())
        self._saved += len(lines)

    async def aclose(self) -> None:
        """Wait for what is being written, then close the file."""
        if self._saving is not None:
            await self._saving
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _write(file: int, lines: bytes) -> None:
    os.write(file, lines)
    os.fsync(file)


def read_ledger(path: Path) -> list[JsonObject]:
    """Every whole entry of the file. A line torn by a kill was never answered, so it is none."""
    lines = path.read_bytes().split(b"\n")[:-1]
    return [json.loads(line) for line in lines]
