"""How far each thread was read, and which lines of people stand there; kept over restarts.

It is written now and then, never for each line: what is read a second time is dropped by the desk.
"""

import msgspec
from msgspec.structs import replace

from bridge.adapters.common.gates import Gates
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.failpoints import failpoint

_COLLECTION = "progress"
REMEMBERED = 20
"""So many of the newest lines of a thread are looked for again, for edits and deletions."""


class Written(Value, array_like=True):
    """A line that a person wrote."""

    line: str
    user: str


class Read(Value):
    """Everything up to `upto` was handed over; `lines` are the newest ones of people."""

    upto: str = ""
    lines: tuple[Written, ...] = ()

    @property
    def oldest(self) -> str:
        """From where to read again."""
        return self.lines[0].line if self.lines else self.upto


_decoder = msgspec.json.Decoder(Read)


class Progress:
    """The place in every open thread."""

    def __init__(self, store: AdapterStore, gates: Gates) -> None:
        """Stand on the adapter's own store; `load` fills it."""
        self._store = store
        self._gates = gates
        self._read: dict[ThreadRef, Read] = {}
        self._unsaved: set[ThreadRef] = set()

    async def load(self) -> None:
        """What was kept."""
        for document in await self._store.scan(_COLLECTION):
            self._read.setdefault(ThreadRef(document.key), _decoder.decode(document.body))

    def of(self, thread: ThreadRef) -> Read:
        """Where we are in a thread."""
        return self._read.get(thread, Read())

    def wrote(self, thread: ThreadRef, line: str, user: str) -> None:
        """A person's line was handed over."""
        read = self.of(thread)
        if any(each.line == line for each in read.lines):
            return
        written = Written(line=line, user=user)
        lines = sorted((*read.lines, written), key=lambda each: place(each.line))
        self._keep(thread, replace(read, lines=tuple(lines[-REMEMBERED:])))
        self.reached(thread, line)

    def reached(self, thread: ThreadRef, line: str) -> None:
        """Everything up to here was handed over."""
        read = self.of(thread)
        if place(line) > place(read.upto):
            self._keep(thread, replace(read, upto=line))

    def gone(self, thread: ThreadRef, line: str) -> None:
        """A line is not there any more."""
        read = self.of(thread)
        left = tuple(each for each in read.lines if each.line != line)
        self._keep(thread, replace(read, lines=left))

    async def save(self, open_ones: frozenset[ThreadRef]) -> None:
        """Write what changed, and forget threads that are closed.

        A thread that is behind is left as it was: what it lacks is not behind its mark.
        """
        failpoint("progress.keep")
        for thread in [each for each in self._read if each not in open_ones]:
            del self._read[thread]
            self._unsaved.discard(thread)
            await self._store.remove(_COLLECTION, thread)
        for thread in [each for each in self._unsaved if not self._gates.is_shut(each)]:
            self._unsaved.discard(thread)
            try:
                await self._store.put(_COLLECTION, thread, msgspec.json.encode(self._read[thread]))
            except StorageUnavailable:
                self._unsaved.add(thread)
                raise

    def _keep(self, thread: ThreadRef, read: Read) -> None:
        self._read[thread] = read
        self._unsaved.add(thread)


def place(line: str) -> tuple[int, int]:
    """A line's id as it is compared: `12`, or `12.345`; what is neither comes first."""
    whole, _, part = line.partition(".")
    return (int(whole), int(part or 0)) if f"{whole}{part}".isdecimal() and whole else (0, 0)
