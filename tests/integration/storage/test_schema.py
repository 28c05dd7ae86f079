"""The tables, the migrations and the compiled statements say the same, and no read is slow."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.compiled import read
from storage.migrations import HEAD
from storage.migrations.run import differences, downgrade, known, upgrade
from storage.sqlite.compiled import SQL
from storage.sqlite.connect import connect_reader, connect_writer
from storage.sqlite.migrate import migrate
from storage.statements import KINDS, compiled
from storage.tables import metadata
from tests.contract.full_rows import full_desk
from tests.contract.rows import put
from tests.integration.storage.bench import Bench

# Tables that may be read whole: they have as many rows as the team has people and places.
SMALL = {"agent", "agent_identity", "held_reply", "life", "membership", "queue", "room", "template"}
SMALL |= {"erasure"}
# It takes the newest rows and stops when it has as many as were asked for.
NEWEST_FIRST = {"deliveries": {"delivery"}}
# Once for each customer who wants his data or wants it gone: an index would cost every line.
SELDOM = {"personal_conversation": {"conversation"}, "personal_people_like": {"identity"}}


@pytest.fixture
def connection(quick_folder: Path) -> Iterator[sqlite3.Connection]:
    """A new database."""
    migrate(quick_folder / "desk.db")
    with closing(connect_writer(quick_folder / "desk.db")) as connection:
        yield connection


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A database that is only asked how it would run something."""
    path = tmp_path_factory.mktemp("plans") / "desk.db"
    migrate(path)
    with closing(connect_reader(path)) as connection:
        yield connection


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.parent.name)
def test_the_compiled_statements_are_those_of_the_tables(path: Path) -> None:
    """`python -m storage.statements` compiles them anew."""
    assert read(path) == compiled(KINDS[path])


def test_a_new_database_has_the_tables(connection: sqlite3.Connection) -> None:
    assert differences(connection) == []


def test_the_migrations_lead_to_the_tables(quick_folder: Path) -> None:
    """`python -m storage.migrations NAME "what changes"` drafts the one that is missing."""
    with closing(connect_writer(quick_folder / "other.db")) as connection:
        upgrade(connection)

        assert differences(connection) == []


def test_every_migration_can_be_undone_and_done_again(connection: sqlite3.Connection) -> None:
    downgrade(connection, "base")
    left = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()

    upgrade(connection)

    assert left == [("alembic_version",)]
    assert differences(connection) == []


def test_a_journal_keeps_its_entries_through_its_migration_and_back(quick_folder: Path) -> None:
    with closing(connect_writer(quick_folder / "other.db")) as connection:
        upgrade(connection, "0001")
        connection.execute("INSERT INTO journal VALUES (7, 'site', 'ana', 'k', x'01')")

        upgrade(connection)
        after = connection.execute("SELECT * FROM journal").fetchall()
        refused = insertion_refused(connection, "(8, 'site', 'ana', 'k', x'02', 0)")
        taken = insertion_refused(connection, "(9, 'site', 'ana', 'k', x'03', 1)")
        downgrade(connection, "0001")
        back = connection.execute("SELECT * FROM journal").fetchall()

    assert after == [(7, "site", "ana", "k", b"\x01", 0)]
    assert (refused, taken) == (True, False)
    assert back == [(7, "site", "ana", "k", b"\x01")]


def insertion_refused(connection: sqlite3.Connection, entry: str) -> bool:
    """Try to put an entry into the journal."""
    try:
        connection.execute(f"INSERT INTO journal VALUES {entry}")  # noqa: S608
    except sqlite3.IntegrityError:
        return True
    return False


def test_a_visitor_is_no_longer_found_by_his_address_after_its_migration(
    quick_folder: Path,
) -> None:
    searched = "SELECT address, search FROM identity ORDER BY id"
    with closing(connect_writer(quick_folder / "other.db")) as connection:
        upgrade(connection, "0002")
        connection.execute("INSERT INTO contact VALUES (1, 'Bia', 1, 'bia')")
        for id, address in ((1, "visitor:9Zo"), (2, "zoe@example.org")):
            connection.execute(
                "INSERT INTO identity VALUES (?, 1, 'site', ?, 'Bia', NULL, NULL, NULL, ?)",
                (id, address, f"bia\n{address.lower()}"),
            )
        before = connection.execute(searched).fetchall()

        upgrade(connection)
        after = connection.execute(searched).fetchall()
        downgrade(connection, "0002")
        back = connection.execute(searched).fetchall()

    assert after == [("visitor:9Zo", "bia\n"), ("zoe@example.org", "bia\nzoe@example.org")]
    assert back == before


def test_a_difference_is_noticed(connection: sqlite3.Connection) -> None:
    connection.execute("DROP INDEX one_open_hold_per_slot")
    connection.execute("ALTER TABLE ticket ADD COLUMN extra INTEGER")

    names = {line.split(":")[0] for line in differences(connection)}

    assert names == {"one_open_hold_per_slot", "ticket"}


def test_the_newest_revision_is_the_one_we_know_without_alembic() -> None:
    assert HEAD in known()
    assert max(known()) == HEAD


WORDS = [
    (table.name, found.group(1))
    for table in metadata.sorted_tables
    for constraint in table.constraints
    if (found := re.match(r"(\w+) = '", str(getattr(constraint, "sqltext", ""))))
]


@pytest.mark.parametrize(("table", "column"), WORDS)
async def test_a_column_of_words_takes_only_our_words(
    bench: Bench, table: str, column: str
) -> None:
    await bench.store.commit(put(*full_desk()))
    await bench.adapter.put("s", "k", b"")
    insert = SAMPLES.get(table)
    if insert is not None:
        bench.connection.execute(insert)

    with pytest.raises(sqlite3.IntegrityError, match=f"ck_{table}_{column}"):
        bench.connection.execute(f"UPDATE {table} SET {column} = 'nonsense'")  # noqa: S608


SAMPLES = {
    "inbox": "INSERT INTO inbox VALUES (1, 1, 'x', x'00', 'done', '')",
    "event": "INSERT INTO event VALUES (1, 1, 'queued', '{}', NULL, NULL, NULL, '', '{}')",
    "file": "INSERT INTO file VALUES ('0', 'image', 'image/png', 1, 'a', 1)",
    "delivery": "INSERT INTO delivery VALUES "
    "(1, 'l', 'channel', 'p', 1, '{}', 1, NULL, NULL, NULL, 'pending', 0, NULL, '', 1)",
    "message": "INSERT INTO message SELECT id, id, 1, 'bot', 'n', '{}', NULL, 0, NULL, NULL, 0, '' "
    "FROM conversation",
}


@pytest.mark.parametrize("name", [name for name in SQL if SQL[name].startswith("SELECT")])
def test_no_read_goes_through_a_whole_table_that_grows(
    planner: sqlite3.Connection, name: str
) -> None:
    plan = plan_of(planner, name)

    scanned = {
        found.group(1) for step in plan if (found := re.match(r"SCAN (\w+)(?! USING)", step))
    }
    grows = {table for table in scanned if table in metadata.tables} - SMALL
    assert grows <= NEWEST_FIRST.get(name, set()) | SELDOM.get(name, set())


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("list_open", "open_conversations"),
        ("list_ended", "ended_conversations"),
        ("list_ended_of_queue", "ended_of_queue"),
        ("list_ended_of_channel", "ended_of_channel"),
        ("lines", "ix_message_conversation_id"),
        ("last_lines", "ix_message_conversation_id"),
        ("events", "ix_event_conversation_id"),
        ("open_deliveries", "open_deliveries"),
        ("deliveries_open", "open_deliveries"),
        ("deliveries_bad", "bad_deliveries"),
        ("bindings_by_thread", "ix_binding_thread"),
        ("tail_entries", "ix_journal_adapter_journal_seq"),
        ("find_appended", "one_entry_per_key"),
        ("find_handed_in", "ix_journal_adapter_journal_seq"),
    ],
)
def test_a_read_goes_by_the_index_that_was_made_for_it(
    planner: sqlite3.Connection, name: str, index: str
) -> None:
    plan = plan_of(planner, name)

    assert any(index in step for step in plan), plan


ENDED = ("list_ended", "list_ended_of_queue", "list_ended_of_channel")


@pytest.mark.parametrize(
    "name", ["lines", *ENDED, "tail_entries", "read_entries", "find_handed_in", "events"]
)
def test_a_page_is_read_in_the_order_it_is_shown(planner: sqlite3.Connection, name: str) -> None:
    """Sorting would read all of it first."""
    plan = plan_of(planner, name)

    assert not any("TEMP B-TREE" in step for step in plan), plan


@pytest.mark.parametrize("name", ENDED)
def test_a_page_of_ended_ones_begins_where_the_one_before_it_ended(
    planner: sqlite3.Connection, name: str
) -> None:
    """It does not matter how deep in the list that is."""
    plan = plan_of(planner, name)

    assert any("priority=? AND ended_at>? AND ended_at<?" in step for step in plan), plan


def plan_of(planner: sqlite3.Connection, name: str) -> list[str]:
    """How SQLite would run a statement, step by step."""
    named = set(re.findall(r":(\w+)", SQL[name]))
    nothing = dict.fromkeys(named) if named else (None,) * SQL[name].count("?")
    return [row[3] for row in planner.execute(f"EXPLAIN QUERY PLAN {SQL[name]}", nothing)]
