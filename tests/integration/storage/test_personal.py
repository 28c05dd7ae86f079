"""Every column of words or bytes is known: a customer's, or nobody's."""

import pytest
from sqlalchemy import LargeBinary, Text

from storage.personal import NOT_PERSONAL, PASSING, PERSONAL, SHAPES
from storage.tables import metadata

COLUMNS = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Text | LargeBinary)
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_column_of_words_or_bytes_is_registered_once(table: str, column: str) -> None:
    """A new one goes into `storage.personal`: what is a customer's is exported and erased."""
    held = PERSONAL.get(table)
    lists = (
        held is not None and column in held.personal,
        column in PASSING.get(table, ()),
        column in NOT_PERSONAL.get(table, ()),
    )

    assert lists.count(True) == 1


def test_nothing_is_registered_that_is_not_there() -> None:
    known = set(COLUMNS)
    registered = {
        *((table, name) for table, held in PERSONAL.items() for name in held.personal),
        *((table, name) for table, names in PASSING.items() for name in names),
        *((table, name) for table, names in NOT_PERSONAL.items() for name in names),
    }

    assert registered - known == set()


@pytest.mark.parametrize("table", PERSONAL)
def test_whatever_is_personal_is_read_for_an_export(table: str) -> None:
    held = PERSONAL[table]

    assert held.personal <= set(SHAPES[table])
    assert set(SHAPES[table]) <= {column.name for column in metadata.tables[table].columns}


@pytest.mark.parametrize("table", [name for name, held in PERSONAL.items() if not held.removed])
def test_a_row_that_stays_is_written_over_in_every_personal_column(table: str) -> None:
    from storage.sqlite.compiled import SQL

    written = {
        "identity": SQL["put_identity"],
        "billed": SQL["remove_billed"] + SQL["insert_billed"],
        "erasure": SQL["end_erasure"],
    }
    statement = written.get(table) or SQL[f"blank_{table}"]

    assert [name for name in PERSONAL[table].personal if name not in statement] == []
