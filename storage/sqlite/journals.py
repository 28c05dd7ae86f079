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
        numbered = [replace(entry, seq=seq) for seq, entry in enumerate(entries, self._last + 1)]
        rows = [(new.seq, new.adapter, new.journal, new.key, new.body) for new in numbered]
        if connection.executemany(SQL["append_entry"], rows).rowcount != len(rows):
            numbered = [new for new in numbered if _stored_as(connection, new) == new.seq]
        if numbered:
            self._last = numbered[-1].seq
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


def _stored_as(connection: sqlite3.Connection, entry: JournalEntry) -> int:
    own = (entry.adapter, entry.journal, entry.key)
    return int(connection.execute(SQL["find_entry"], own).fetchone()[0])


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
