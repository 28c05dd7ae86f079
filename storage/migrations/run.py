"""Runs Alembic over a connection of ours; the only place that imports it."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from storage.tables import metadata


def known() -> set[str]:
    """All revisions this version knows."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def upgrade(connection: sqlite3.Connection, to: str = "head") -> None:
    """Apply what is missing: all of it or nothing."""
    _alone(connection, lambda config: command.upgrade(config, to))


def downgrade(connection: sqlite3.Connection, to: str) -> None:
    """Go back to a revision: all the way or not at all."""
    _alone(connection, lambda config: command.downgrade(config, to))


def draft(connection: sqlite3.Connection, name: str, message: str) -> None:
    """Write a revision with the difference between the tables and this database."""
    _alone(
        connection,
        lambda config: command.revision(config, message, autogenerate=True, rev_id=name),
    )


def differences(connection: sqlite3.Connection) -> list[str]:
    """What the tables have that a database of theirs has not, and the reverse, as SQL."""
    wanted = sqlite3.connect(":memory:")
    engine = create_engine("sqlite://", creator=lambda: wanted, poolclass=StaticPool)
    metadata.create_all(engine)
    try:
        return sorted(_schema(wanted) ^ _schema(connection))
    finally:
        engine.dispose()
        wanted.close()


def _schema(connection: sqlite3.Connection) -> set[str]:
    """Every column, constraint and index, each by itself, in one spelling."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    )
    return {f"{name}: {part}" for name, text in rows for part in _parts(text.replace('"', ""))}


def _parts(text: str) -> Iterator[str]:
    """What the outermost brackets hold, each by itself: a column added later stands last."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        ends = letter == ")" and depth == 1
        if ends or (letter in ",(" and depth == (1 if letter == "," else 0)):
            yield " ".join(text[start:at].split())
            start = at + 1
        depth += (letter == "(") - (letter == ")")
    yield " ".join(text[start:].split())


def config() -> Config:
    """Where Alembic finds the revisions; it still wants a connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _alone(connection: sqlite3.Connection, run: Callable[[Config], object]) -> None:
    """One transaction, without foreign keys: SQLite changes a table by making it anew."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with engine.connect() as opened:
            connection.execute("BEGIN IMMEDIATE")  # not before: connecting rolls back
            settings = config()
            settings.attributes["connection"] = opened
            run(settings)
        connection.commit()
    except DBAPIError as error:
        raise (error.orig or error) from error
    finally:
        connection.rollback()
        connection.execute("PRAGMA foreign_keys = ON")
        engine.dispose(close=False)
