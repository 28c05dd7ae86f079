"""How many rounds a measurement gets in the time that a run may take."""

from itertools import count

from bridge.bench.profile import FULL, QUICK


def test_with_time_left_every_round_is_run() -> None:
    rounds = QUICK.rounds_within(4, 0.5, lambda: 0.0)

    assert list(rounds) == [0, 1, 2, 3]


def test_without_time_left_two_rounds_are_run_all_the_same() -> None:
    rounds = QUICK.rounds_within(4, 0.5, lambda: QUICK.seconds)

    assert list(rounds) == [0, 1]


def test_rounds_end_when_their_share_of_the_time_is_used() -> None:
    tenths = count()

    rounds = QUICK.rounds_within(9, 0.25, lambda: next(tenths) * QUICK.seconds / 10)

    assert list(rounds) == [0, 1, 2, 3, 4]


def test_the_full_profile_takes_its_time() -> None:
    rounds = FULL.rounds_within(11, 0.1, lambda: 1e9)

    assert len(list(rounds)) == 11
