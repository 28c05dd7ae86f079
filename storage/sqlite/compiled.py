"""The schema and the text of every statement, compiled ahead by `storage.statements`."""

from pathlib import Path

import msgspec

from bridge.domain.value import Value

PATH = Path(__file__).with_name("compiled.json")


class Compiled(Value):
    """What SQLite understands of our tables and of what we do with them."""

    schema: tuple[str, ...]
    statements: dict[str, str]


_compiled = msgspec.json.decode(PATH.read_bytes(), type=Compiled)

SCHEMA = _compiled.schema
"""What makes a new database, in order."""

SQL = _compiled.statements
"""By name. Looked up when it is used, so that a new one can be compiled before it exists."""
