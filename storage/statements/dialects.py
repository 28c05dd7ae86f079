"""What SQLite and PostgreSQL write differently: many rows at once, and lists of keys."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Delete,
    Dialect,
    FromClause,
    Insert,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine, UserDefinedType

from bridge.domain.delivery import DeliveryState

Statement: TypeAlias = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete  # any columns
Upsert: TypeAlias = sqlite.Insert | postgresql.Insert
Type: TypeAlias = TypeEngine[Any]  # of whatever a column holds

_MARKED = ("state", "attempts", "due_at", "error", "changed_at")

BY_NAME = {"parameters": "by name"}
"""Execution options of a statement whose parameters are given by name."""

_TAKES = "takes"
"""The execution option that says what rows a statement is given."""


@dataclass(frozen=True)
class RowType:
    """What rows of these columns are called: as their table, or a type of their own."""

    name: str
    columns: Mapping[str, Type]


class Listed:
    """A list of keys that is given; `columns` are the parts of each key."""

    def __init__(
        self,
        given: ColumnElement[Any],  # JSON or an array
        rows: FromClause,
        columns: Sequence[ColumnElement[Any]],  # of whatever types the keys have
    ) -> None:
        """`given` is the (first) parameter; `rows` can be selected from and joined."""
        self.given = given
        self.rows = rows
        self.columns = columns


class Kind(Protocol):
    """One database's way of saying it."""

    def insert(self, table: Table) -> Upsert:
        """Insert what is given: one row on SQLite, an array of rows on PostgreSQL."""
        ...

    def change(
        self, table: Table, *columns: str, where: Sequence[str] = ("id",), often: str = ""
    ) -> Update:
        """Write these columns anew; then comes what picks the rows.

        What is done `often` says under which name the type of its rows may be made.
        """
        ...

    def remove(self, table: Table) -> Delete:
        """Delete by primary key."""
        ...

    def mark(self, delivery: Table) -> Update:
        """Change a delivery's state if it is in one of some states."""
        ...

    def known(self, table: Table) -> Select[Any]:  # of its key
        """Look which primary keys are there."""
        ...

    def listed(self, name: str, *types: Type) -> Listed:
        """A list of keys, of which each has parts of these types."""
        ...

    def text_of(self, statement: Statement | ExecutableDDLElement) -> str:
        """The text; parameters are given by position unless the statement says otherwise."""
        ...

    def parameters_of(self, statement: Statement) -> tuple[str, ...]:
        """The names of parameters by name, where the text has only numbers for them."""
        ...

    def takes(self, statement: Statement) -> RowType | None:
        """What the statement's only parameter is an array of."""
        ...

    def types_of(self, taken: Iterable[RowType], tables: Container[str]) -> list[str]:
        """What makes those that are no table's."""
        ...


class Sqlite:
    """A row at a time, in a loop of the driver's; keys as one JSON list."""

    _by_position = sqlite.dialect(paramstyle="qmark")
    _by_name = sqlite.dialect(paramstyle="named")

    def insert(self, table: Table) -> sqlite.Insert:
        """Its columns are the parameters."""
        return sqlite.insert(table)

    def change(
        self, table: Table, *columns: str, where: Sequence[str] = ("id",), often: str = ""
    ) -> Update:
        """Parameters are the new values, then what picks the rows."""
        new: dict[str, ColumnElement[Any]] = {c: bindparam(f"new_{c}") for c in columns}
        same = (table.c[column] == bindparam(f"of_{column}") for column in where)
        return update(table).values(new).where(*same)

    def remove(self, table: Table) -> Delete:
        """Its key is the parameters."""
        return delete(table).where(*(c == bindparam(c.name) for c in table.primary_key.columns))

    def mark(self, delivery: Table) -> Update:
        """Parameters are the new values, the id, and as many states as there are.

        With OR, because SQLite fills a table for every IN of more than two words.
        """
        when = [bindparam(f"when_{n}", type_=Text) for n in range(len(DeliveryState))]
        return (
            update(delivery)
            .values({column: bindparam(f"new_{column}") for column in _MARKED})
            .where(delivery.c.id == bindparam("of"), or_(*(delivery.c.state == w for w in when)))
        )

    def known(self, table: Table) -> Select[Any]:  # of its key
        """The parameters are one key."""
        key = list(table.primary_key.columns)
        return select(*key).where(*(c == bindparam(c.name) for c in key))

    def listed(self, name: str, *types: Type) -> Listed:
        """`[1, 2]`, or with several parts `[["a", "b"], ...]`."""
        given: ColumnElement[str] = bindparam(name, type_=Text)
        keys = func.json_each(given).table_valued("value")
        if len(types) == 1:
            return Listed(given, keys, [keys.c.value])
        paths: list[ColumnElement[str]] = [literal_column(f"'$[{n}]'") for n in range(len(types))]
        return Listed(given, keys, [func.json_extract(keys.c.value, path) for path in paths])

    def text_of(self, statement: Statement | ExecutableDDLElement) -> str:
        """`?` by position, `:name` by name."""
        return _one_line(statement, self._by_name if _named(statement) else self._by_position)

    def parameters_of(self, statement: Statement) -> tuple[str, ...]:
        """The text has the names."""
        return ()

    def takes(self, statement: Statement) -> RowType | None:
        """A row at a time."""
        return None

    def types_of(self, taken: Iterable[RowType], tables: Container[str]) -> list[str]:
        """There are none here."""
        return []


class Postgres:
    """Many rows in one statement, however many there are: an array of them.

    Whole rows are rows of their table's own type, which costs a third of an array for each column,
    on both sides: the driver asks of every cell of an array whether it is one. What changes often
    has a type of its own; what is seldom given in parts has an array for each column.
    """

    _dialect = asyncpg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

    def insert(self, table: Table) -> postgresql.Insert:
        """Its only parameter is an array of the table's rows."""
        rows = RowType(str(table.name), {str(c.name): c.type for c in table.columns})
        given = _rows(rows)
        values = [given.c[c.name] for c in table.columns]
        statement = postgresql.insert(table).from_select(list(table.columns), select(*values))
        return statement.execution_options(**{_TAKES: rows})

    def change(
        self, table: Table, *columns: str, where: Sequence[str] = ("id",), often: str = ""
    ) -> Update:
        """The new values, then what picks the row of each: rows of that type, or arrays."""
        types = {column: table.c[column].type for column in columns}
        key = {f"of_{column}": table.c[column].type for column in where}
        rows = RowType(often, {**types, **key})
        given = _rows(rows) if often else _arrays(rows.columns)
        new = {column: given.c[column] for column in columns}
        same = (table.c[column] == given.c[f"of_{column}"] for column in where)
        statement = update(table).values(new).where(*same)
        return statement.execution_options(**{_TAKES: rows}) if often else statement

    def remove(self, table: Table) -> Delete:
        """Its key is the parameters, each an array."""
        given = _arrays({c.name: c.type for c in table.primary_key.columns})
        same = (c == given.c[c.name] for c in table.primary_key.columns)
        return delete(table).where(*same)

    def mark(self, delivery: Table) -> Update:
        """The last cell of a row has the states, with commas. Gives who was changed."""
        types = {name: delivery.c[name].type for name in _MARKED}
        rows = RowType("delivery_mark", {**types, "of": delivery.c.id.type, "among": Text()})
        given = _rows(rows)
        among = func.string_to_array(given.c.among, literal_column("','"), type_=ARRAY(Text))
        statement = (
            update(delivery)
            .values({name: given.c[name] for name in _MARKED})
            .where(delivery.c.id == given.c.of, delivery.c.state == func.any(among))
            .returning(delivery.c.id)
        )
        return statement.execution_options(**{_TAKES: rows})

    def known(self, table: Table) -> Select[Any]:  # of its key
        """The parameters are keys, an array for each part."""
        key = list(table.primary_key.columns)
        given = _arrays({c.name: c.type for c in key})
        same = (c == given.c[c.name] for c in key)
        return select(*key).select_from(given.join(table, and_(*same)))

    def listed(self, name: str, *types: Type) -> Listed:
        """An array for each part."""
        names = [name] if len(types) == 1 else [f"{name}_{n}" for n in range(len(types))]
        parts = dict(zip(names, types, strict=True))
        rows = _arrays(parts)
        given = _array(names[0], types[0])
        return Listed(given, rows, [rows.c[part] for part in parts])

    def text_of(self, statement: Statement | ExecutableDDLElement) -> str:
        """`$1` in the order in which the parameters first appear."""
        return _one_line(statement, self._dialect)

    def parameters_of(self, statement: Statement) -> tuple[str, ...]:
        """In the order of the text."""
        if not _named(statement):
            return ()
        compiled = statement.compile(dialect=self._dialect)
        assert isinstance(compiled, SQLCompiler)
        return tuple(compiled.positiontup or ())

    def takes(self, statement: Statement) -> RowType | None:
        """What it was made to take."""
        found: RowType | None = statement.get_execution_options().get(_TAKES)
        return found

    def types_of(self, taken: Iterable[RowType], tables: Container[str]) -> list[str]:
        """By name."""
        types = sorted({rows.name: rows for rows in taken}.items())
        return [self._made(rows) for name, rows in types if name not in tables]

    def _made(self, rows: RowType) -> str:
        columns = (
            f'"{name}" {type_.compile(dialect=self._dialect)}'
            for name, type_ in rows.columns.items()
        )
        return f"CREATE TYPE {rows.name} AS ( {', '.join(columns)} )"


class _Row(UserDefinedType[object]):
    """A type whose values are rows."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_options: object) -> str:
        """It is called by its name."""
        return self.name


def _rows(rows: RowType) -> FromClause:
    """Rows made of one array of them."""
    given = func.unnest(cast(bindparam("rows", unique=True), ARRAY(_Row(rows.name))))
    return given.table_valued(*(column(name, type_) for name, type_ in rows.columns.items()))


def _arrays(types: Mapping[str, Type]) -> FromClause:
    """Rows made of one array for each column."""
    arrays = [_array(column, type_) for column, type_ in types.items()]
    return func.unnest(*arrays).table_valued(*types).render_derived()


def _array(name: str, type_: Type) -> ColumnElement[Any]:  # of its values
    return bindparam(name, type_=ARRAY(_sent_as(type_)))


def _sent_as(type_: Type) -> type[Type]:
    """What the driver is given."""
    match type_:
        case Boolean():
            return Boolean
        case Integer():  # BigInteger among them; a smaller column refuses what is too great
            return BigInteger
        case LargeBinary():
            return LargeBinary
        case _:
            return Text


def _named(statement: Statement | ExecutableDDLElement) -> bool:
    return bool(statement.get_execution_options().items() >= BY_NAME.items())


def _one_line(statement: Statement | ExecutableDDLElement, dialect: Dialect) -> str:
    return " ".join(str(statement.compile(dialect=dialect)).split())
