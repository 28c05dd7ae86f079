"""Hands over rows in the order in which this database has the columns of our tables.

A statement takes rows as rows of its table. A database that grew by migrations has some columns in
another order than a new one, and one that a newer version has migrated has more of them.
"""

from collections.abc import Mapping, Sequence

import asyncpg

from storage.mapping.row import Row
from storage.postgres.answering import columns
from storage.postgres.compiled import COLUMNS, TAKES

_THEIRS = """
SELECT ours.name, a.attname FROM unnest($1::text[]) AS ours(name)
JOIN pg_attribute a ON a.attrelid = to_regclass(ours.name)
WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY ours.name, a.attnum
"""


class Layout:
    """How this database lays out our tables, as it was when it was asked."""

    def __init__(self, theirs: Mapping[str, Sequence[str]]) -> None:
        """Their columns by table, in their order."""
        self._orders = {
            table: [ours.index(name) if name in ours else len(ours) for name in names]
            for table, names in theirs.items()
            if (ours := COLUMNS[table]) != tuple(names)
        }

    @classmethod
    async def of(cls, connection: asyncpg.Connection) -> "Layout":
        """Ask the database. Raises what the driver raises."""
        theirs: dict[str, list[str]] = {table: [] for table in COLUMNS}
        for table, name in await connection.fetch(_THEIRS, list(COLUMNS)):
            theirs[table].append(name)
        return cls(theirs)

    def given(self, name: str, rows: Sequence[Row]) -> Sequence[Sequence[object]]:
        """What the statement of this name takes: an array of rows, or one for each column."""
        table = TAKES.get(name)
        if table is None:
            return columns(rows)
        order = self._orders.get(table)
        return [rows if order is None else [_ordered(row, order) for row in rows]]


def _ordered(row: Row, order: Sequence[int]) -> Row:
    """What we know nothing of is left to the database."""
    cells = (*row, None)
    return tuple([cells[position] for position in order])
