"""The hall in which the router is measured is as full as it says."""

from pathlib import Path

from bridge.bench.goals import ROUTING
from bridge.bench.routing.hall import SLOTS, Hall
from bridge.bench.routing.measure import Places, Rounds, figures


def hall(waiting: int) -> Hall:
    found = Hall(waiting, 1, queues=5, agents=20)
    found.open()
    return found


def test_nobody_has_a_free_slot_when_others_arrive() -> None:
    busy = hall(50)

    taken = busy.arrive(30)

    assert len(taken) == 30
    assert busy.held == 20 * SLOTS


def test_every_slot_that_is_freed_is_filled_again() -> None:
    busy = hall(500)

    taken = busy.refill(100)

    assert len(taken) == 100
    assert busy.held == 20 * SLOTS


def test_as_many_wait_after_the_passage_as_before() -> None:
    assert hall(200).pass_by(100) > 0


def test_every_goal_has_its_figure(tmp_path: Path) -> None:
    said: list[str] = []
    short = Rounds(name="short", rounds=1, works=100)

    found = figures(short, said.append, Places(folder=tmp_path), crowd=500, many=1_000)

    assert set(found) == {goal.key for goal in ROUTING.goals}
    assert len(said) == 4
