"""One transaction on the writer's connection: the fence, its mark, and as few trips as can be.

Each trip costs more than what it carries, so the fence and the mark go with the first.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from itertools import chain

import asyncpg

from bridge.domain.errors import StorageUnavailable
from bridge.ports.holding import Held
from storage.mapping.row import Read, Row
from storage.names import ENGINE
from storage.postgres.compiled import SQL
from storage.postgres.connect import TROUBLE, is_undone
from storage.postgres.doubt import Doubt
from storage.postgres.layout import Layout

Parts = Mapping[str, Sequence[Row]]
"""Rows by the name of the statement that writes them."""

_NOTHING_WAITS = 2**63 - 1
"""Behind this there is no number."""
_PARAMETER = re.compile(r"\$(\d+)")
_LEADS = "SELECT FROM lease WHERE name = $1 AND epoch = $2"
_KEPT_LOST = 24 * 3_600 * 10**9
"""Nanoseconds after which nothing is on its way any more."""


class Fence(Enum):
    """What a trip has to leave its mark for."""

    PASSED = "nothing any more"
    OPEN = "that nothing waits behind a number; nobody leads here"
    LED = "that, and that it is still we who lead"


class Deposed(StorageUnavailable):
    """Another process runs the desk now: this one writes nothing any more."""


class Transaction:
    """What is written between a `BEGIN` and a `COMMIT` that somebody else sends.

    Its first trip leaves its mark, and is refused as `refused_by_fence` knows when another process
    leads, or when something has arrived that nothing was to be written before.
    """

    def __init__(
        self, connection: asyncpg.Connection, layout: Layout, held: Held | None, mark: int
    ) -> None:
        """It is fenced if there is somebody who leads; `mark` is there once it is committed."""
        self.connection = connection
        self.mark = mark
        self._layout = layout
        self._held = held
        self._fenced = False
        self._behind = _NOTHING_WAITS

    def unless_arrived(self, behind: int) -> None:
        """Have the fence look, too, whether something waits behind this number.

        Said before anything is written.
        """
        self._behind = behind

    async def fence(self) -> None:
        """Pass it, unless that is done; from then on nobody can take the name meanwhile."""
        if not self._fenced:
            await self.write({})

    async def write(self, parts: Parts) -> frozenset[int]:
        """Write all of this in one trip; gives the ids of what `mark_delivery` changed.

        None of it sees what another part writes, and no row may be written by two. Raises what the
        driver raises.
        """
        if not parts and self._fenced:
            return frozenset()
        given = [self._layout.given(name, rows) for name, rows in parts.items()]
        kind, fence = self._fence()
        statement = together(tuple(parts), kind)
        found = await self.connection.fetch(statement, *chain.from_iterable(given), *fence)
        self._fenced = True
        return frozenset(found[0][0])

    async def run(self, name: str, rows: Sequence[Row]) -> int:
        """One statement over all of these rows; how many it changed."""
        if not rows:
            return 0
        await self.fence()
        given = self._layout.given(name, rows)
        status: str = await self.connection.execute(SQL[name], *given)
        return int(status.rpartition(" ")[2])

    async def find(self, name: str, *values: object) -> Sequence[Read]:
        """What one of our questions finds."""
        await self.fence()
        found: list[Read] = await self.connection.fetch(SQL[name], *values)
        return found

    async def forget_marks(self) -> None:
        """Of transactions before this one nobody asks any more whether they were committed.

        What was found lost may still be on its way: its mark keeps it out, for a day.
        """
        await self.fence()
        forget = "DELETE FROM written WHERE id < $1 AND (NOT lost OR id < $2)"
        await self.connection.execute(forget, self.mark, self.mark - _KEPT_LOST)

    def _fence(self) -> tuple[Fence, tuple[object, ...]]:
        """What kind of fence the next trip has, and what that is given."""
        if self._fenced:
            return Fence.PASSED, ()
        if self._held is None:
            return Fence.OPEN, (self.mark, self._behind)
        return Fence.LED, (self.mark, self._behind, ENGINE, self._held.epoch)


class OneTrip(Transaction):
    """All of it is one trip: the database begins and commits by itself."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        layout: Layout,
        held: Held | None,
        mark: int,
        doubt: Doubt,
    ) -> None:
        """`doubt` finds out what became of it when the answer was lost."""
        super().__init__(connection, layout, held, mark)
        self._doubt = doubt

    async def write(self, parts: Parts) -> frozenset[int]:
        """See `Transaction.write`; once this returns it is on disk."""
        try:
            return await super().write(parts)
        except TROUBLE as error:
            if is_undone(error):
                raise
            await self._doubt.settle(self.connection, self.mark, error)
            return await self._doubt.changed(parts.get("mark_delivery", ()))


async def look_who_leads(connection: asyncpg.Connection, held: Held | None) -> None:
    """Raise `Deposed` if another does, and tell who believed that it is he."""
    if held is None or await connection.fetchrow(_LEADS, ENGINE, held.epoch) is not None:
        return
    held.deposed.set()
    raise Deposed("another process runs this desk now")


def refused_by_fence(error: Exception) -> bool:
    """Whether a statement was refused because it could not leave its mark."""
    return isinstance(error, asyncpg.NotNullViolationError) and error.table_name == "written"


@lru_cache(maxsize=1_024)
def together(names: tuple[str, ...], fence: Fence) -> str:
    """All these statements as one, their parameters one after the other, then those of the fence.

    It gives the ids of changed deliveries. The fence's parameters are the mark, the number behind
    which something may wait, the lease's name and its epoch, as far as it asks for them.
    """
    parts, taken = [], 0
    for position, name in enumerate(names):
        text = SQL[name]
        parts.append(f"part_{position} AS ({_after(taken, text)})")
        taken += max(int(number) for number in _PARAMETER.findall(text))
    if fence is not Fence.PASSED:
        parts.append(f"mark AS ({_after(taken, _marked(led=fence is Fence.LED))})")
    changed = "'{}'::bigint[]"
    if "mark_delivery" in names:
        changed = f"ARRAY(SELECT id FROM part_{names.index('mark_delivery')})"  # noqa: S608 - ours
    return f"WITH {', '.join(parts)} SELECT {changed}"


def _marked(*, led: bool) -> str:
    """Leave the mark; where that may not be it is none, which its column refuses.

    There is no other way to raise from inside a statement, and only what is raised undoes all of
    it. Of what waits the lowest is asked for, because that is looked up in the index even while the
    table seems to be small.
    """
    holds = "FROM lease WHERE name = $3 AND epoch = $4 FOR SHARE" if led else ""
    nothing_waits = "(SELECT min(id) FROM arrival WHERE id > $2) IS NULL"
    mark = f"SELECT CASE WHEN {nothing_waits} THEN $1::bigint END {holds}"
    return f"INSERT INTO written (id) VALUES (({mark}))"  # noqa: S608 - ours


def _after(taken: int, text: str) -> str:
    """The same text with its parameters counted from here."""
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + taken}", text)
