"""A line is always in order, however long it is."""

import random

import pytest

from bridge.routing.line import Key, Line


def key(number: int) -> Key:
    """The place of somebody who came at this time."""
    return (1, 2, number, number, number, number, 0)


def line_of(numbers: list[int]) -> Line:
    line = Line()
    for number in numbers:
        line.add(key(number))
    return line


def test_whoever_joins_in_whatever_order_the_line_is_sorted() -> None:
    numbers = list(range(5_000))
    random.Random(1).shuffle(numbers)

    line = line_of(numbers)

    assert list(line) == [key(number) for number in range(5_000)]
    assert len(line) == 5_000
    assert line.head == key(0)


def test_whoever_leaves_the_others_keep_their_order() -> None:
    numbers, draw = list(range(5_000)), random.Random(2)
    line = line_of(numbers)
    gone = set(draw.sample(numbers, 4_000))

    for number in draw.sample(sorted(gone), len(gone)):
        line.remove(key(number))

    assert list(line) == [key(number) for number in numbers if number not in gone]
    assert len(line) == 1_000


def test_an_emptied_line_is_as_good_as_new() -> None:
    line = line_of(list(range(3_000)))

    for number in range(3_000):
        line.remove(key(number))

    assert len(line) == 0
    assert line.head is None
    assert line.ahead_of(key(5)) == 0
    line.add(key(7))
    assert list(line) == [key(7)]


def test_it_counts_who_is_ahead_of_those_in_it_and_of_those_who_are_not() -> None:
    line = line_of(list(range(0, 10_000, 2)))

    ahead = [line.ahead_of(key(number)) for number in (0, 1, 4_000, 4_001, 9_998, 20_000)]

    assert ahead == [0, 1, 2_000, 2_001, 4_999, 5_000]


@pytest.mark.parametrize("stranger", [1, 999, 5_000])
def test_nobody_can_leave_who_is_not_there(stranger: int) -> None:
    line = line_of(list(range(0, 3_000, 2)))

    with pytest.raises(ValueError, match="not in line"):
        line.remove(key(stranger))

    assert len(line) == 1_500


def test_nobody_leaves_twice() -> None:
    line = line_of(list(range(3_000)))
    line.remove(key(2_999))

    with pytest.raises(ValueError, match="not in line"):
        line.remove(key(2_999))
