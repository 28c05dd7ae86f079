"""Answers what is asked, on a PostgreSQL connection; and rows as arrays, one for each column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import asyncpg

from storage.asking import Ask, Asking, Given
from storage.mapping.row import Cell, Read, Row
from storage.postgres.compiled import NAMED, SQL

T = TypeVar("T")


async def answer(connection: asyncpg.Connection, ask: Ask, asking: Asking[T]) -> T:
    """What it ends with; `ask` is the first that it asks."""
    try:
        while True:
            ask = asking.send(await rows(connection, ask))
    except StopIteration as end:
        result: T = end.value
        return result


async def rows(connection: asyncpg.Connection, ask: Ask) -> Iterable[Read]:
    """What one statement finds."""
    values = ask.values
    if isinstance(values, Mapping):
        values = [values[name] for name in NAMED[ask.name]]
    if any(isinstance(value, str) and "\0" in value for value in values):
        return ()  # no text in this database has one
    found: list[Read] = await connection.fetch(SQL[ask.name], *_arrays(values))
    return found


def _arrays(values: Sequence[Given]) -> Iterator[object]:
    """A list of keys of several parts is one array for each part."""
    for value in values:
        if isinstance(value, list) and value and isinstance(value[0], tuple):
            yield from zip(*value, strict=True)
        else:
            yield value


def columns(rows: Sequence[Row]) -> list[Row]:
    """The same cells, by column."""
    return list(zip(*rows, strict=True))


def without_nul(rows: Sequence[Row]) -> list[Row]:
    """The same rows with a sign in place of every NUL, which no text here may have."""
    return [tuple(_clean(cell) for cell in row) for row in rows]


def _clean(cell: Cell) -> Cell:
    return cell.replace("\0", "\ufffd") if isinstance(cell, str) else cell
