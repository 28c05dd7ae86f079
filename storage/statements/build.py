"""How statements are built from the tables, for either database."""

from typing import Any, TypeVar

from sqlalchemy import Insert, Select, Table, TextClause, bindparam, case, literal_column, select

from storage import tables
from storage.statements.dialects import Kind

S = TypeVar("S", bound=tuple[object, ...])


def first(statement: Select[S]) -> Select[S]:
    """At most as many rows as the last parameter says.

    The offset is written out: SQLAlchemy would make another parameter of it.
    """
    return statement.limit(bindparam("limit")).offset(literal_column("0"))


def upserted(of: Kind, table: Table) -> Insert:
    """Insert a row or write all of it anew."""
    statement = of.insert(table)
    key = list(table.primary_key.columns)
    rest = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def ignored(of: Kind, table: Table, *key: str, where: TextClause | None = None) -> Insert:
    """Insert a row unless one with these columns (the primary key if none are named) exists.

    `where` picks the rows among which they are unique.
    """
    columns = [table.c[name] for name in key] or list(table.primary_key.columns)
    return of.insert(table).on_conflict_do_nothing(index_elements=columns, index_where=where)


def linked(of: Kind) -> Insert:
    """Insert a message's link. The same again is well; for another message it is refused.

    The refusal is a NULL in a column that takes none: there is no other way to raise from here.
    """
    table = tables.message_link
    statement = of.insert(table)
    same = case((table.c.message == statement.excluded.message, table.c.message))
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_={"message": same}
    )


def whole(table: Table) -> Select[Any]:  # of the table's own columns
    """Every row, by primary key."""
    return select(table).order_by(*table.primary_key.columns)
