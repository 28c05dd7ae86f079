"""Where a string may be cut so that its reader minds least."""

import re
import unicodedata

_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|[。！？]")
# A no-break space asks not to be a border.
_GAP = re.compile(r"[^\S\n\xa0\u202f]+")
_LINE_END = re.compile(r"\s*\n")
_JOINER = "\u200d"
# A character that looks longer than this is a prank, and may be cut anywhere.
_LONGEST_CHARACTER = 64


def prose_border(words: str, start: int, end: int) -> tuple[int, int]:
    """Where the piece that begins at `start` stops, at most at `end`, and where the next begins.

    The best border of the second half counts: a paragraph's end, a line's, a sentence's; then the
    last gap between words; then one between characters. Blanks at the border belong to neither.
    """
    if end >= len(words):
        return len(words), len(words)
    half = start + (end - start) // 2
    at = words.rfind("\n\n", half, end + 2)
    if at < 0:
        at = words.rfind("\n", half, end + 1)
    if at < 0:
        at = _last_sentence(words, half, end)
    if at < 0:
        at = _last_gap(words, start, end)
    if at < 0:
        at = _character_border(words, start, end)
        return at, at
    return at, _behind_blanks(words, at)


def code_border(words: str, start: int, end: int) -> tuple[int, int]:
    """As `prose_border`, for lines of code: only line ends are borders, and no blank is dropped."""
    if end >= len(words):
        return len(words), len(words)
    at = words.rfind("\n", start, end + 1)
    if at >= 0:
        return at, at + 1
    at = _character_border(words, start, end)
    return at, at


def _last_sentence(words: str, half: int, end: int) -> int:
    at = -1
    for found in _SENTENCE.finditer(words, half, end + 1):
        if found.end() <= end:
            at = found.end()
    return at


def _last_gap(words: str, start: int, end: int) -> int:
    at = words.rfind("\n", start, end + 1)
    for found in _GAP.finditer(words, max(at, start), end + 1):
        at = found.start()
    return at


def _behind_blanks(words: str, at: int) -> int:
    """Behind the line end at `at`, but before the next line's indent; or behind the spaces."""
    found = _LINE_END.match(words, at) or _GAP.match(words, at)
    return found.end() if found else at


def _character_border(words: str, start: int, end: int) -> int:
    for at in range(end, max(start, end - _LONGEST_CHARACTER), -1):
        if not _inside_character(words, at):
            return at
    return end


def _inside_character(words: str, at: int) -> bool:
    """True when a reader sees what stands before and behind `at` as one character.

    Follows Unicode Annex 29 in all that people write: accents, emoji with tones and joiners,
    flags, tag sequences, Hangul.
    """
    before, behind = words[at - 1], words[at]
    if behind.isascii():
        return before == "\r" and behind == "\n"
    return (
        _JOINER in (before, behind)
        or unicodedata.category(behind) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= behind <= "\U0001f3ff"
        or "\U000e0020" <= behind <= "\U000e007f"
        or behind in "\u200c\uff9e\uff9f"
        or ("\u1160" <= behind <= "\u11ff" and _is_hangul(before))
        or (_is_flag_half(behind) and _flag_halves_before(words, at) % 2 == 1)
    )


def _is_hangul(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7a3"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(words: str, at: int) -> int:
    first = at
    while first > 0 and _is_flag_half(words[first - 1]):
        first -= 1
    return at - first
