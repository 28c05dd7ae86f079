"""One transaction on the writer's connection: the fence, and as few trips as can be.

Each trip costs more than what it carries, and the fence asks for little: it goes with the first.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain

import asyncpg

from bridge.domain.errors import StorageUnavailable
from bridge.ports.holding import Held
from bridge.ports.store import ArrivedBefore
from storage.mapping.row import Read, Row
from storage.names import ENGINE
from storage.postgres.compiled import SQL
from storage.postgres.layout import Layout

Parts = Mapping[str, Sequence[Row]]
"""Rows by the name of the statement that writes them."""

_NOTHING_WAITS = 2**63 - 1
"""Behind this there is no number."""
_PARAMETER = re.compile(r"\$(\d+)")


class Deposed(StorageUnavailable):
    """Another process runs the desk now: this one writes nothing any more."""


class Transaction:
    """What is written between a `BEGIN` and a `COMMIT` that somebody else sends."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        layout: Layout,
        held: Held | None,
        mark: int | None = None,
    ) -> None:
        """It is fenced if there is somebody who leads; `mark` is there once it is committed."""
        self.connection = connection
        self.mark = mark
        self._layout = layout
        self._held = held
        self._number = ""
        self._behind = _NOTHING_WAITS

    def unless_arrived(self, behind: int) -> None:
        """Have the fence look, too, whether something waits behind this number.

        Said before anything is written, which raises `ArrivedBefore` then.
        """
        self._behind = behind

    async def number(self) -> str:
        """The transaction's number; once this returns, nobody can take the name meanwhile.

        Raises `Deposed`.
        """
        if not self._number:
            await self.write({})
        return self._number

    async def write(self, parts: Parts) -> frozenset[int]:
        """Write all of this in one trip; gives the ids of what `mark_delivery` changed.

        None of it sees what another part writes, and no row may be written by two. Raises
        `Deposed`, `ArrivedBefore`, and what the driver raises.
        """
        lacks_fence = not self._number
        if not parts and not lacks_fence:
            return frozenset()
        given = [self._layout.given(name, rows) for name, rows in parts.items()]
        fence = self._fence() if lacks_fence else ()
        fenced = lacks_fence and self._held is not None
        marked = lacks_fence and self.mark is not None
        statement = together(tuple(parts), fenced=fenced, numbered=lacks_fence, leaves_mark=marked)
        found = await self.connection.fetch(statement, *chain.from_iterable(given), *fence)
        if not found:
            raise self._deposed()
        number, changed, waits = found[0]
        if waits is not None:
            raise ArrivedBefore
        self._number = self._number or number
        return frozenset(changed)

    async def run(self, name: str, rows: Sequence[Row]) -> int:
        """One statement over all of these rows; how many it changed."""
        if not rows:
            return 0
        await self.number()
        given = self._layout.given(name, rows)
        status: str = await self.connection.execute(SQL[name], *given)
        return int(status.rpartition(" ")[2])

    async def find(self, name: str, *values: object) -> Sequence[Read]:
        """What one of our questions finds."""
        await self.number()
        found: list[Read] = await self.connection.fetch(SQL[name], *values)
        return found

    async def forget_marks(self) -> None:
        """Of transactions before this one nobody asks any more whether they were committed."""
        await self.number()
        await self.connection.execute("DELETE FROM written WHERE id < $1", self.mark)

    def _fence(self) -> tuple[object, ...]:
        mark = () if self.mark is None else (self.mark,)
        holder = () if self._held is None else (ENGINE, self._held.epoch)
        return (self._behind, *mark, *holder)

    def _deposed(self) -> Deposed:
        assert self._held is not None, "only a fence finds nothing"
        self._held.deposed.set()
        return Deposed("another process runs this desk now")


@lru_cache(maxsize=1_024)
def together(
    names: tuple[str, ...], *, fenced: bool, numbered: bool, leaves_mark: bool = False
) -> str:
    """All these statements as one, their parameters one after the other.

    It gives the transaction's number, if that is asked for, and the ids of changed deliveries, and
    with the number what has arrived and waits; or nothing when the fence finds that another leads.
    The parameters of the number are last: behind which something may wait, the mark, the fence's.
    """
    parts, taken = [], 0
    for position, name in enumerate(names):
        text = SQL[name]
        parts.append(f"part_{position} AS ({_after(taken, text)})")
        taken += max(int(number) for number in _PARAMETER.findall(text))
    number = "pg_current_xact_id()::text" if numbered else "''"
    marked = "'{}'::bigint[]"
    if "mark_delivery" in names:
        marked = f"ARRAY(SELECT id FROM part_{names.index('mark_delivery')})"  # noqa: S608 - ours
    if leaves_mark:
        mark = f"INSERT INTO written (id) VALUES (${taken + 2})"  # noqa: S608 - ours
        parts.append(f"mark AS ({mark})")
    text = f"WITH {', '.join(parts)} " if parts else ""
    # Its lowest, because that is looked up in the index even while the table seems to be small.
    waits = f"(SELECT min(id) FROM arrival WHERE id > ${taken + 1})" if numbered else "NULL"  # noqa: S608
    text += f"SELECT {number}, {marked}, {waits}"
    if fenced:
        at = taken + (3 if leaves_mark else 2)
        text += f" FROM lease WHERE name = ${at} AND epoch = ${at + 1} FOR SHARE"
    return text


def _after(taken: int, text: str) -> str:
    """The same text with its parameters counted from here."""
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + taken}", text)
