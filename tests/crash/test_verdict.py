"""The judge of all crash tests is judged: one planted fault in a clean history is always found."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.crash.verdict import LATE, Happened, History, Kind, Said, Shown, Told, judge

PLACES = ("chat of c0", "chat of c1", "thread of c0", "thread of c1")
_IN_DOUBT = "chat of c1/0007"
"""In the clean history one line did not arrive, and its writer was told."""


def clean(seed: int = 0) -> History:
    """Forty lines to four places while the desk was killed twice."""
    chance = random.Random(seed)
    said = [
        Said(line=f"{place}/{number:04}", to=place, at=number + 0.1 * at)
        for number in range(10)
        for at, place in enumerate(PLACES)
    ]
    shown = [
        Shown(line=each.line, where=each.to, at=each.at + 0.5)
        for each in said
        if each.line != _IN_DOUBT
    ]
    chance.shuffle(shown)  # places do not wait for each other
    shown.sort(key=lambda each: each.at)
    happened = [(3.0, "killed"), (4.5, "up"), (6.0, "killed"), (7.0, "up")]
    return History(
        said=said,
        shown=shown,
        told=[Told(line=_IN_DOUBT, at=9.0)],
        in_doubt=frozenset({_IN_DOUBT}),
        happened=[Happened(what=what, at=at) for at, what in happened],
    )


Plant = Callable[[list[Shown]], None]


def _find(shown: list[Shown], line: str) -> int:
    return next(at for at, each in enumerate(shown) if each.line == line)


def _lose(line: str) -> Plant:
    return lambda shown: shown.__delitem__(_find(shown, line))


def _double(line: str, later: float) -> Plant:
    def plant(shown: list[Shown]) -> None:
        one = shown[_find(shown, line)]
        shown.append(replace(one, at=one.at + later))
        shown.sort(key=lambda each: each.at)

    return plant


def _swap(one: str, other: str) -> Plant:
    def plant(shown: list[Shown]) -> None:
        first, second = _find(shown, one), _find(shown, other)
        shown[first], shown[second] = (
            replace(shown[second], at=shown[first].at),
            replace(shown[first], at=shown[second].at),
        )

    return plant


def _put(line: str, where: str) -> Plant:
    def plant(shown: list[Shown]) -> None:
        at = _find(shown, line)
        shown[at] = replace(shown[at], where=where)

    return plant


def _copy(line: str, where: str) -> Plant:
    def plant(shown: list[Shown]) -> None:
        at = _find(shown, line)
        shown.insert(at, replace(shown[at], where=where))

    return plant


def _invent(shown: list[Shown]) -> None:
    shown.append(Shown(line="chat of c0/0099", where="chat of c0", at=99.0))


def _delay(line: str) -> Plant:
    def plant(shown: list[Shown]) -> None:
        at = _find(shown, line)
        shown.append(replace(shown.pop(at), at=shown[at].at + LATE + 10))

    return plant


@pytest.mark.parametrize(
    ("plant", "found", "line"),
    [
        pytest.param(_lose("chat of c0/0000"), Kind.LOST, "chat of c0/0000", id="lost first"),
        pytest.param(_lose("thread of c1/0009"), Kind.LOST, "thread of c1/0009", id="lost last"),
        pytest.param(
            _double("chat of c0/0004", 0.0), Kind.DUPLICATED, "chat of c0/0004", id="twice at once"
        ),
        pytest.param(
            _double("thread of c0/0001", 8), Kind.DUPLICATED, "thread of c0/0001", id="twice later"
        ),
        pytest.param(
            _swap("chat of c0/0003", "chat of c0/0004"),
            Kind.REORDERED,
            "chat of c0/0003",
            id="neighbours swapped",
        ),
        pytest.param(
            _put("chat of c0/0005", "chat of c1"), Kind.MISROUTED, "chat of c0/0005", id="elsewhere"
        ),
        pytest.param(
            _copy("thread of c0/0005", "chat of c0"),
            Kind.MISROUTED,
            "thread of c0/0005",
            id="elsewhere, too",
        ),
        pytest.param(_invent, Kind.UNEXPECTED, "chat of c0/0099", id="said by nobody"),
        pytest.param(_delay("chat of c0/0009"), Kind.LATE, "chat of c0/0009", id="late"),
    ],
)
def test_one_planted_fault_is_found_and_nothing_else(plant: Plant, found: Kind, line: str) -> None:
    shown = list(clean().shown)
    plant(shown)

    verdict = judge(replace(clean(), shown=shown))

    assert [(fault.kind, fault.line) for fault in verdict.faults] == [(found, line)]


def test_a_doubt_that_nobody_was_told_of_is_found() -> None:
    verdict = judge(replace(clean(), told=()))

    assert [(fault.kind, fault.line) for fault in verdict.faults] == [(Kind.NOT_SHOWN, _IN_DOUBT)]


def test_a_doubt_that_arrived_after_all_must_be_shown_too() -> None:
    shown = [*clean().shown, Shown(line=_IN_DOUBT, where="chat of c1", at=99.0)]

    verdict = judge(replace(clean(), shown=shown, told=(), flagged=frozenset(PLACES)))

    assert verdict.counts[Kind.NOT_SHOWN] == 1


def test_the_same_doubt_told_twice_is_found() -> None:
    told = [Told(line=_IN_DOUBT, at=9.0), Told(line=_IN_DOUBT, at=12.0)]

    verdict = judge(replace(clean(), told=told))

    assert [fault.kind for fault in verdict.faults] == [Kind.TOLD_TWICE]


@pytest.mark.parametrize("seed", range(10))
def test_a_clean_history_has_no_faults(seed: int) -> None:
    verdict = judge(clean(seed))

    assert (verdict.faults, verdict.report(), verdict.lines) == ((), "", 40)


def test_a_place_that_was_flagged_as_late_owes_no_order() -> None:
    shown = list(clean().shown)
    _swap("chat of c0/0003", "chat of c0/0004")(shown)

    verdict = judge(replace(clean(), shown=shown, flagged=frozenset({"chat of c0"})))

    assert verdict.faults == ()


def test_what_the_desk_was_down_does_not_make_a_line_late() -> None:
    shown = [Shown(line="a", where="x", at=1_000.0)]
    down = [Happened(what="killed", at=1.0), Happened(what="up", at=995.0)]
    history = History(said=[Said(line="a", to="x", at=0.0)], shown=shown, happened=down)

    assert judge(history).faults == ()
    assert judge(replace(history, happened=())).counts == {Kind.LATE: 1}


def test_a_report_has_the_first_ten_with_their_timelines() -> None:
    verdict = judge(replace(clean(), shown=()))

    report = verdict.report()

    assert report.count("lost: ") == 10
    assert "said to chat of c0" in report
    assert "the desk: killed" in report
    assert report.endswith("and 29 more")
