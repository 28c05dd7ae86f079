"""The database as the composition root sees it."""

from storage import Database
from storage import open as open_database

__all__ = ["Database", "open_database"]
