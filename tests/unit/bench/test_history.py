"""Two pasts of a few thousand lines: what they are made of, and what is measured on them."""

import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bridge.app.storing import DATABASE, Database
from bridge.bench.failure import BenchFailed
from bridge.bench.goals import history
from bridge.bench.history import block, copies
from bridge.bench.history.looks import LOOKS, looks
from bridge.bench.history.measure import Histories, Rounds
from bridge.bench.history.places import opened
from bridge.bench.history.room import announce
from bridge.bench.history.sides import COSTS
from bridge.bench.history.turns import compared, order
from bridge.bench.orders import Past, Pasts
from bridge.bench.span import LINE_BYTES, Span
from bridge.domain.ids import HOUR
from bridge.ports.queries import ConversationFilter

HOURS = 3
SPAN = Span(lines=2 * block.BLOCK, against=block.BLOCK)
SHORT = Rounds(name="short", looks=1, starts=1, lines=1, seconds=0.1)


async def past_in(folder: Path, hours: int) -> Past:
    """A past in a folder of its own."""
    past = Past(folder=str(folder), hours=hours)
    async with opened(past) as database:
        await block.first_hour(database.store, hours)
    async for _ in copies.made(past):
        pass
    return past


def left_in(folder: Path) -> list[Path]:
    """What is there."""
    return list(folder.iterdir())


@asynccontextmanager
async def three_hours(folder: Path) -> AsyncIterator[Database]:
    """A desk that has lived through them."""
    async with opened(await past_in(folder, HOURS)) as database:
        yield database


# --- a past ---------------------------------------------------------------------------------


async def test_every_hour_is_as_full_as_the_first_and_refers_to_nothing_of_it(
    tmp_path: Path,
) -> None:
    await past_in(tmp_path, HOURS)

    with closing(sqlite3.connect(tmp_path / DATABASE)) as found:
        rows = {
            table: found.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
            for table in copies.TABLES
        }
        astray = found.execute("PRAGMA foreign_key_check").fetchall()
        sizes = found.execute("SELECT DISTINCT capacity_at FROM hold").fetchall()
        apart = found.execute("SELECT count(DISTINCT public_id) FROM conversation").fetchone()[0]
    assert astray == []
    assert sizes == [(block.CONVERSATIONS,)]
    assert apart == rows["conversation"] == HOURS * block.CONVERSATIONS
    assert rows["message"] == rows["message_link"] == rows["delivery"] == HOURS * block.BLOCK
    assert all(count % HOURS == 0 and count for count in rows.values()), rows


async def test_a_desk_reads_what_was_copied_as_what_it_lived_through(tmp_path: Path) -> None:
    async with three_hours(tmp_path) as database:
        reads = database.reads
        first, last = [await reads.conversation(block.number(hour, 7)) for hour in (0, HOURS - 1)]
        assert first is not None
        assert last is not None
        lines = await reads.lines(last.id, None, 99)
        whole = await reads.conversations(ConversationFilter(limit=999))

        assert last.ended_at == (first.ended_at or 0) + (HOURS - 1) * HOUR
        assert [line.conversation for line in lines] == [last.id] * block.LINES
        assert len({line.id for line in lines}) == block.LINES
        assert len(await reads.events(last.id)) == len(await reads.events(first.id))
        assert [each.conversation for each in await reads.bindings(last.id)] == [last.id]
        assert whole[0].opened_at == last.opened_at
        assert len(whole) == HOURS * block.CONVERSATIONS


async def test_a_desk_goes_on_from_there(tmp_path: Path) -> None:
    async with three_hours(tmp_path) as database:
        name = block.address(1, 7).removeprefix(block.KIND)
        live = await block.present(database.store, HOURS)

        desk = await database.store.open_desk()
        found = await database.reads.conversations(ConversationFilter(text=name))

        assert await database.problems() == []
        assert {each.id for each in desk.conversations} == {
            live.long.id,
            *(each.id for each in live.active),
        }
        assert [each.number for each in found] == [block.number(1, 7)]


async def test_a_line_takes_no_more_room_than_is_said_beforehand(tmp_path: Path) -> None:
    await past_in(tmp_path, 10)

    size = (tmp_path / DATABASE).stat().st_size

    assert 0.9 * LINE_BYTES < size / (10 * block.BLOCK) <= LINE_BYTES


# --- room -----------------------------------------------------------------------------------


def test_what_is_written_is_said_beforehand(tmp_path: Path) -> None:
    said = announce(Span(lines=1_000_000, against=100_000), tmp_path)

    assert said == f"About 1.9 GB are written to {tmp_path}, and removed at the end."


def test_without_room_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match=r"--folder, or fewer lines with --lines"):
        announce(Span(lines=10**13, against=1), tmp_path)


@pytest.mark.parametrize("step", [1, 2])
async def test_a_run_that_is_ended_leaves_nothing(tmp_path: Path, step: int) -> None:
    """Before it has copied anything, and in the middle of that."""
    span = Span(lines=1, against=30 * block.BLOCK)
    said: list[str] = []

    def ends(what: str) -> None:
        said.append(what)
        if len(said) == step:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(BenchFailed, match="nothing is left behind"):
        await Histories(span=span, rounds=SHORT, folder=tmp_path).figures(ends)
    assert said == ["writing 30,000 lines"] * step
    assert left_in(tmp_path) == []


# --- what is measured -----------------------------------------------------------------------


def test_a_ratio_is_of_one_round_and_says_what_the_long_past_costs() -> None:
    figures = compared({"page": ([1.0, 2.0], [1.5, 2.0])})

    assert figures == {"history_page_ratio": [1.5, 1.0], "history_page_us": [1.5e6, 2e6]}


def test_nobody_is_always_first() -> None:
    assert sorted((order(1), order(2))) == [(0, 1), (1, 0)]


async def test_every_look_sees_what_it_is_about(tmp_path: Path) -> None:
    short = await past_in(tmp_path / "short", 1)
    long = await past_in(tmp_path / "long", 2)

    figures = await looks(Pasts(short=short, long=long, rounds=1))

    assert set(figures) == {f"history_{name}_{of}" for name in LOOKS for of in ("ratio", "us")}
    assert all(value > 0 for values in figures.values() for value in values)


def test_all_that_is_measured_has_a_goal_or_is_shown() -> None:
    goals = {goal.key for goal in history(postgres=False).goals}

    measured = {f"history_{name}_ratio" for name in (*LOOKS, *COSTS, "startup", "startup_mb")}
    assert measured <= goals


def test_with_postgresql_there_is_as_much_again() -> None:
    both, one = (history(postgres=each).goals for each in (True, False))

    assert {goal.key for goal in both[len(one) :]} == {f"{goal.key}_postgres" for goal in one}


@pytest.mark.long
async def test_every_goal_has_its_figure(tmp_path: Path) -> None:
    run = Histories(span=SPAN, rounds=SHORT, folder=tmp_path)
    said: list[str] = []

    found = await run.figures(said.append)

    assert {goal.key for goal in history(postgres=False).goals} <= set(found)
    assert len(said) == run.steps
    assert left_in(tmp_path) == []
