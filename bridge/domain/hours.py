"""When a queue is open: a week of hours in a time zone, holidays, and single days."""

import re
import unicodedata
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bridge.domain.errors import InvalidSettings
from bridge.domain.value import Value

_DAY = 24 * 60

_DAYS = {
    name: number
    for number, names in enumerate(
        (
            ("mon", "monday", "seg", "segunda", "segunda-feira"),
            ("tue", "tuesday", "ter", "terca", "terca-feira"),
            ("wed", "wednesday", "qua", "quarta", "quarta-feira"),
            ("thu", "thursday", "qui", "quinta", "quinta-feira"),
            ("fri", "friday", "sex", "sexta", "sexta-feira"),
            ("sat", "saturday", "sab", "sabado"),
            ("sun", "sunday", "dom", "domingo"),
        )
    )
    for name in names
}
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_DAY = frozenset({"daily", "everyday", "todos", "diariamente"})
_CLOSED = frozenset({"closed", "fechado", "-"})
_SPAN = re.compile(r"(\d{1,2})(?:[:h](\d{2})?)?-(\d{1,2})(?:[:h](\d{2})?)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


class Span(Value, array_like=True):
    """From one minute of a day to another; up to the same or an earlier one: over midnight."""

    opens: int
    closes: int


Spans = tuple[Span, ...]


class BadHours(InvalidSettings):
    """Hours that cannot be read: the catalogue key under `answer.`, and the part it is about."""

    def __init__(self, message: str, code: str, part: str = "") -> None:
        """Keep what people are told in their language."""
        super().__init__(message)
        self.code = code
        self.part = part


class Hours(Value):
    """A week from Monday to Sunday, in the wall time of `zone`; `days` replaces single dates.

    `holidays` names a country, or one of its parts (`BR-SP`): its public holidays are closed. An
    hour that the clock skips in spring begins when the clock goes on; one that it repeats in autumn
    begins the first time.
    """

    zone: str
    week: tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
    days: dict[str, Spans] = {}
    holidays: str = ""


def read_hours(text: str) -> Hours | None:
    """`mon-fri 08:00-18:00, sat 9-13, 2026-12-24 8-12, America/Sao_Paulo, BR-SP`, in any order.

    Portuguese days work, too (`seg-sex 8h-18h`). None for `always` or `sempre`. Raises
    `BadHours` naming the part that is not understood.
    """
    if text.strip().lower() in {"always", "sempre", ""}:
        return None
    week: list[Spans] = [()] * 7
    days: dict[str, Spans] = {}
    zone, holidays = "", ""
    for part in filter(None, (each.strip() for each in re.split(r"[,;]", text))):
        first, _, rest = part.partition(" ")
        if _COUNTRY.fullmatch(part):
            holidays = part
        elif not rest and _is_zone(part):
            zone = part
        elif _DATE.fullmatch(first):
            days[first] = (*days.get(first, ()), *_spans(rest, part))
        else:
            for day in _weekdays(first, part):
                week[day] = (*week[day], *_spans(rest, part))
    if not zone:
        raise BadHours("the hours name no time zone, such as America/Sao_Paulo", "hours_no_zone")
    one, two, three, four, five, six, seven = week
    return Hours(
        zone=zone, week=(one, two, three, four, five, six, seven), days=days, holidays=holidays
    )


def write_hours(hours: Hours) -> str:
    """The hours as `read_hours` understands them: days of equal hours together, then the rest."""
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and hours.week[last + 1] == hours.week[day]:
            last += 1
        if hours.week[day]:
            name = _NAMES[day] if last == day else f"{_NAMES[day]}-{_NAMES[last]}"
            parts.append(f"{name} {_said(hours.week[day])}")
        day = last + 1
    parts += [f"{date} {_said(spans)}" for date, spans in sorted(hours.days.items())]
    return ", ".join([*parts, hours.zone, *([hours.holidays] if hours.holidays else [])])


def _said(spans: Spans) -> str:
    said = (f"{_clock(span.opens)}-{_clock(span.closes)}" for span in spans)
    return " ".join(said) if spans else "closed"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _weekdays(word: str, part: str) -> Iterator[int]:
    plain = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    if plain in _EVERY_DAY:
        yield from range(7)
        return
    first, last = plain, plain
    if plain not in _DAYS:
        first, _, last = plain.partition("-")
    if first not in _DAYS or last not in _DAYS:
        raise BadHours(
            f"{part!r} is no day with its hours, time zone or country", "hours_no_day", part
        )
    length = (_DAYS[last] - _DAYS[first]) % 7
    yield from ((_DAYS[first] + step) % 7 for step in range(length + 1))


def _spans(words: str, part: str) -> Spans:
    if words.strip().lower() in _CLOSED:
        return ()
    found = []
    for word in words.replace(" - ", "-").split():
        match = _SPAN.fullmatch(word.lower())
        if match is None:
            raise BadHours(f"{part!r} has no hours like 08:00-18:00", "hours_no_span", part)
        opens, closes = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if opens >= _DAY or closes > _DAY:
            raise BadHours(f"{part!r} names an hour that no day has", "hours_no_hour", part)
        found.append(Span(opens=opens, closes=closes))
    if not found:
        raise BadHours(f"{part!r} has no hours like 08:00-18:00", "hours_no_span", part)
    return tuple(found)


def _minutes(hours: str, minutes: str | None) -> int:
    past = int(minutes or 0)
    return int(hours) * 60 + past if past < 60 else 2 * _DAY


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
