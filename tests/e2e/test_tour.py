"""The tour: it holds on a sound desk, and a fault in one feature turns that feature's row red."""

from pathlib import Path

import pytest

from bridge.demo.chat.rows import ROWS as CHAT_ROWS
from bridge.demo.discord.stage import set_discord_stage
from bridge.demo.house import earlier, settle_in
from bridge.demo.phone.shop import open_shop
from bridge.demo.slack.house import Mode
from bridge.demo.slack.stage import set_slack_stage
from bridge.demo.tour.play import Tour, play, play_tour
from bridge.demo.tour.rows import ROWS
from tests.e2e.saboteurs import FAULTS, plant

QUICK = (9,)
"""A fault that is seen at once; the others are waited for in vain, or take a while."""


async def _toured(folder: Path, fault: int | None = None) -> Tour:
    async with open_shop(earlier(0)) as shop:
        settings = settle_in(folder / "tour", "en", shop.environment())
        if fault is not None:
            settings = plant(settings, FAULTS[fault])
        return await play_tour(settings, lambda result: None, shop=shop)


def _red(tour: Tour) -> dict[int, str]:
    return {row.row: row.observed for row in tour.rows if not row.ok}


async def test_every_row_holds_and_says_what_was_seen(tmp_path: Path) -> None:
    tour = await _toured(tmp_path)

    assert _red(tour) == {}
    assert [row.row for row in tour.rows] == list(range(1, 18))
    assert all(row.title and row.observed for row in tour.rows)


@pytest.mark.parametrize(
    "number",
    [pytest.param(each, marks=() if each in QUICK else pytest.mark.long) for each in FAULTS],
    ids=lambda number: f"row {number}",
)
async def test_a_fault_turns_its_own_row_red_and_no_other(number: int, tmp_path: Path) -> None:
    tour = await _toured(tmp_path, number)

    assert list(_red(tour)) == [number], _red(tour)
    assert "expected" in _red(tour)[number]
    assert "observed" in _red(tour)[number]


def test_there_is_a_fault_for_every_row() -> None:
    assert set(FAULTS) == {row.number for row in ROWS}


@pytest.mark.parametrize("mode", ["socket", pytest.param("http", marks=pytest.mark.long)])
async def test_every_row_holds_over_slack(tmp_path: Path, mode: Mode) -> None:
    tour = await play(set_slack_stage(tmp_path / "desk", mode), lambda result: None, CHAT_ROWS)

    assert _red(tour) == {}
    assert [row.row for row in tour.rows] == list(range(1, 18))


async def test_every_row_holds_over_discord(tmp_path: Path) -> None:
    tour = await play(set_discord_stage(tmp_path / "desk"), lambda result: None, CHAT_ROWS)

    assert _red(tour) == {}
    assert [row.row for row in tour.rows] == list(range(1, 18))
