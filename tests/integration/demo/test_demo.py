"""The demo as it is started: what has happened before, what is kept, what a failing row stops."""

from pathlib import Path

from bridge.demo.house import settle_in
from bridge.demo.performance import open_demo
from bridge.demo.surfaces.patience import NotSeen
from bridge.demo.tour.play import play_tour
from bridge.demo.tour.row import Result, Row
from bridge.demo.tour.stage import Stage


async def test_five_customers_have_written_before_the_curtain_rises(tmp_path: Path) -> None:
    async with open_demo(tmp_path / "demo", language="en") as house:
        page = await house.operator.reads("/v1/conversations", state="waiting")
        waiting = [(each["customer"], each["priority"]) for each in page["conversations"]]
        held = await house.operator.reads("/v1/conversations", state="assigned")
        bots = await house.operator.reads("/v1/conversations", state="bot")
        ended = await house.operator.reads("/v1/conversations", state="ended")
        lucas = ended["conversations"][0]["number"]
        detail = await house.operator.reads(f"/v1/conversations/{lucas}")

    assert waiting == [("Sofia Martins", "high"), ("Noah Williams", "normal")]
    assert [(c["customer"], c["agent"]) for c in held["conversations"]] == [
        ("Emily Carter", "bruno")
    ]
    assert "Grace Kim" in [each["customer"] for each in bots["conversations"]]
    assert [ticket["status"] for ticket in detail["tickets"]] == ["open"]


async def test_a_folder_that_was_kept_goes_on_where_it_was(tmp_path: Path) -> None:
    async with open_demo(tmp_path / "demo", language="en") as house:
        before = await house.operator.reads("/v1/conversations", text="Emily")

    async with open_demo(tmp_path / "demo", language="en") as house:
        after = await house.operator.reads("/v1/conversations", text="Emily")
        everything = await house.operator.reads("/v1/conversations")

    assert after["conversations"] == before["conversations"]
    assert len({each["customer"] for each in everything["conversations"]}) == 5


async def test_a_row_that_fails_does_not_keep_the_next_from_being_played(tmp_path: Path) -> None:
    async def fails(stage: Stage) -> str:
        raise NotSeen("a card", "nothing")

    async def breaks(stage: Stage) -> str:
        await stage.bruno.page("/desk/nowhere")
        return "never"

    async def holds(stage: Stage) -> str:
        return f"{stage.ana.name} is there"

    rows = [
        Row(number=1, title="fails", play=fails),
        Row(number=2, title="breaks", play=breaks),
        Row(number=3, title="holds", play=holds),
    ]
    told: list[Result] = []

    tour = await play_tour(settle_in(tmp_path / "tour", "en"), told.append, rows)

    assert [row.ok for row in tour.rows] == [False, False, True]
    assert tour.rows[0].observed == "expected a card; observed nothing"
    assert "404" in tour.rows[1].observed
    assert tuple(told) == tour.rows
