"""A desk that was put back from a backup sends nothing before somebody has decided."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bridge.domain.delivery import DeliveryState
from storage.mapping.promises import delivery_row
from storage.sqlite.compiled import SQL
from tests.integration.cli.conftest import Run
from tests.integration.cli.promised import promised


@pytest.fixture
def backup(deskbridge: Run, folder: Path) -> Path:
    """A backup of a desk with two deliveries that were open; the desk has gone on since."""
    deskbridge("init")
    deskbridge("queues", "create", "before")
    with closing(sqlite3.connect(folder / "data" / "desk.db")) as database:
        for number, state in ((1, DeliveryState.PENDING), (2, DeliveryState.SENDING)):
            database.execute(SQL["insert_delivery"], delivery_row(promised(number, state)))
        database.commit()
    assert deskbridge("db", "backup", "copy").code == 0
    deskbridge("queues", "create", "since")
    return folder / "copy"


def asked(folder: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "data" / "desk.db")) as database:
        return database.execute(question).fetchall()


def test_a_desk_in_use_is_not_asked(backup: Path, deskbridge: Run) -> None:
    for word in ("reconcile", "discard"):
        refused = deskbridge("db", word)

        assert refused.code == 2
        assert "was not put back from a backup" in refused.err


def test_what_was_there_is_kept_and_the_desk_is_as_it_was(
    backup: Path, deskbridge: Run, folder: Path
) -> None:
    done = deskbridge("db", "restore", str(backup))

    assert done.code == 0, done.err
    (kept,) = (folder / "data").glob("before-restore-*")
    assert str(kept.relative_to(folder)) in done.out
    assert asked(folder, "SELECT name FROM queue") == [("before",)]
    with closing(sqlite3.connect(kept / "desk.db")) as old:
        assert old.execute("SELECT count(*) FROM queue").fetchone() == (2,)


def test_it_does_not_run_before_somebody_has_decided(backup: Path, deskbridge: Run) -> None:
    deskbridge("db", "restore", str(backup))

    refused = deskbridge("run", "--port", "0")

    assert refused.code == 2
    assert "2 deliveries were open" in refused.err
    assert "deskbridge db reconcile" in refused.err


def test_a_backup_put_back_by_hand_does_not_run_either(
    backup: Path, deskbridge: Run, folder: Path
) -> None:
    for part in (folder / "data").glob("desk.db*"):
        part.unlink()
    (backup / "desk.db").rename(folder / "data" / "desk.db")

    assert deskbridge("run", "--port", "0").code == 2


def test_reconciled_everything_open_counts_as_perhaps_sent(
    backup: Path, deskbridge: Run, folder: Path
) -> None:
    deskbridge("db", "restore", str(backup))

    done = deskbridge("db", "reconcile")

    assert done.out.startswith("2 open deliveries are looked for")
    assert asked(folder, "SELECT state, attempts FROM delivery") == [("sending", 1)] * 2
    assert deskbridge("db", "reconcile").code == 2


def test_discarded_nothing_is_open_any_more(backup: Path, deskbridge: Run, folder: Path) -> None:
    deskbridge("db", "restore", str(backup))

    done = deskbridge("db", "discard")

    assert done.out.startswith("2 open deliveries are not sent")
    states = {state for (state,) in asked(folder, "SELECT state FROM delivery")}
    assert states == {"dead"}
    assert deskbridge("doctor").code in (0, 1)


@pytest.mark.parametrize("missing", ["desk.db", "desk.key"])
def test_half_a_backup_is_refused_and_nothing_changes(
    backup: Path, deskbridge: Run, folder: Path, missing: str
) -> None:
    (backup / missing).unlink()

    refused = deskbridge("db", "restore", str(backup))

    assert (refused.code, missing in refused.err) == (2, True)
    assert len(asked(folder, "SELECT name FROM queue")) == 2


def test_a_damaged_backup_is_refused_and_nothing_changes(
    backup: Path, deskbridge: Run, folder: Path
) -> None:
    whole = (backup / "desk.db").read_bytes()
    (backup / "desk.db").write_bytes(whole[: len(whole) // 2])

    refused = deskbridge("db", "restore", str(backup))

    assert refused.code != 0
    assert len(asked(folder, "SELECT name FROM queue")) == 2
