"""How statements are built from the tables and turned into SQLite's text."""

from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    Table,
    TextClause,
    Update,
    bindparam,
    case,
    delete,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import ExecutableDDLElement

from storage import tables

Statement: TypeAlias = Select[Any] | Insert | Update | Delete  # of whatever columns
S = TypeVar("S", bound=tuple[object, ...])

_BY_POSITION = sqlite.dialect(paramstyle="qmark")
_BY_NAME = sqlite.dialect(paramstyle="named")
BY_NAME = {"parameters": "by name"}
"""Execution options of a statement whose parameters are given by name."""


def text_of(statement: Statement | ExecutableDDLElement) -> str:
    """The text; parameters are given by position unless the statement says otherwise."""
    named = statement.get_execution_options().get("parameters") == "by name"
    text = str(statement.compile(dialect=_BY_NAME if named else _BY_POSITION))
    return " ".join(text.split())


def first(statement: Select[S]) -> Select[S]:
    """At most as many rows as the last parameter says.

    The offset is written out: SQLAlchemy would make another parameter of it.
    """
    return statement.limit(bindparam("limit")).offset(literal_column("0"))


def inserted(table: Table) -> Insert:
    """Insert a row of which nothing must exist yet."""
    return insert(table)


def upserted(table: Table) -> Insert:
    """Insert a row or write all of it anew."""
    statement = sqlite.insert(table)
    key = list(table.primary_key.columns)
    rest = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def ignored(table: Table, *key: str, where: TextClause | None = None) -> Insert:
    """Insert a row unless one with these columns (the primary key if none are named) exists.

    `where` picks the rows among which they are unique.
    """
    columns = [table.c[name] for name in key] or list(table.primary_key.columns)
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=columns, index_where=where)


def linked() -> Insert:
    """Insert a message's link. The same again is well; for another message it is refused.

    The refusal is a NULL in a column that takes none: there is no other way to raise from here.
    """
    table = tables.message_link
    statement = sqlite.insert(table)
    same = case((table.c.message == statement.excluded.message, table.c.message))
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_={"message": same}
    )


def exists(table: Table) -> Select[tuple[int]]:
    """Look whether a row with this primary key is there."""
    key = table.primary_key.columns
    return select(literal_column("1")).where(*(c == bindparam(c.name) for c in key))


def removed(table: Table) -> Delete:
    """Delete a row by its primary key."""
    return delete(table).where(*(c == bindparam(c.name) for c in table.primary_key.columns))


def whole(table: Table) -> Select[Any]:  # of the table's own columns
    """Every row, by primary key."""
    return select(table).order_by(*table.primary_key.columns)
