"""The database as the composition root sees it: which files it is, and how it is opened."""

from storage import Connect, Database, back_up, connect_writer, migrate, problems
from storage import open as open_database

DATABASE = "desk.db"
FILES = "files"

__all__ = [
    "DATABASE",
    "FILES",
    "Connect",
    "Database",
    "back_up",
    "connect_writer",
    "migrate",
    "open_database",
    "problems",
]
