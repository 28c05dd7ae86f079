"""How values are said: states, priorities, lengths of time, counts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, Instant
from bridge.locales import DEFAULT, LANGUAGES, catalogue, say

_UNITS = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE), ("seconds", SECOND))

# Data of outcomes and events whose values are words of ours, not names: key `<kind>.<value>`.
_OURS = {
    "priority": "priority",
    "from_priority": "priority",
    "to_priority": "priority",
    "state": "state",
    "status": "ticket_word",
    "step": "alert_step",
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
    key = f"{kind}.{value}"
    return (
        say(language, key)
        if key in catalogue(language if language in LANGUAGES else DEFAULT)
        else value
    )


def moment(at: Instant, now: Instant, zone: str, language: str) -> str:
    """A moment to come, as people of that time zone say it: `today at 14:00`, `Mon 08:00`."""
    there = datetime.fromtimestamp(at / SECOND, ZoneInfo(zone))
    here = datetime.fromtimestamp(now / SECOND, ZoneInfo(zone))
    time, days = there.strftime("%H:%M"), (there.date() - here.date()).days
    if days == 0:
        return say(language, "moment.today", time=time)
    if days == 1:
        return say(language, "moment.tomorrow", time=time)
    return day_and_time(at, now, zone, language)


def day_and_time(at: Instant, since: Instant, zone: str, language: str) -> str:
    """A moment by its day, for what is read also later: `Mon 08:00`, `Jan 2, 08:00`."""
    there = datetime.fromtimestamp(at / SECOND, ZoneInfo(zone))
    here = datetime.fromtimestamp(since / SECOND, ZoneInfo(zone))
    time, days = there.strftime("%H:%M"), (there.date() - here.date()).days
    day = say(language, f"moment.day.{there.weekday()}")
    if 0 <= days < 7:
        return say(language, "moment.week", day=day, time=time)
    month = say(language, f"moment.month.{there.month}")
    return say(language, "moment.date", day=there.day, month=month, time=time)


def length(millis: int, language: str) -> str:
    """A length of time as people say it: `40 s`, `12 min`, `2 h 5 min`, `3 d 4 h`."""
    left = max(millis, 0)
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append((unit, count))
        elif parts:
            break
    kept = parts[:2] if parts and parts[0][0] in ("days", "hours") else parts[:1]
    return " ".join(
        say(language, f"length.{unit}", n=count) for unit, count in kept or [("seconds", 0)]
    )
