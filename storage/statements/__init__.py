"""Every statement of the product, as the expressions over the tables that it is written as.

They are compiled ahead, for each database into a `compiled.json` of its own, by
`python -m storage.statements`, and a test keeps them in step: a running desk imports neither
SQLAlchemy nor SQLModel, which would be more than half of its start and a third of its memory
(`docs/adr/0008-compiled-statements.md`).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy.schema import CreateIndex, CreateTable

from storage import postgres, sqlite
from storage.compiled import Compiled
from storage.statements import (
    adapters,
    arrivals,
    desk,
    facts,
    leases,
    listing,
    personal,
    reads,
    soundness,
    writing,
)
from storage.statements.dialects import Kind, Postgres, RowType, Sqlite, Statement
from storage.tables import metadata

KINDS: Mapping[Path, Kind] = {
    Path(sqlite.__path__[0], "compiled.json"): Sqlite(),
    Path(postgres.__path__[0], "compiled.json"): Postgres(),
}
"""Where what is compiled for each database lies."""


_PARTS = (
    writing, desk, facts, reads, listing, adapters, arrivals, leases, personal, soundness,
)  # fmt: skip


def compiled(of: Kind) -> Compiled:
    """The tables and every statement as this database's text."""
    named = _named(of)
    taken = {
        name: rows
        for name, statement in sorted(named.items())
        if (rows := of.takes(statement)) is not None
    }
    return Compiled(
        schema=tuple(_schema(of, taken.values())),
        statements={name: of.text_of(statement) for name, statement in sorted(named.items())},
        parameters={
            name: given
            for name, statement in sorted(named.items())
            if (given := of.parameters_of(statement))
        },
        takes={name: rows.name for name, rows in taken.items()},
        columns={
            rows.name: tuple(rows.columns)
            for rows in sorted(taken.values(), key=lambda rows: rows.name)
        },
    )


def _schema(of: Kind, taken: Iterable[RowType]) -> list[str]:
    made = of.types_of(taken, metadata.tables)
    for table in metadata.sorted_tables:
        made.append(of.text_of(CreateTable(table)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [of.text_of(CreateIndex(index)) for index in indexes]
    return made


def _named(of: Kind) -> dict[str, Statement]:
    named: dict[str, Statement] = {}
    for part in _PARTS:
        for name, statement in part.statements(of).items():
            if name in named:
                raise ValueError(f"two statements are called {name}")
            named[name] = statement
    return named
