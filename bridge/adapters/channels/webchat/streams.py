"""The open streams of all visitors: what was missed, then what happens."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager, suppress

from bridge.adapters.channels.webchat import lines
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import Address
from bridge.ports.adapter_store import AdapterStore, Entry

HEARTBEAT = 15.0
"""Seconds of silence after which an empty comment is sent."""
PAGE = 50
"""Events a new visitor's page begins with."""
_GAP = 500
_BEHIND = 1_000


class Stream:
    """One browser tab that listens. It ends when its reader falls too far behind."""

    def __init__(self, store: AdapterStore, address: Address, heartbeat: float) -> None:
        """Nothing is read until `frames` is."""
        self._store = store
        self._address = address
        self._heartbeat = heartbeat
        self._queue: asyncio.Queue[Entry | bytes] = asyncio.Queue(_BEHIND)
        self._over = asyncio.Event()

    def push(self, item: Entry | bytes) -> None:
        """Send this after what is already waiting."""
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the reader go; the browser comes back by itself."""
        self._over.set()
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(b"")

    async def frames(self, after: int | None, marks: lines.Marks) -> AsyncGenerator[bytes, None]:
        """Everything after event `after` (None: the last page), `ready`, then live for ever.

        Following begins before reading, so nothing falls between; what both bring is sent once.
        """
        pump = asyncio.create_task(self._pump(self._store.follow(self._address)))
        try:
            entries, more, complete = await self._missed(after)
            if not complete:
                yield lines.passing("reset")
            yield b"".join(map(lines.frame, entries))
            ready = lines.Ready(received=marks.received, read=marks.read, more=more)
            yield lines.passing("ready", ready)
            async for frame in self._live(entries[-1].seq if entries else after or 0):
                yield frame
        finally:
            pump.cancel()

    async def _missed(self, after: int | None) -> tuple[tuple[Entry, ...], bool | None, bool]:
        """What to send first, whether there is older, and whether it joins what the tab has."""
        if after is not None:
            missed = await self._store.read(self._address, after, _GAP + 1)
            if len(missed) <= _GAP:
                return tuple(missed), None, True
        entries, more = await last_page(self._store, self._address, None)
        return entries, more, after is None

    async def _live(self, last: int) -> AsyncIterator[bytes]:
        while not self._over.is_set():
            try:
                async with asyncio.timeout(self._heartbeat):
                    item = await self._queue.get()
            except TimeoutError:
                item = b":\n\n"
            if isinstance(item, bytes):
                yield item
            elif item.seq > last:
                last = item.seq
                yield lines.frame(item)

    async def _pump(self, entries: AsyncIterator[Entry]) -> None:
        try:
            async for entry in entries:
                self.push(entry)
        except StorageUnavailable:
            pass  # The stream ends; the browser asks again when it can be served.
        finally:
            self.end()


class Streams:
    """Every open stream, by visitor."""

    def __init__(
        self, store: AdapterStore, per_visitor: int, total: int, heartbeat: float = HEARTBEAT
    ) -> None:
        """`per_visitor` and `total` bound how many are open at once."""
        self._store = store
        self._per_visitor = per_visitor
        self._total = total
        self._heartbeat = heartbeat
        self._open: defaultdict[Address, list[Stream]] = defaultdict(list)
        self._count = 0
        self._closed = False

    @contextmanager
    def open(self, address: Address) -> Iterator[Stream]:
        """A stream for as long as the block runs. A visitor's oldest one makes place for it.

        Raises `Overloaded` when there is no place at all.
        """
        if self._closed or self._count >= self._total:
            raise Overloaded("no more streams can be opened now", retry_after=5)
        mine = self._open[address]
        for oldest in mine[: len(mine) + 1 - self._per_visitor]:
            oldest.end()
        stream = Stream(self._store, address, self._heartbeat)
        mine.append(stream)
        self._count += 1
        try:
            yield stream
        finally:
            self._count -= 1
            mine.remove(stream)
            if not mine:
                self._open.pop(address, None)

    def publish(self, address: Address, frame: bytes) -> None:
        """Show a passing event to every tab of this visitor that is open here."""
        for stream in self._open.get(address, ()):
            stream.push(frame)

    def close(self) -> None:
        """End every stream and open no more."""
        self._closed = True
        for streams in self._open.values():
            for stream in streams:
                stream.end()


async def last_page(
    store: AdapterStore, address: Address, before: int | None
) -> tuple[tuple[Entry, ...], bool]:
    """The newest page of events before `before`, and whether there is an older one."""
    entries = await store.tail(address, before, PAGE + 1)
    return tuple(entries[-PAGE:]), len(entries) > PAGE
