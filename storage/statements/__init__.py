"""Every statement of the product, as the expressions over the tables that it is written as.

They are compiled ahead into `storage/sqlite/compiled.json` by `python -m storage.statements`, and
a test keeps the two in step: a running desk imports neither SQLAlchemy nor SQLModel, which would
be more than half of its start and a third of its memory (`docs/adr/0003-compiled-statements.md`).
"""

from storage.statements import adapters, desk, facts, listing, reads, writing
from storage.statements.build import Statement, compiled


def all_statements() -> dict[str, str]:
    """The text of every statement for SQLite, by name."""
    parts = (writing, desk, facts, reads, listing, adapters)
    named: dict[str, Statement] = {}
    for part in parts:
        for name, statement in part.STATEMENTS.items():
            if name in named:
                raise ValueError(f"two statements are called {name}")
            named[name] = statement
    return {name: compiled(statement) for name, statement in sorted(named.items())}
