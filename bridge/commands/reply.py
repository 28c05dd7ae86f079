"""Tells a reply to the customer from everything that must stay inside; in doubt it stays inside.

A person sees no difference between `note:` and a `note:` written full-width, in bold, in a
quotation or with an invisible character in it, so none is made: the beginning of the text is
folded to plain lower-case letters first, and judged then.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from bridge.commands.registry import find, nearest
from bridge.domain.value import Value


class Reply(Value, tag=True):
    """A plain message: it may go to the customer."""


class Note(Value, tag=True):
    """A note for the team; `text` is what follows the prefix and may be empty."""

    text: str


class Typed(Value, tag=True):
    """A command of ours, by its declared name, and what follows it."""

    command: str
    rest: str


class Unknown(Value, tag=True):
    """It looks like a command and is none that may be run so; `nearest` is one that exists.

    `sign` is what it began with, as a corrected one would: `/` or `!`.
    """

    sign: str
    word: str
    nearest: str


Classified: TypeAlias = Reply | Note | Typed | Unknown

# The beginning that is judged, in folded characters: no prefix of ours is nearly as long.
_HEAD = 80
_COLONS = dict.fromkeys("∶ː˸꞉։׃⁚፥", ":")
_SLASHES = dict.fromkeys("⁄∕⧸╱⟋", "/")
_LOOK_ALIKES = {**_COLONS, **_SLASHES, "ǃ": "!", "\u2800": " "}
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})
_MARKS = "/!"

_NOTE = re.compile(
    r"""!*/{2,}
    | (?: (?:internal|private|team)\s+notes?
        | notes?(?:\s+to\s+(?:self|(?:the\s+)?team))?
        | notas?(?:\s+(?:internas?|privadas?|da\s+equipe|para\s+a\s+equipe))?
      )
      (?: [\s*_~`'"”’»)\]}>]{0,8}: | \s*[)\]}] )
      [\s*_~`'"”’»)\]}>]*""",
    re.VERBOSE,
)
_COMMAND = re.compile(r"([/!]+)(\s*)(\S+)")
_FIRST_OF_PREFIXES = frozenset("nipt")


def classify_reply(text: str) -> Classified:
    """What a message typed in a thread is."""
    if _plainly_prose(text):
        return Reply()
    folded = list(islice(_folded(text), _HEAD))
    head = "".join(letter for letter, _ in folded)
    note = _NOTE.match(head)
    if note is not None:
        return Note(text=_after(text, folded, note.end()))
    command = _COMMAND.match(head)
    if command is None:
        return Reply()
    return _command(text, folded, command)


def _command(text: str, folded: list[tuple[str, int]], found: re.Match[str]) -> Classified:
    marks, spaces, token = found.groups()
    sign = marks[0]
    word = token.split("/")[0].strip(".,:;!?…*_~`'\"()[]{}<>")
    known = find(word)
    if known is None:
        path = marks == "/" and "/" in token
        if spaces or path or not word[:1].isalpha():
            return Reply()
        return Unknown(sign=sign, word=word, nearest=nearest(word))
    if not known.typed:
        return Unknown(sign=sign, word=word, nearest=nearest(word))
    if len(marks) > 1 or spaces or "/" in token or _anything_seen(text[: folded[0][1]]):
        return Unknown(sign=sign, word=word, nearest=known.spec.name)
    return Typed(command=known.spec.name, rest=_after(text, folded, found.end()))


def _anything_seen(text: str) -> bool:
    """True when a reader sees something there: a command in a quotation is not an order."""
    return any(_fold(char).strip() for char in text)


def _plainly_prose(text: str) -> bool:
    """True for nearly every message, without looking further than its first character."""
    first = text[:1]
    return not first or (
        first.isascii() and first.isalnum() and first.lower() not in _FIRST_OF_PREFIXES
    )


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """The text from its first letter, digit or mark on, folded, each with where it stood."""
    begun = False
    for index, char in enumerate(text):
        for letter in _fold(char):
            begun = begun or letter.isalnum() or letter in _MARKS
            if begun:
                yield letter, index


def _fold(char: str) -> str:
    """What a reader takes a character for; empty for one that he does not see."""
    if char.isascii() and char.isprintable():
        return char.lower()
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", _LOOK_ALIKES.get(char, char)).casefold()
    return "".join(
        _LOOK_ALIKES.get(letter, letter)
        for letter in plain
        if letter not in _FILLERS and unicodedata.category(letter) not in _INVISIBLE
    )


def _after(text: str, folded: list[tuple[str, int]], end: int) -> str:
    """What follows the first `end` folded characters, as it was written."""
    return text[folded[end - 1][1] + 1 :].strip()
