"""Slack's names for emoji and the emoji themselves, both ways; pure.

The table is Slack's own source of names, emoji-datasource (https://github.com/iamcal/emoji-data).
A workspace's custom emoji are pictures that only it knows: they have no Unicode.
"""

import re
from functools import cache
from importlib.resources import files

_TONE = re.compile(r"(.+?)::skin-tone-([2-6])(?:-[2-6])?")
_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_PLAIN = "\ufe0f"
"""Asks for the picture instead of the character; left out by some keyboards."""


def unicode_of(name: str) -> str | None:
    """The emoji that Slack calls so (`wave`, `+1::skin-tone-3`); None for a custom one."""
    found = _TONE.fullmatch(name)
    if found is None:
        return _by_name().get(name)
    emoji = _by_name().get(found.group(1))
    return None if emoji is None else _toned(emoji, _TONES[int(found.group(2)) - 2])


def name_of(emoji: str) -> str | None:
    """What Slack calls this emoji; None for what is none."""
    name = _by_emoji().get(_bare(emoji))
    if name is not None:
        return name
    tones = [letter for letter in emoji if letter in _TONES]
    name = _by_emoji().get(_bare("".join(letter for letter in emoji if letter not in _TONES)))
    if name is None or not tones:
        return None
    return f"{name}::skin-tone-{_TONES.index(tones[0]) + 2}"


def _toned(emoji: str, tone: str) -> str:
    return emoji[0] + tone + emoji[1:].removeprefix(_PLAIN)


def _bare(emoji: str) -> str:
    return emoji.replace(_PLAIN, "")


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...]], ...]:
    table = files(__package__).joinpath("emoji.txt").read_text("utf-8")
    rows = (line.split() for line in table.splitlines() if not line.startswith("# "))
    return tuple((emoji, tuple(names)) for emoji, *names in rows)


@cache
def _by_name() -> dict[str, str]:
    return {name: emoji for emoji, names in _rows() for name in names}


@cache
def _by_emoji() -> dict[str, str]:
    return {_bare(emoji): names[0] for emoji, names in _rows()}
