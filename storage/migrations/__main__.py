"""For developers: `python -m storage.migrations 0002 "what changes"` drafts a revision."""

import sys
import tempfile
from pathlib import Path

from storage.migrations.run import draft, upgrade
from storage.sqlite.connect import connect_writer


def main(name: str, message: str) -> None:
    """Compare the tables with a new database at the newest revision and write the difference."""
    with tempfile.TemporaryDirectory() as folder:
        connection = connect_writer(Path(folder) / "draft.db")
        upgrade(connection)
        draft(connection, name, message)
        connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
