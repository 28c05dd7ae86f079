"""Names that one process at a time holds, on the database's clock."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Select,
    Text,
    Update,
    bindparam,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from storage import tables
from storage.statements.dialects import BY_NAME, Kind, Postgres, Statement

_lease = tables.lease
_c = _lease.c
_name = bindparam("name", type_=Text)
_epoch = bindparam("epoch", type_=BigInteger)
_lasts = bindparam("lasts", type_=BigInteger)

# The moment of the statement, not of its transaction: it may have waited for a lock.
_now: ColumnElement[int] = literal_column(
    "(EXTRACT(epoch FROM clock_timestamp()) * 1000)::bigint", BigInteger
)


def statements(of: Kind) -> dict[str, Statement]:
    """By name. SQLite has none: there a file's lock keeps a second process out."""
    if not isinstance(of, Postgres):
        return {}
    ours = (_c.name == _name, _c.epoch == _epoch)
    first: ColumnElement[int] = literal_column("1")
    take = postgresql.insert(_lease).values(
        name=_name, holder=bindparam("holder", type_=Text), epoch=first, until=_now + _lasts
    )
    made: dict[str, Select[Any] | Insert | Update] = {
        "who_holds": select(_c.holder).where(_c.name == _name, _c.until > _now),
        "which_epoch": select(_c.epoch).where(_c.name == _name, _c.until > _now),
        "take_lease": take.on_conflict_do_update(
            index_elements=[_c.name],
            set_={
                "holder": take.excluded.holder,
                "epoch": _c.epoch + first,
                # Not what was to be inserted: that is reckoned before a wait for the row's lock.
                "until": _now + _lasts,
            },
            where=or_(_c.until <= _now, _c.holder == bindparam("gone", type_=Text)),
        ).returning(_c.epoch),
        "renew_lease": update(_lease).where(*ours).values(until=_now + _lasts).returning(first),
        "release_lease": update(_lease).where(*ours).values(until=_now).returning(first),
    }
    return {name: statement.execution_options(**BY_NAME) for name, statement in made.items()}
