"""A customer's name as it may stand beside agents' names."""

from collections.abc import Iterator
from unicodedata import category

LONGEST = 64
_MARKS = 4
"""So many accents and joiners may follow one letter; Vietnamese and Hebrew need three."""
_JOINERS = "\u200c\u200d"
"""Emoji and several scripts need them between letters."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters that look like nothing."""


def tidy_name(name: str) -> str:
    """One line of what can be seen, at most 64 characters; empty when nothing is left.

    Nobody may turn the direction of a line, hide letters in it or pile accents over its
    neighbours, whatever a platform lets him call himself.
    """
    if not (name.isascii() and name.isprintable()):
        name = "".join(_seen(name))
    return " ".join(name.split())[:LONGEST].strip(_JOINERS + " ")


def _seen(name: str) -> Iterator[str]:
    marks = 0
    for letter in name:
        kind = category(letter)[0]
        if letter.isspace() or letter in _BLANKS:
            kind, letter = "Z", " "
        if kind == "M" or letter in _JOINERS:
            marks += 1
            if marks > _MARKS:
                continue
        elif kind == "C":  # control, direction, tags, what is no character
            continue
        else:
            marks = 0
        yield letter
