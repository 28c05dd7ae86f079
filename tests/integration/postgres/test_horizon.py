"""How far back is looked for arrivals: not behind one that somebody was told is kept."""

import pytest

from storage.postgres.horizon import TOLD_WITHIN, Horizon

LONG = 60.0
SOON = TOLD_WITHIN + 2


class Watch:
    """A clock in seconds."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def horizon(watch: Watch) -> Horizon:
    """One that has looked at all there is, which was nothing."""
    horizon = Horizon(watch)
    look(horizon)
    return horizon


def look(horizon: Horizon, *ids: int) -> int:
    """A look that finds these; gives behind which number it was."""
    begun = horizon.look()
    horizon.found(begun, ids)
    return begun.behind


def test_what_was_just_seen_may_have_something_before_it(horizon: Horizon) -> None:
    look(horizon, 7)

    look(horizon)

    assert horizon.behind == 0


def test_what_was_seen_a_while_ago_has_nothing_before_it_any_more(
    horizon: Horizon, watch: Watch
) -> None:
    look(horizon, 7)
    watch.now += SOON

    look(horizon)

    assert horizon.behind == 7


def test_time_alone_proves_nothing_as_long_as_nobody_looks(horizon: Horizon, watch: Watch) -> None:
    """A row that came late but in time would be passed by."""
    look(horizon, 7)

    watch.now += SOON

    assert horizon.behind == 0


def test_what_still_waits_is_never_behind_it(horizon: Horizon, watch: Watch) -> None:
    look(horizon, 7, 8, 9)
    watch.now += SOON

    look(horizon, 8, 9)

    assert horizon.behind < 8


def test_one_that_came_late_but_in_time_holds_it_back(horizon: Horizon, watch: Watch) -> None:
    look(horizon, 9)
    watch.now += SOON

    look(horizon, 5)

    assert horizon.behind < 5


def test_it_goes_on_with_what_comes(horizon: Horizon, watch: Watch) -> None:
    for number in range(1, 21):
        look(horizon, number)
        watch.now += 1
    look(horizon)

    assert 20 - SOON <= horizon.behind < 20


def test_now_and_then_all_is_looked_at(horizon: Horizon, watch: Watch) -> None:
    look(horizon, 7)
    watch.now += SOON
    look(horizon)

    first = look(horizon)
    watch.now += LONG
    second = look(horizon, 3)

    assert (first, second) == (7, 0)
    assert horizon.behind == 2
