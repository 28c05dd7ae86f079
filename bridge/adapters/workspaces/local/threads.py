"""The threads of the local workspace: their heads, their journals, and the rooms they are in."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4
from weakref import WeakValueDictionary

import msgspec
from msgspec.structs import replace

from bridge.adapters.workspaces.local.entries import (
    Closed,
    Converted,
    Redrawn,
    ThreadEntry,
    encode,
    read_thread_entry,
)
from bridge.adapters.workspaces.local.timeline import Timeline
from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.errors import NotFound
from bridge.domain.ids import BindingId, Instant, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore, Entry
from bridge.ports.clock import Clock
from bridge.ports.workspace import BindingKey

HEADS = "threads"
_PAGE = 500
_KEPT = 64


class ThreadHead(Value):
    """What is true of a whole thread now; `members`, when not empty, alone may see it."""

    ref: ThreadRef
    binding: BindingId
    number: int
    purpose: Purpose
    room: RoomRef
    card: ConversationCard
    opened_at: Instant
    members: tuple[WorkspaceUserId, ...] = ()
    closed_at: Instant | None = None
    hidden: bool = False

    @property
    def writable(self) -> bool:
        """True while a plain message may be written in it."""
        return self.closed_at is None and self.purpose is Purpose.WORK


_decoder = msgspec.json.Decoder(ThreadHead)


class ThreadBook:
    """Opens, changes and reads threads. Every method may be repeated without a second effect."""

    def __init__(self, store: AdapterStore, clock: Clock) -> None:
        """Stand on the adapter's own store."""
        self._store = store
        self._clock = clock
        self._timelines: OrderedDict[ThreadRef, Timeline] = OrderedDict()
        self._locks: WeakValueDictionary[ThreadRef, asyncio.Lock] = WeakValueDictionary()

    async def open(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """The thread of a binding, opened if it is not; the same binding, the same thread."""
        ref = ThreadRef(f"t{binding.id}")
        async with self._lock(ref):
            head = await self.find(ref)
            if head is None:
                head = ThreadHead(
                    ref=ref,
                    binding=binding.id,
                    number=binding.number,
                    purpose=binding.purpose,
                    room=room,
                    card=card,
                    opened_at=self._clock.now(),
                    members=members,
                )
                await self._put(head)
            if head.closed_at is None:
                await self._store.put(_open(room), ref, b"")
        await self._store.append(_room(room), ref, ref.encode())
        return ref

    async def redraw(self, ref: ThreadRef, card: ConversationCard) -> None:
        """Show another card."""
        async with self._lock(ref):
            head = await self.head(ref)
            if head.card != card:
                await self._put(replace(head, card=card))
        await self.ring(ref, Redrawn())

    async def convert(self, ref: ThreadRef) -> None:
        """Let people write in what was a waiting card."""
        async with self._lock(ref):
            head = await self.head(ref)
            if head.purpose is Purpose.WAITING:
                await self._put(replace(head, purpose=Purpose.WORK))
        await self.append(ref, "convert", Converted())

    async def close(self, ref: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Show the last card and take no more replies."""
        async with self._lock(ref):
            head = await self.head(ref)
            closed_at = head.closed_at or self._clock.now()
            hidden = hide or head.hidden
            await self._put(replace(head, card=card, closed_at=closed_at, hidden=hidden))
        await self._store.remove(_open(head.room), ref)
        await self.append(ref, "close", Closed(hide=hide))

    async def append(self, ref: ThreadRef, key: str, entry: ThreadEntry) -> int:
        """Add an entry; the same key again gives the same seq."""
        return await self._store.append(_thread(ref), key, encode(entry))

    async def ring(self, ref: ThreadRef, entry: ThreadEntry) -> int:
        """Add an entry that may be there twice without harm."""
        return await self.append(ref, uuid4().hex, entry)

    async def appended(self, ref: ThreadRef, key: str) -> tuple[int, ThreadEntry] | None:
        """The entry that was added under this key."""
        found = await self._store.find_entry(_thread(ref), key)
        return None if found is None else (found.seq, read_thread_entry(found.body))

    async def find(self, ref: ThreadRef) -> ThreadHead | None:
        """A thread's head."""
        body = await self._store.get(HEADS, ref)
        return None if body is None else _decoder.decode(body)

    async def head(self, ref: ThreadRef) -> ThreadHead:
        """A thread's head. Raises `NotFound`."""
        found = await self.find(ref)
        if found is None:
            raise NotFound(f"no thread {ref!r}")
        return found

    async def timeline(self, ref: ThreadRef) -> Timeline:
        """A thread's lines as they are now."""
        timeline = self._timelines.setdefault(ref, Timeline())
        self._timelines.move_to_end(ref)
        while len(self._timelines) > _KEPT:
            self._timelines.popitem(last=False)
        while entries := await self._store.read(_thread(ref), timeline.last, _PAGE):
            for entry in entries:
                timeline.apply(entry.seq, read_thread_entry(entry.body))
            if len(entries) < _PAGE:
                break
        return timeline

    async def kept_of(self, ref: ThreadRef) -> tuple[tuple[str, str], ...]:
        """The documents about a thread; its journal is called as `journal_of` says."""
        head = await self.find(ref)
        listed = () if head is None else ((_open(head.room), ref),)
        self._timelines.pop(ref, None)
        return ((HEADS, ref), *listed)

    def forget(self) -> None:
        """Read every journal again when it is asked for."""
        self._timelines.clear()

    async def since(self, ref: ThreadRef, after: int) -> Sequence[Entry]:
        """The first entries after one, oldest first."""
        return await self._store.read(_thread(ref), after, _PAGE)

    def follow(self, ref: ThreadRef) -> AsyncIterator[Entry]:
        """A thread's entries from now on."""
        return self._store.follow(_thread(ref))

    async def open_in(self, room: RoomRef) -> list[ThreadHead]:
        """The threads of a room that are not closed, newest first."""
        refs = [ThreadRef(document.key) for document in await self._store.scan(_open(room))]
        return sorted(await self._heads(refs), key=lambda head: head.opened_at, reverse=True)

    async def opened_in(
        self, room: RoomRef, before: int | None, limit: int
    ) -> tuple[list[ThreadHead], int | None]:
        """Threads of a room, newest first, and what `before` must be for the next ones."""
        entries = await self._store.tail(_room(room), before, limit)
        refs = [ThreadRef(entry.body.decode()) for entry in reversed(entries)]
        return await self._heads(refs), entries[0].seq if len(entries) == limit else None

    async def _heads(self, refs: Sequence[ThreadRef]) -> list[ThreadHead]:
        found = [await self.find(ref) for ref in refs]
        return [head for head in found if head is not None]

    async def _put(self, head: ThreadHead) -> None:
        await self._store.put(HEADS, head.ref, encode(head))

    def _lock(self, ref: ThreadRef) -> asyncio.Lock:
        lock = self._locks.get(ref)
        if lock is None:
            lock = self._locks[ref] = asyncio.Lock()
        return lock


def journal_of(ref: ThreadRef) -> str:
    """What the journal of a thread is called."""
    return _thread(ref)


def _thread(ref: ThreadRef) -> str:
    return f"thread:{ref}"


def _room(room: RoomRef) -> str:
    return f"room:{room}"


def _open(room: RoomRef) -> str:
    return f"open:{room}"
