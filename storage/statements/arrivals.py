"""What came to processes that do not run the desk: kept, read in order, and removed."""

from sqlalchemy import Select, bindparam, func, insert, select

from storage import tables
from storage.statements.build import first
from storage.statements.dialects import Kind, Postgres, Statement

_arrival = tables.arrival
_a = _arrival.c


def statements(of: Kind) -> dict[str, Statement]:
    """By name. On SQLite whoever keeps them is also who numbers them."""
    made: dict[str, Statement] = {
        "waiting_arrivals": first(
            select(_arrival).where(_a.id > bindparam("after")).order_by(_a.id)
        ),
        "remove_arrival": of.remove(_arrival),
    }
    if isinstance(of, Postgres):
        return made | {"keep_arrivals": _kept(of)}
    return made | {"keep_arrival": of.insert(_arrival)}


def _kept(of: Postgres) -> Select[tuple[int, int]]:
    """Number and insert them; gives the last number, and the lowest that waited before.

    The lowest is looked for behind a number, the first parameter: what was removed before that is
    not gone through again.
    """
    columns = [column for column in _a if not column.primary_key]
    given = of.listed("kept", *(column.type for column in columns))
    rows = select(*given.columns).select_from(given.rows)
    kept = insert(_arrival).from_select(columns, rows).returning(_a.id).cte("kept")
    lowest = select(func.min(_a.id)).where(_a.id > bindparam("after")).scalar_subquery()
    return select(func.max(kept.c.id), lowest).select_from(kept)
