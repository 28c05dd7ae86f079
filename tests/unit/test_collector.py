"""What a started desk asks of the garbage collector."""

import gc
from collections.abc import Iterator

import pytest

from bridge.app import settle_in


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Leave it as it was, but for what was settled: all other tests stand on that, too."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_what_stands_after_the_start_is_not_looked_at_again() -> None:
    stands = [["a desk"]]

    settle_in()

    assert not any(each is stands for each in gc.get_objects())


def test_what_goes_in_circles_later_is_still_freed() -> None:
    settle_in()
    circle: list[object] = []
    circle.append(circle)
    del circle

    assert gc.isenabled()
    assert gc.collect() >= 1
