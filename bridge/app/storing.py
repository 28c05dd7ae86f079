"""The database as the composition root sees it: which files it is, and how it is opened."""

from storage import Database, back_up, migrate, problems
from storage import open as open_database

DATABASE = "desk.db"
FILES = "files"

__all__ = ["DATABASE", "FILES", "Database", "back_up", "migrate", "open_database", "problems"]
