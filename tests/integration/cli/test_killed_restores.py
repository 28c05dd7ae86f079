"""Killed while a desk is copied or put back: the old one stands whole, or the next try ends it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bridge.app.beside import refuse_half_restored
from bridge.app.copies import back_up, put_back
from bridge.app.restoring import copied_at
from bridge.app.storing import led
from bridge.domain.errors import InvalidSettings
from bridge.settings import Settings
from tests.integration.cli.killed_desk import (
    DESKBRIDGE,
    NEW,
    OLD,
    around,
    in_a_file,
    listed,
    stands,
    write_parts,
)
from tests.killed import killed, ran

pytestmark = pytest.mark.crash

long = pytest.mark.long
_MOVING = [
    ("restore.counts", 1),
    ("restore.aside", 1),
    ("restore.aside", 3),
    ("restore.placed", 1),
    ("restore.placed", 2),
    ("restore.placed", 3),
    ("restore.done", 1),
]


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Of a desk with a backup."""
    return await in_a_file(tmp_path)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the backup is."""
    return tmp_path / "copy"


def renamed(folder: Path, name: str) -> Path:
    """The same folder under another name."""
    return folder.rename(folder.with_name(name))


async def put_back_is(settings: Settings, copy: Path) -> list[Path]:
    """Put it back, look that it stands, waits for a decision and nothing lies about; what is
    kept of before."""
    await put_back(settings, copy)

    assert stands(settings.data_dir) == {NEW}
    assert around(settings.data_dir) == []
    async with led(settings) as database:
        assert await copied_at(database) is not None
    return sorted(settings.data_dir.glob("before-restore-*"))


@long
@pytest.mark.parametrize("point", ["restore.begun", "restore.copied"])
async def test_before_it_counts_the_old_desk_stands(
    settings: Settings, copy: Path, tmp_path: Path, point: str
) -> None:
    await killed(point, DESKBRIDGE, "db", "restore", copy, cwd=tmp_path)

    await refuse_half_restored(settings)
    assert stands(settings.data_dir) == {OLD}
    (kept,) = await put_back_is(settings, copy)
    assert stands(kept) == {OLD}


@pytest.mark.parametrize(
    ("point", "nth"), [("restore.aside", 2), *(pytest.param(*each, marks=long) for each in _MOVING)]
)
async def test_half_put_back_nobody_opens_it_and_the_next_restore_ends_it(
    settings: Settings, copy: Path, tmp_path: Path, point: str, nth: int
) -> None:
    await killed(point, DESKBRIDGE, "db", "restore", copy, nth=nth, cwd=tmp_path)

    with pytest.raises(InvalidSettings, match=f"deskbridge db restore {copy}"):
        await refuse_half_restored(settings)
    (kept,) = await put_back_is(settings, copy)
    assert stands(kept) == {OLD}
    await refuse_half_restored(settings)


@long
async def test_when_it_is_told_it_has_long_been_done(
    settings: Settings, copy: Path, tmp_path: Path
) -> None:
    await killed("restore.tidied", DESKBRIDGE, "db", "restore", copy, cwd=tmp_path)

    assert stands(settings.data_dir) == {NEW}
    first, second = await put_back_is(settings, copy)
    assert (stands(first), stands(second)) == ({OLD}, {NEW})


@long
@pytest.mark.parametrize("words", [("run", "--port", "0"), ("queues", "list"), ("db", "discard")])
async def test_half_put_back_no_command_touches_it(
    settings: Settings, copy: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    await killed("restore.aside", DESKBRIDGE, "db", "restore", copy, nth=3, cwd=tmp_path)
    before = sorted(settings.data_dir.rglob("*"))

    done = await ran(DESKBRIDGE, *words, cwd=tmp_path)

    assert (done.returncode, "was stopped on its way" in done.stderr) == (2, True), done.stderr
    assert sorted(settings.data_dir.rglob("*")) == before


@long
async def test_half_put_back_another_backup_comes_after_it(
    settings: Settings, copy: Path, tmp_path: Path
) -> None:
    await killed("restore.placed", DESKBRIDGE, "db", "restore", copy, cwd=tmp_path)
    other = renamed(copy, "other")
    write_parts(other, OLD)

    await put_back(settings, other)

    first, second = sorted(settings.data_dir.glob("before-restore-*"))
    assert (stands(first), stands(second)) == ({OLD}, {NEW})
    assert stands(settings.data_dir) == {NEW, OLD}
    assert around(settings.data_dir) == []


@long
async def test_what_an_unfinished_restore_copied_goes_at_the_next_start(
    settings: Settings, copy: Path, tmp_path: Path
) -> None:
    await killed("restore.copied", DESKBRIDGE, "db", "restore", copy, cwd=tmp_path)

    done = await ran(DESKBRIDGE, "queues", "list", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert around(settings.data_dir) == []


@long
async def test_a_disk_that_takes_no_more_leaves_the_old_desk(
    settings: Settings, copy: Path, tmp_path: Path
) -> None:
    limits = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"

    done = await ran(f"{limits}; {DESKBRIDGE}", "db", "restore", copy, cwd=tmp_path)

    assert (done.returncode, "File too large" in done.stderr) == (2, True), done.stderr
    assert stands(settings.data_dir) == {OLD}
    assert around(settings.data_dir) == []


@long
@pytest.mark.parametrize(
    "point", ["copy.made", "copy.whole", "copy.named", "backup.whole", "backup.named"]
)
async def test_a_backup_has_its_name_when_it_is_whole_and_not_before(
    settings: Settings, tmp_path: Path, point: str
) -> None:
    await killed(point, DESKBRIDGE, "db", "backup", "second", cwd=tmp_path)
    there = (tmp_path / "second").exists()

    await back_up(settings, tmp_path / "third")

    assert there is (point == "backup.named")
    names = {"copy", "third", "second"} if there else {"copy", "third"}
    assert set(listed(tmp_path)) == names | {"data", "deskbridge.toml"}
    whole = [tmp_path / name for name in names - {"copy"}]
    assert [stands(each) for each in whole] == [{OLD}] * len(whole)


async def test_a_file_that_goes_while_it_is_copied_is_not_of_the_copy(
    settings: Settings, tmp_path: Path
) -> None:
    (settings.data_dir / "files" / "aa" / "gone").symlink_to("nowhere")  # listed, not to be read

    await back_up(settings, tmp_path / "second")

    assert listed(tmp_path / "second" / "files" / "aa") == ["one"]


async def test_a_key_that_was_not_copied_whole_is_no_key(settings: Settings, copy: Path) -> None:
    (copy / "desk.key").write_bytes(b"")

    with pytest.raises(InvalidSettings, match="damaged"):
        await put_back(settings, copy)

    assert stands(settings.data_dir) == {OLD}


@long
@pytest.mark.parametrize("word", ["reconcile", "discard"])
@pytest.mark.parametrize("point", ["restore.deciding", "restore.decided"])
async def test_a_decision_is_made_whole_or_made_again(
    settings: Settings, copy: Path, tmp_path: Path, point: str, word: str
) -> None:
    await put_back(settings, copy)

    await killed(point, DESKBRIDGE, "db", word, cwd=tmp_path)
    again = await ran(DESKBRIDGE, "db", word, cwd=tmp_path)

    assert ("nothing to decide" in again.stderr) is (point == "restore.decided")
    assert again.stdout.startswith("2 open") is (point == "restore.deciding")
    with closing(sqlite3.connect(settings.data_dir / "desk.db")) as desk:
        states = {state for (state,) in desk.execute("SELECT state FROM delivery")}
    assert states == {"sending" if word == "reconcile" else "dead"}
