"""Does it get slower with time? One database with a short history, one with a long one."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import cycle, islice
from pathlib import Path

from bridge.app.storing import Database, open_database
from bridge.bench.figures import ratios
from bridge.bench.orders import History
from bridge.bench.tasks.seeding import Past
from bridge.domain.conversation import Conversation
from bridge.ports.store import Changes

_ACTIVE = 20
_PAGE = 50
_BATCH = 500
_ROWS = 64
_WRITES, _READS = 4, 40


async def history(order: History) -> dict[str, list[float]]:
    """CPU of writing a line and of reading a page, the long history over the short one.

    Both databases have the same active conversations with the same lines; the long one has other,
    ended conversations besides. Rounds alternate between the two.
    """
    async with AsyncExitStack() as undo:
        desks = []
        for name, lines in (("short", order.short), ("long", order.long)):
            desk = await _Desk.open(Path(order.folder) / name, lines)
            undo.push_async_callback(desk.close)
            desks.append(desk)
        writes: tuple[list[float], list[float]] = ([], [])
        reads: tuple[list[float], list[float]] = ([], [])
        for _ in range(order.rounds):
            for at, desk in enumerate(desks):
                writes[at].append(await desk.write())
                reads[at].append(await desk.read())
    return {
        "history_insert_ratio": ratios(writes[1], writes[0]),
        "history_page_ratio": ratios(reads[1], reads[0]),
    }


class _Desk:
    """One database, and what is active in it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._past = Past()
        self._active: Sequence[Conversation] = ()

    @classmethod
    async def open(cls, folder: Path, lines: int) -> "_Desk":
        desk = cls(open_database(folder / "desk.db", files_dir=folder / "files"))
        await desk._live(lines)
        return desk

    async def _live(self, lines: int) -> None:
        """The others first, for the active ones are the newest in a real desk too."""
        over = await self._conversations((lines - _ACTIVE * _PAGE) // _PAGE, ended=True)
        self._active = await self._conversations(_ACTIVE)
        for few in _in_batches([*over, *self._active], _BATCH):
            for _ in range(_PAGE):
                changes = Changes()
                self._past.lines(changes, few)
                await self._database.store.commit(changes)

    async def _conversations(self, number: int, *, ended: bool = False) -> list[Conversation]:
        changes = Changes()
        made = [self._past.conversation(changes, ended=ended) for _ in range(number)]
        if made:
            await self._database.store.commit(changes)
        return made

    async def write(self) -> float:
        """CPU seconds of some batches of lines."""
        batches = []
        for _ in range(_WRITES):
            changes = Changes()
            self._past.lines(changes, islice(cycle(self._active), _ROWS))
            batches.append(changes)
        start = time.process_time()
        for changes in batches:
            await self._database.store.commit(changes)
        return time.process_time() - start

    async def read(self) -> float:
        """CPU seconds of some pages of active conversations."""
        start = time.process_time()
        for turn in range(_READS):
            conversation = self._active[turn % _ACTIVE]
            page = await self._database.reads.lines(conversation.id, None, _PAGE)
            assert len(page) == _PAGE
        return time.process_time() - start

    async def close(self) -> None:
        await self._database.close()


def _in_batches(values: Sequence[Conversation], size: int) -> list[Sequence[Conversation]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
