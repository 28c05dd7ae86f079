"""Numbers the entries of adapters' journals and tells followers of each, once it is on disk."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from weakref import WeakSet

from msgspec.structs import replace

from bridge.ports.adapter_store import Entry
from bridge.ports.store import JournalEntry
from storage.mapping.row import Row

_FURTHEST_BEHIND = 1_000


class Journals:
    """All journals of all adapters: one sequence, so that order is the order of commits."""

    def __init__(self, last: int = 0) -> None:
        """Go on after the greatest number that is stored."""
        self._last = last
        self._followers: dict[tuple[str, str], WeakSet[Follower]] = {}

    def go_on_after(self, last: int) -> None:
        """This is the greatest number that is stored."""
        self._last = max(self._last, last)

    def numbered(self, entries: Sequence[JournalEntry]) -> list[JournalEntry]:
        """The same entries with the next numbers, to be written and then to `tell`.

        A number whose entry is not written after all is never given again.
        """
        numbered = [replace(entry, seq=seq) for seq, entry in enumerate(entries, self._last + 1)]
        self._last += len(numbered)
        return numbered

    def follow(self, adapter: str, journal: str) -> "Follower":
        """From this call on, every entry that is committed."""
        follower = Follower()
        self._followers.setdefault((adapter, journal), WeakSet()).add(follower)
        return follower

    def tell(self, entries: Iterable[JournalEntry]) -> None:
        """These are on disk now, in this order."""
        for entry in entries:
            followers = self._followers.get((entry.adapter, entry.journal))
            if not followers:
                continue
            told = Entry(seq=entry.seq, body=entry.body)
            for follower in followers:
                follower.take(told)


def entry_row(entry: JournalEntry, *, handed_in: bool) -> Row:
    """The row of an entry that was numbered; of those that were handed in no key is compared."""
    return (entry.seq, entry.adapter, entry.journal, entry.key, entry.body, handed_in)


class Follower(AsyncIterator[Entry]):
    """One reader of a journal. When it falls too far behind it ends, and its reader reads again."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._entries: deque[Entry] = deque()
        self._came = asyncio.Event()
        self._over = False

    def take(self, entry: Entry) -> None:
        """An entry was committed."""
        if self._over:
            return
        if len(self._entries) >= _FURTHEST_BEHIND:
            self._over = True
            self._entries.clear()
        else:
            self._entries.append(entry)
        self._came.set()

    async def aclose(self) -> None:
        """The reader goes away."""
        self._over = True
        self._entries.clear()
        self._came.set()

    async def __anext__(self) -> Entry:
        """The next entry, when it comes."""
        while not self._entries:
            if self._over:
                raise StopAsyncIteration
            self._came.clear()
            await self._came.wait()
        return self._entries.popleft()
