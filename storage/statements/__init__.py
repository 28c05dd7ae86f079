"""Every statement of the product, as the expressions over the tables that it is written as.

They are compiled ahead into `storage/sqlite/compiled.json` by `python -m storage.statements`, and
a test keeps the two in step: a running desk imports neither SQLAlchemy nor SQLModel, which would
be more than half of its start and a third of its memory (`docs/adr/0008-compiled-statements.md`).
"""

from sqlalchemy.schema import CreateIndex, CreateTable

from storage.sqlite.compiled import Compiled
from storage.statements import adapters, desk, facts, listing, reads, writing
from storage.statements.build import Statement, text_of
from storage.tables import metadata


def compiled() -> Compiled:
    """The tables and every statement as SQLite's text."""
    return Compiled(schema=tuple(_schema()), statements=_statements())


def _schema() -> list[str]:
    made = []
    for table in metadata.sorted_tables:
        made.append(text_of(CreateTable(table)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [text_of(CreateIndex(index)) for index in indexes]
    return made


def _statements() -> dict[str, str]:
    named: dict[str, Statement] = {}
    for part in (writing, desk, facts, reads, listing, adapters):
        for name, statement in part.STATEMENTS.items():
            if name in named:
                raise ValueError(f"two statements are called {name}")
            named[name] = statement
    return {name: text_of(statement) for name, statement in sorted(named.items())}
