"""What every table shares: column types, names of constraints, words that a column may hold."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

# On SQLite only a column of type INTEGER is the row's own id; elsewhere 32 bits are too few.
_BIG = BigInteger().with_variant(Integer(), "sqlite")

Id = Annotated[
    int, Field(sa_type=_BIG, primary_key=True, sa_column_kwargs={"autoincrement": False})
]
Counted = Annotated[
    int, Field(sa_type=_BIG, primary_key=True, sa_column_kwargs={"autoincrement": True})
]
Ref = Annotated[int, Field(sa_type=BigInteger)]
MaybeRef = Annotated[int | None, Field(sa_type=BigInteger)]
At = Annotated[int, Field(sa_type=BigInteger)]
MaybeAt = Annotated[int | None, Field(sa_type=BigInteger)]
Key = Annotated[str, Field(sa_type=Text, primary_key=True)]
Words = Annotated[str, Field(sa_type=Text)]
MaybeWords = Annotated[str | None, Field(sa_type=Text)]
Json = Annotated[str, Field(sa_type=Text)]
Bytes = Annotated[bytes, Field(sa_type=LargeBinary)]
MaybeBytes = Annotated[bytes | None, Field(sa_type=LargeBinary)]


class Row(SQLModel):
    """The base of every table. Rows are declared here and never made: see `storage.mapping`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """A column holds one of an enum's words.

    Written with OR: for IN with more than two words SQLite fills a table for every single row,
    which costs more than the rest of an insert.
    """
    compared = " OR ".join(f"{column} = '{word.value}'" for word in words)
    return CheckConstraint(compared, name=column)


def between(column: str, low: int, high: int) -> CheckConstraint:
    """A column holds a number of a range, both ends included."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def only(name: str, *columns: str, where: str) -> Index:
    """At most one row with these columns among those that `where` picks."""
    picked = text(where)
    return Index(name, *columns, unique=True, sqlite_where=picked, postgresql_where=picked)
