"""Finds which of a few words was meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_QUOTED = re.compile(r"'([^']*)'")


def choice_named(word: str, choices: Iterable[str]) -> str | None:
    """The choice that this word is, whatever its case and hyphens."""
    wanted = _bare(word)
    return next((each for each in choices if _bare(each) == wanted), None)


def nearest_choice(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant."""
    known = {_bare(each): each for each in choices}
    near = get_close_matches(_bare(word), known, 1)
    return known[near[0]] if near else None


def say_choice(word: object, expected: str) -> str:
    """What to write instead of a word; `expected` has the choices, each in quotes.

    Only a choice is ever repeated, never the word: it may be a secret in the wrong place.
    """
    choices = _QUOTED.findall(expected)
    near = nearest_choice(word, choices) if isinstance(word, str) else None
    return f"use {expected}" + (f"; did you mean {near}?" if near else "")


def _bare(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")
