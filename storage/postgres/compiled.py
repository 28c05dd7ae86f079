"""The schema and the text of every statement for PostgreSQL."""

from pathlib import Path

from storage.compiled import read

_compiled = read(Path(__file__).with_name("compiled.json"))

SCHEMA = _compiled.schema
"""What makes a new database, in order."""

SQL = _compiled.statements
"""By name."""

NAMED = _compiled.parameters
"""What a statement takes by name, in the order of its parameters."""

TAKES = _compiled.takes
"""The table or type of whose rows a statement's only parameter is an array, by its name."""

COLUMNS = _compiled.columns
"""What our rows of such a table or type are, in order."""
