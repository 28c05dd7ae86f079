"""The text of every statement, compiled ahead from the tables by `storage.statements`."""

from pathlib import Path

import msgspec

PATH = Path(__file__).with_name("compiled.json")

SQL: dict[str, str] = msgspec.json.decode(PATH.read_bytes(), type=dict[str, str])
"""By name. Looked up when it is used, so that a new one can be compiled before it exists."""
