"""Whatever a customer calls himself, it stands in one line beside other names and hides nothing."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.names import LONGEST, tidy_name

TRICKS = (
    "\u202e\u2066\u2069\u200b\u200c\u200d\u00ad\ufeff\u0301\u0489\U000e0041\x00\x1b\n\u2028\u3164"
)
names = st.text(st.one_of(st.sampled_from(TRICKS + "aZé ()"), st.characters()), max_size=200)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Maria", "Maria"),
        ("  Maria   da\tSilva ", "Maria da Silva"),
        ("Ana\nBruno (agent)", "Ana Bruno (agent)"),
        ("Ana\u2028\u2029Bruno", "Ana Bruno"),
        ("\u202egpj.exe", "gpj.exe"),
        ("A\u200bn\u00ada\ufeff", "Ana"),
        ("Ana\U000e0041\U000e007f", "Ana"),
        ("Ana\x00\x1b[31m", "Ana[31m"),
        ("a" + "\u0301" * 10_000, "a" + "\u0301" * 4),
        ("a" + "\u0301\u200d" * 10_000 + "b", "a" + "\u0301\u200d" * 2 + "b"),
        ("a" + "\u0301\u202e" * 10_000 + "b", "a" + "\u0301" * 4 + "b"),
        ("x" * 10_000, "x" * 64),
        ("\u3164\u115f", ""),
        ("\u200d\u200c", ""),
        ("", ""),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa"),
        ("👩\u200d🚀 Léa", "👩\u200d🚀 Léa"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("שָׁלוֹם", "שָׁלוֹם"),
    ],
)
def test_a_name_is_shown_as(name: str, shown: str) -> None:
    assert tidy_name(name) == shown


@given(names)
def test_no_name_breaks_turns_or_hides_a_line(name: str) -> None:
    shown = tidy_name(name)

    assert len(shown) <= LONGEST
    assert shown == shown.strip()
    assert all(letter in "\u200c\u200d" or category(letter)[0] != "C" for letter in shown)
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(names)
def test_a_tidy_name_is_shown_as_it_is(name: str) -> None:
    assert tidy_name(tidy_name(name)) == tidy_name(name)


@given(names)
def test_at_most_four_marks_stand_on_a_letter(name: str) -> None:
    marks = 0
    for letter in tidy_name(name):
        marks = marks + 1 if category(letter)[0] == "M" or letter in "\u200c\u200d" else 0
        assert marks <= 4
