"""Which threads of a workspace are ours: the thread of each binding, kept over restarts."""

import msgspec
from msgspec.structs import replace

from bridge.domain.binding import Purpose
from bridge.domain.ids import BindingId, Instant, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore

OPEN = "threads"
CLOSED = "closed_threads"
_REMEMBERED = 1_000


class Thread(Value):
    """A thread of ours. `members`, when not empty, are the only people who see it.

    `channel` is the name of the customers' channel, `drawn` what the root card shows (a digest).
    Where threads have names, `title` is this one's. `root` says in the adapter's own words where
    the card stands, if that does not follow from `ref`. `bare` is true while there is only the
    card and nothing was opened under it.
    """

    ref: ThreadRef
    binding: BindingId
    number: int
    purpose: Purpose
    room: RoomRef
    opened_at: Instant
    channel: str = ""
    members: tuple[WorkspaceUserId, ...] = ()
    drawn: str = ""
    closed_at: Instant | None = None
    hidden: bool = False
    title: str = ""
    root: str = ""
    bare: bool = False

    @property
    def private(self) -> bool:
        """It is a direct message with the app: nothing is posted under another name there."""
        return bool(self.members)

    @property
    def writable(self) -> bool:
        """True while a plain message in it may go to the customer."""
        return self.closed_at is None and self.purpose is Purpose.WORK


_decoder = msgspec.json.Decoder(Thread)


class ThreadBook:
    """Every open thread in memory, closed ones on disk."""

    def __init__(self, store: AdapterStore) -> None:
        """Stand on the adapter's own store; `load` fills it."""
        self._store = store
        self._open: dict[ThreadRef, Thread] = {}
        self._by_binding: dict[BindingId, ThreadRef] = {}
        self._looked_up: dict[ThreadRef, Thread | None] = {}
        self._answered: set[ThreadRef] = set()

    async def load(self) -> None:
        """Read the open threads."""
        for document in await self._store.scan(OPEN):
            self._keep(_decoder.decode(document.body))

    async def find(self, ref: ThreadRef) -> Thread | None:
        """A thread of ours, open or closed; None for any other."""
        thread = self._open.get(ref)
        if thread is not None:
            return thread
        if ref not in self._looked_up:
            body = await self._store.get(CLOSED, ref)
            self._remember(ref, None if body is None else _decoder.decode(body))
        return self._looked_up[ref]

    def of_binding(self, binding: BindingId) -> Thread | None:
        """The open thread of a binding."""
        ref = self._by_binding.get(binding)
        return None if ref is None else self._open[ref]

    def open_ones(self) -> tuple[Thread, ...]:
        """Every open thread, oldest first."""
        return tuple(sorted(self._open.values(), key=lambda thread: thread.opened_at))

    def answered(self, ref: ThreadRef) -> None:
        """Something stands under this root: from now on private answers are shown there."""
        if ref in self._open:
            self._answered.add(ref)

    def is_answered(self, ref: ThreadRef) -> bool:
        """Whether we know that something stands under this root."""
        return ref in self._answered

    async def put(self, thread: Thread) -> None:
        """Remember a thread as it is now."""
        await self._store.put(OPEN, thread.ref, msgspec.json.encode(thread))
        self._keep(thread)

    async def close(self, thread: Thread, now: Instant, hidden: bool) -> None:
        """It takes no more replies; from now on it is looked up on disk."""
        closed = replace(thread, closed_at=thread.closed_at or now, hidden=hidden or thread.hidden)
        await self._store.put(CLOSED, thread.ref, msgspec.json.encode(closed))
        await self._store.remove(OPEN, thread.ref)
        self._open.pop(thread.ref, None)
        self._by_binding.pop(thread.binding, None)
        self._answered.discard(thread.ref)
        self._remember(thread.ref, closed)

    def _keep(self, thread: Thread) -> None:
        self._open[thread.ref] = thread
        self._by_binding[thread.binding] = thread.ref
        self._looked_up.pop(thread.ref, None)

    def _remember(self, ref: ThreadRef, thread: Thread | None) -> None:
        self._looked_up.pop(ref, None)
        self._looked_up[ref] = thread
        while len(self._looked_up) > _REMEMBERED:
            del self._looked_up[next(iter(self._looked_up))]
