"""The schema and the text of every statement for SQLite."""

from pathlib import Path

from storage.compiled import read

_compiled = read(Path(__file__).with_name("compiled.json"))

SCHEMA = _compiled.schema
"""What makes a new database, in order."""

SQL = _compiled.statements
"""By name. Looked up when it is used, so that a new one can be compiled before it exists."""
