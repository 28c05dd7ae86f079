"""The desk's database and files: `open` them, `migrate`, `back_up`, look for `problems`."""

from storage.database import (
    Database,
    back_up_url,
    migrate,
    migrate_url,
    neighbours_url,
    open,
    open_url,
    put_back_under,
    put_back_url,
    refuse_if_used,
)
from storage.names import ENGINE, PUT_BACK, RESTORED
from storage.sqlite.backup import back_up, backups, problems
from storage.sqlite.connect import connect_writer
from storage.sqlite.database import Connect
from storage.sqlite.lock import DatabaseInUse
from storage.sqlite.migrate import DatabaseTooNew
from storage.sqlite.sweeping import compact

__all__ = [
    "ENGINE",
    "PUT_BACK",
    "RESTORED",
    "Connect",
    "Database",
    "DatabaseInUse",
    "DatabaseTooNew",
    "back_up",
    "back_up_url",
    "backups",
    "compact",
    "connect_writer",
    "migrate",
    "migrate_url",
    "neighbours_url",
    "open",
    "open_url",
    "problems",
    "put_back_under",
    "put_back_url",
    "refuse_if_used",
]
