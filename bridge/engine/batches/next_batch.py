"""What was handed in and waits to be decided, in the order in which it came."""

import asyncio

from bridge.engine.batches.batch import Ending, Entry

_LARGEST = 512
_DISK_PAUSE = 0.25


class NextBatch:
    """While one batch is decided and written, the next one gathers here."""

    def __init__(self) -> None:
        """Nothing waits."""
        self.entries: list[Entry] = []
        self.idle = asyncio.Event()
        """Set while nothing waits, and nothing is under way."""
        self._wake = asyncio.Event()
        self._kept: list[Ending] = []

    def put(self, entry: Entry) -> None:
        """It is decided after all that is here."""
        if not self.entries:  # else the loop knows that there is something
            self.idle.clear()
            self._wake.set()
        self.entries.append(entry)

    async def take(self) -> list[Entry]:
        """What is decided now, as soon as there is something.

        What the disk refused before comes before all that came since; nothing at all when that was
        taken already.
        """
        if not self.entries:
            self.idle.set()
            await self._wake.wait()
        self._wake.clear()
        taken = [*self._kept, *self.entries[:_LARGEST]]
        self._kept.clear()
        del self.entries[:_LARGEST]
        return taken

    def keep(self, endings: list[Ending]) -> None:
        """Nobody repeats the end of a delivery for us: it waits for the disk, or the next batch."""
        self._kept += endings
        if self._kept:
            asyncio.get_running_loop().call_later(_DISK_PAUSE, self._wake.set)

    def lanes_ending(self) -> set[str]:
        """Lanes of calls that are over, of which it is still to be decided what they brought."""
        return {
            entry.outcome.delivery.lane
            for entry in (*self._kept, *self.entries)
            if isinstance(entry, Ending)
        }
