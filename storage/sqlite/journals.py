"""Numbers the entries of adapters' journals and tells followers of each, once it is on disk."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterable
from weakref import WeakSet

from msgspec.structs import replace

from bridge.ports.adapter_store import Entry
from bridge.ports.store import JournalEntry
from storage.sqlite.compiled import SQL

_FURTHEST_BEHIND = 1_000


class Journals:
    """All journals of all adapters: one sequence, so that order is the order of commits."""

    def __init__(self, last: int) -> None:
        """Go on after the greatest number that is stored."""
        self._last = last
        self._followers: dict[tuple[str, str], WeakSet[Follower]] = {}

    def write(
        self, connection: sqlite3.Connection, entries: Iterable[JournalEntry]
    ) -> list[JournalEntry]:
        """Write entries inside a transaction; the new ones, numbered, to `tell` when it is over."""
        written = []
        for entry in entries:
            seq = self._last + 1
            row = (seq, entry.adapter, entry.journal, entry.key, entry.body)
            if connection.execute(SQL["append_entry"], row).rowcount == 1:
                self._last = seq
                written.append(replace(entry, seq=seq))
        return written

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
