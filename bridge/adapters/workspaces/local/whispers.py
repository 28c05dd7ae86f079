"""Private lines: what one person was told that nobody else sees."""

from collections.abc import AsyncIterator, Sequence

from bridge.adapters.workspaces.local.entries import (
    Dismissed,
    Whispered,
    encode,
    read_private_entry,
)
from bridge.domain.delivery import OfferedCommand
from bridge.domain.errors import NotFound
from bridge.domain.ids import Instant, ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText
from bridge.domain.value import Value
from bridge.ports.adapter_store import AdapterStore, Entry

_SHOWN = 200


class Whisper(Value):
    """A private line as it is shown; `seq` orders it among the lines of a thread."""

    seq: int
    at: Instant
    text: FormattedText
    thread: ThreadRef | None = None
    offers: tuple[OfferedCommand, ...] = ()


class WhisperBook:
    """One journal per person; a line stays until the person puts it away."""

    def __init__(self, store: AdapterStore) -> None:
        """Stand on the adapter's own store."""
        self._store = store

    async def add(self, to: WorkspaceUserId, key: str, whisper: Whispered) -> int:
        """Tell one person; the same key again tells nothing new."""
        return await self._store.append(*entry_of(to, key), encode(whisper))

    async def dismiss(self, by: WorkspaceUserId, whisper: int) -> None:
        """Put a private line away. Raises `NotFound` when it is none of his."""
        found = await self._store.read(_private(by), whisper - 1, 1)
        if not found or found[0].seq != whisper:
            raise NotFound(f"no private line {whisper}")
        await self._store.append(_private(by), f"d:{whisper}", encode(Dismissed(whisper=whisper)))

    async def open(self, of: WorkspaceUserId) -> tuple[tuple[Whisper, ...], int]:
        """What a person has not put away, oldest first, and the last seq that was read."""
        entries = await self._store.tail(_private(of), None, _SHOWN)
        shown: dict[int, Whisper] = {}
        for entry in entries:
            match read_private_entry(entry.body):
                case Whispered() as told:
                    shown[entry.seq] = read(entry.seq, told)
                case Dismissed(whisper=seq):
                    shown.pop(seq, None)
        return tuple(shown.values()), entries[-1].seq if entries else 0

    async def last(self, of: WorkspaceUserId) -> int:
        """The seq of the newest entry of a person."""
        entries = await self._store.tail(_private(of), None, 1)
        return entries[-1].seq if entries else 0

    async def since(self, of: WorkspaceUserId, after: int) -> Sequence[Entry]:
        """A person's entries after one, oldest first."""
        return await self._store.read(_private(of), after, _SHOWN)

    def follow(self, of: WorkspaceUserId) -> AsyncIterator[Entry]:
        """A person's entries from now on."""
        return self._store.follow(_private(of))


def read(seq: int, told: Whispered) -> Whisper:
    """An entry as it is shown."""
    return Whisper(seq=seq, at=told.at, text=told.text, thread=told.thread, offers=told.offers)


def entry_of(to: WorkspaceUserId, key: str) -> tuple[str, str]:
    """The journal and the key of a private line."""
    return _private(to), f"w:{key}"


def _private(user: WorkspaceUserId) -> str:
    return f"user:{user}"
