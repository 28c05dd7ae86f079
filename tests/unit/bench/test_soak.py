"""What a long while shows: growth that lasts, and nothing that comes and goes."""

from pathlib import Path

import pytest

from bridge.bench.goals import soak
from bridge.bench.soak import Lengths, Look, Soak, growth


def looks(*megabytes: float) -> list[Look]:
    """One each five seconds."""
    return [Look(at=5.0 * n, bytes=int(each * 1e6), files=9) for n, each in enumerate(megabytes)]


def test_what_grows_steadily_is_told_for_ten_minutes() -> None:
    assert growth(looks(*(80 + 0.05 * n for n in range(40)))) == pytest.approx(6.0)


def test_what_is_given_back_is_no_growth() -> None:
    assert growth(looks(*(80 + 4 * (n % 9 == 0) for n in range(60)))) == pytest.approx(0)


def test_two_looks_are_compared() -> None:
    assert growth(looks(80, 83)) == pytest.approx(3)


@pytest.mark.long
async def test_every_goal_has_its_figure(tmp_path: Path) -> None:
    said: list[str] = []
    lengths = Lengths(name="short", lines=100, warm_up=0.2, trickle=1, storm=1, storms=1)

    found = await Soak(lengths=lengths, folder=tmp_path, tell=said.append).figures()

    assert set(found) == {goal.key for goal in soak(postgres=False).goals}
    assert len(said) == 4
