"""What was written while nobody listened: every open thread is read at every new connection."""

import asyncio
from typing import Protocol

import structlog

from bridge.adapters.common.gates import Gates
from bridge.adapters.common.pauses import USUAL
from bridge.adapters.common.progress import Progress, Read
from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.common.threads import Thread, ThreadBook
from bridge.domain.binding import Purpose
from bridge.domain.errors import DeskbridgeError, Overloaded, StorageUnavailable, TemporaryFailure
from bridge.domain.ids import ThreadRef
from bridge.ports.failpoints import failpoint

log = structlog.get_logger("bridge.workspaces")

_SAVE_EVERY = 5.0
_AT_ONCE = 4


class History(Protocol):
    """What a platform kept of a thread."""

    async def read(self, thread: Thread, since: Read) -> None:
        """Hand over what happened in the thread since then.

        Raises `TemporaryFailure`, `StorageUnavailable` and `Overloaded` to be asked again; what is
        handed over twice is one.
        """
        ...


class CatchingUp:
    """Reads a few threads at once, those first in which something already waits.

    It goes as fast as the platform allows, however slow that is. What is read twice is one: the
    desk knows the sources of what it has.
    """

    def __init__(
        self,
        threads: ThreadBook,
        history: History,
        gates: Gates,
        progress: Progress,
        skipped: frozenset[Purpose] = frozenset(),
        pause: float = USUAL.reading,
    ) -> None:
        """Nothing is behind; threads for these purposes are never read.

        What cannot be read or handed over is tried again after `pause` seconds.
        """
        self._pause = pause
        self._threads = threads
        self._history = history
        self._gates = gates
        self._progress = progress
        self._skipped = skipped
        self._behind: dict[ThreadRef, Read] = {}
        self._reading: set[ThreadRef] = set()
        self._again: set[ThreadRef] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Know where we were; reading begins with `begin`."""
        await self._progress.load()
        self._tasks = [
            begun(self._work(), "catching up"),
            begun(self._keep(), "progress"),
        ]

    async def stop(self) -> None:
        """Stop reading; where we are is kept."""
        await ended(*self._tasks)
        self._tasks = []
        await self._save()

    async def begin(self) -> None:
        """From now on every open thread is behind."""
        self.all_behind()

    def all_behind(self) -> None:
        """From now on every open thread is behind, from where it was read last."""
        for thread in self._threads.open_ones():
            if thread.purpose not in self._skipped:
                self.is_behind(thread.ref)

    def is_behind(self, ref: ThreadRef) -> None:
        """This thread is; what happens in it from now on waits."""
        if ref in self._reading:
            self._again.add(ref)
        self._behind.setdefault(ref, self._progress.of(ref))
        self._gates.shut(ref)
        self._wake.set()

    @property
    def behind(self) -> int:
        """How many threads are still to be read."""
        return len(self._behind)

    # --- working ------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            async with asyncio.TaskGroup() as readers:
                for _ in range(_AT_ONCE):
                    readers.create_task(self._read_on())

    async def _read_on(self) -> None:
        while (ref := self._pick()) is not None:
            self._reading.add(ref)
            try:
                await self._read(ref)
            finally:
                self._reading.discard(ref)
                self._done(ref)
            await self._save()

    def _done(self, ref: ThreadRef) -> None:
        """The thread is up to date, unless the connection was lost while it was read."""
        if ref in self._again:
            self._again.discard(ref)
            self._behind[ref] = self._progress.of(ref)
            return
        self._behind.pop(ref, None)
        self._gates.open(ref)

    def _pick(self) -> ThreadRef | None:
        """The thread in which something has waited longest, else the oldest."""
        choice = (*self._gates.wanted(), *self._behind)
        return next(
            (ref for ref in choice if ref in self._behind and ref not in self._reading), None
        )

    async def _read(self, ref: ThreadRef) -> None:
        """Read one thread, again and again while it cannot be read or handed over."""
        since = self._behind[ref]
        while (thread := await self._threads.find(ref)) is not None:
            try:
                await self._history.read(thread, since)
                return failpoint("history.read")
            except (TemporaryFailure, StorageUnavailable, Overloaded) as failure:
                log.warning("thread_waits", room_thread=ref, why=str(failure))
                await asyncio.sleep(self._pause)
            except DeskbridgeError as error:
                log.warning("thread_not_read", room_thread=ref, why=str(error))
                return None
        return None

    # --- keeping ------------------------------------------------------------------------------

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY)
            await self._save()

    async def _save(self) -> None:
        open_ones = frozenset(thread.ref for thread in self._threads.open_ones())
        try:
            await self._progress.save(open_ones)
        except DeskbridgeError as error:
            log.warning("progress_not_kept", why=str(error))
