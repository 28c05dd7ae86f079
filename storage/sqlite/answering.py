"""Answers what is asked, on a SQLite connection."""

import sqlite3
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from storage.asking import Asking, Given
from storage.mapping.row import Cell
from storage.sqlite.compiled import SQL

T = TypeVar("T")

_encode = msgspec.json.Encoder().encode


def answer(connection: sqlite3.Connection, asking: Asking[T]) -> T:
    """What it ends with; rows are handed over as they are read."""
    try:
        ask = next(asking)
        while True:
            values = ask.values
            if isinstance(values, Mapping):
                given = {name: _cell(value) for name, value in values.items()}
                ask = asking.send(connection.execute(SQL[ask.name], given))
            else:
                by_position = [_cell(value) for value in values]
                ask = asking.send(connection.execute(SQL[ask.name], by_position))
    except StopIteration as end:
        result: T = end.value
        return result


def _cell(value: Given) -> Cell:
    """A list goes in as one JSON text."""
    return _encode(value).decode() if isinstance(value, list) else value
