"""What a row is on its way to the driver and back."""

from typing import Any, TypeAlias

Cell: TypeAlias = int | float | str | bytes | None
Row: TypeAlias = tuple[Cell, ...]
"""One row in the order of its table's columns."""

Read: TypeAlias = tuple[Any, ...]  # what a cell is follows from its column, not from the driver
"""One row as it was read."""
