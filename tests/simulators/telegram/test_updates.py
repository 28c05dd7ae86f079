"""Updates wait until they are confirmed, come to one poller only, and have ids that may restart."""

import asyncio

import pytest

from bridge.simulators.telegram import EventFault
from bridge.simulators.telegram.settings import DAY, WEEK
from tests.simulators.telegram.scene import Scene


async def test_what_is_confirmed_does_not_come_again(scene: Scene) -> None:
    await scene.bia.writes("one")
    await scene.bia.writes("two")

    first = await scene.updates(limit=1)
    again = await scene.texts()
    rest = await scene.texts(offset=first[-1]["update_id"] + 1)

    assert (again, rest) == (["one", "two"], ["two"])


async def test_a_negative_offset_keeps_the_last_and_forgets_the_others(scene: Scene) -> None:
    for word in ("one", "two", "three"):
        await scene.bia.writes(word)

    last = await scene.texts(offset=-1)
    after = await scene.texts()

    assert (last, after) == (["three"], ["three"])


async def test_a_poll_waits_for_a_line(scene: Scene) -> None:
    polling = asyncio.create_task(scene.texts(timeout=30))
    await scene.sim.until(lambda: scene.sim.polls.waits(scene.bot.id))

    await scene.bia.writes("oi")

    assert await polling == ["oi"]


async def test_a_second_poller_ends_the_first(scene: Scene) -> None:
    first = asyncio.create_task(scene.call("getUpdates", timeout=30))
    await scene.sim.until(lambda: scene.sim.polls.waits(scene.bot.id))
    second = asyncio.create_task(scene.call("getUpdates", timeout=30))

    refused = await first
    await scene.bia.writes("oi")

    assert refused["error_code"] == 409
    assert "terminated by other getUpdates request" in refused["description"]
    assert (await second)["ok"]


async def test_ids_go_up_by_one_and_anywhere_after_a_quiet_week(scene: Scene) -> None:
    ids = []
    for pause in (0, 1, WEEK, 1):
        scene.sim.forward(pause)
        await scene.bia.writes("oi")
        ids += [one["update_id"] for one in await scene.updates(offset=-1)]

    assert [ids[1] - ids[0], ids[3] - ids[2]] == [1, 1]
    assert ids[2] - ids[1] != 1


@pytest.mark.parametrize("offset", [1, 2**31 - 1])
async def test_an_offset_of_other_ids_confirms_nothing(scene: Scene, offset: int) -> None:
    await scene.bia.writes("oi")

    texts = await scene.texts(offset=offset)

    assert texts == ["oi"]


async def test_what_nobody_fetched_for_a_day_is_lost(scene: Scene) -> None:
    await scene.bia.writes("old")
    scene.sim.forward(DAY / 2)
    await scene.bia.writes("new")
    scene.sim.forward(DAY / 2)

    texts = await scene.texts()

    assert texts == ["new"]
    assert len(scene.sim.world.mail[scene.bot.id].lost) == 1


async def test_only_what_was_asked_for_is_told_from_then_on(scene: Scene) -> None:
    line = await scene.bia.writes("oi")
    await scene.bia.reacts(line, "👍")
    await scene.updates(allowed_updates=["message_reaction"])
    await scene.bia.reacts(line, "🔥")
    await scene.bia.writes("unheard")

    kinds = [sorted(one)[0] for one in await scene.updates()]

    assert kinds == ["message", "message_reaction"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (EventFault(kind="lose"), ["b"]),
        (EventFault(kind="duplicate"), ["a", "a", "b"]),
        (EventFault(kind="swap"), ["b", "a"]),
    ],
)
async def test_updates_go_wrong_as_programmed(
    scene: Scene, fault: EventFault, said: list[str]
) -> None:
    scene.sim.fault(fault)

    await scene.bia.writes("a")
    await scene.bia.writes("b")

    assert await scene.texts() == said


async def test_a_delayed_update_comes_after_all(scene: Scene) -> None:
    scene.sim.fault(EventFault(kind="delay", seconds=0.01))

    await scene.bia.writes("late")

    assert await scene.texts(timeout=30) == ["late"]
