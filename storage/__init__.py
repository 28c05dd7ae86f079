"""The desk's database and files: `open` them, `migrate`, `back_up`, look for `problems`."""

from storage.database import Database, migrate, open
from storage.sqlite.backup import back_up, backups, problems
from storage.sqlite.lock import DatabaseInUse
from storage.sqlite.migrate import DatabaseTooNew

__all__ = [
    "Database",
    "DatabaseInUse",
    "DatabaseTooNew",
    "back_up",
    "backups",
    "migrate",
    "open",
    "problems",
]
