"""The statements of the hot path: compiled once from the tables, run by the driver itself."""

from typing import TypeVar

from sqlalchemy import (
    Executable,
    Select,
    Table,
    bindparam,
    case,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from storage import tables
from storage.mapping.row import Cell

S = TypeVar("S", bound=tuple[object, ...])

_DIALECT = sqlite.dialect(paramstyle="qmark")


def compiled(statement: Executable) -> str:
    """The text of a statement whose parameters are given by position."""
    return str(statement.compile(dialect=_DIALECT))  # type: ignore[attr-defined]


def rendered(statement: Executable) -> tuple[str, tuple[Cell, ...]]:
    """The text of a statement and the values of its parameters, in their order."""
    made = statement.compile(  # type: ignore[attr-defined]
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    values = made.construct_params()
    return str(made), tuple(values[name] for name in made.positiontup or ())


def first(statement: Select[S]) -> Select[S]:
    """At most as many rows as the last parameter says.

    The offset is written out: SQLAlchemy would make another parameter of it.
    """
    return statement.limit(bindparam("limit")).offset(literal_column("0"))


def inserted(table: Table) -> str:
    """Insert a row of which nothing must exist yet."""
    return compiled(insert(table))


def upserted(table: Table) -> str:
    """Insert a row or write all of it anew."""
    statement = sqlite.insert(table)
    key = list(table.primary_key.columns)
    rest = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    return compiled(statement.on_conflict_do_update(index_elements=key, set_=rest))


def ignored(table: Table, *key: str) -> str:
    """Insert a row unless one with these columns (the primary key if none are named) exists."""
    columns = [table.c[name] for name in key] or list(table.primary_key.columns)
    return compiled(sqlite.insert(table).on_conflict_do_nothing(index_elements=columns))


def linked() -> str:
    """Insert a message's link. The same again is well; for another message it is refused.

    The refusal is a NULL in a column that takes none: there is no other way to raise from here.
    """
    table = tables.message_link
    statement = sqlite.insert(table)
    same = case((table.c.message == statement.excluded.message, table.c.message))
    return compiled(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns), set_={"message": same}
        )
    )


def exists(table: Table) -> str:
    """Look whether a row with this primary key is there."""
    key = table.primary_key.columns
    return compiled(select(literal_column("1")).where(*(c == bindparam(c.name) for c in key)))


def removed(table: Table) -> str:
    """Delete a row by its primary key."""
    return compiled(
        delete(table).where(*(c == bindparam(c.name) for c in table.primary_key.columns))
    )


def changed_message() -> str:
    """Write what may change of a message: all but who wrote it when and where, then its id."""
    table = tables.message
    fixed = {"id", "conversation", "at", "author"}
    return compiled(
        update(table)
        .values({c.name: bindparam(f"new_{c.name}") for c in table.c if c.name not in fixed})
        .where(table.c.id == bindparam("old_id"))
    )
