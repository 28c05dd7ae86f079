"""What is compiled ahead by `storage.statements`: the schema and the text of every statement."""

from pathlib import Path

import msgspec

from bridge.domain.value import Value


class Compiled(Value):
    """What a database understands of our tables and of what we do with them.

    `parameters` are the names of what a statement takes by name, in the order of its text. `takes`
    is the table or type of which a statement takes an array of rows, `columns` what our rows of it
    are.
    """

    schema: tuple[str, ...]
    statements: dict[str, str]
    parameters: dict[str, tuple[str, ...]] = {}
    takes: dict[str, str] = {}
    columns: dict[str, tuple[str, ...]] = {}


def read(path: Path) -> Compiled:
    """What was compiled into this file."""
    return msgspec.json.decode(path.read_bytes(), type=Compiled)
