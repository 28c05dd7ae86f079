"""How values are said: states, priorities, lengths of time, counts."""

from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND
from bridge.locales import catalogue, say

_UNITS = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE), ("seconds", SECOND))

# Data of outcomes and events whose values are words of ours, not names: `word.<key>.<value>`.
_OURS = {
    "priority": "priority",
    "from_priority": "priority",
    "to_priority": "priority",
    "state": "state",
}
_LENGTHS = frozenset({"wait", "window_left", "length"})


def spoken(data: dict[str, str], language: str) -> dict[str, object]:
    """The data with words of ours in the reader's language, lengths and counts as people say."""
    said: dict[str, object] = {}
    for name, value in data.items():
        if name in _OURS:
            said[name] = our_word(_OURS[name], value, language)
        elif name in _LENGTHS and value.isdigit():
            said[name] = length(int(value), language)
        elif name == "count" and value.isdigit():
            said[name] = int(value)
        else:
            said[name] = value
    return said


def our_word(kind: str, value: str, language: str) -> str:
    """A state or priority in the reader's language; a value we have no word for as it is."""
    key = f"word.{kind}.{value}"
    return say(language, key) if key in catalogue(language) else value


def length(millis: int, language: str) -> str:
    """A length of time in its two largest units: `2 h 5 min`."""
    parts: list[str] = []
    left = max(millis, 0)
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count or (unit == "seconds" and not parts):
            parts.append(say(language, f"word.time.{unit}", n=count))
        if len(parts) == 2 or (parts and unit == "minutes"):
            break
    return " ".join(parts)
