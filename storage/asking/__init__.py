"""What is asked of a database, one statement after the other; whoever drives it does the I/O."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from storage.mapping.row import Cell, Read

T = TypeVar("T")
V = TypeVar("V")

Given: TypeAlias = Cell | list[object]
"""What a parameter is given; a list is a list of keys, each a cell or a tuple of cells."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the compiled statements, with its parameters by position or by name.

    What is asked `alone` is all that is asked: there is nothing that must see the same state.
    """

    name: str
    values: Sequence[Given] | Mapping[str, Given] = ()
    alone: bool = False


Asking: TypeAlias = Generator[Ask, Iterable[Read], T]
"""Yields what it wants to know, is sent the rows, and ends with what they mean."""


def every(
    name: str, values: Sequence[Given] | Mapping[str, Given], value: Callable[[Read], V]
) -> Asking[list[V]]:
    """All rows of one statement, which is all that is asked."""
    rows = yield Ask(name, values, alone=True)
    return [value(row) for row in rows]


def one(
    name: str, values: Sequence[Given] | Mapping[str, Given], value: Callable[[Read], V]
) -> Asking[V | None]:
    """The first row of one statement, which is all that is asked."""
    found = yield from every(name, values, value)
    return found[0] if found else None


def listed(keys: Iterable[object]) -> list[object]:
    """Keys as a list, without those that no database has: a NUL would end them early."""
    return [key for key in keys if not _has_nul(key)]


def _has_nul(key: object) -> bool:
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, str) and "\0" in part for part in parts)
