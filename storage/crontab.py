"""When five crontab fields come round, as crontab reads them: in UTC, and 0 or 7 is Sunday."""

import re
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from bridge.domain.ids import SECOND, Instant

_NUMBERS = re.compile(r"[\d*,/-]+")
_NUMBERS_AND_NAMES = re.compile(r"[\d*,/a-z-]+")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ONE = timedelta(milliseconds=1)


class Crontab:
    """One expression."""

    def __init__(self, expression: str) -> None:
        """Raises `ValueError` when crontab would not take it, or it never comes."""
        self.expression = expression
        self._trigger = _trigger(expression)
        if self._next(datetime.now(UTC)) is None:
            raise ValueError(f"crontab: {expression!r} never comes")

    def after(self, moment: Instant) -> Instant:
        """The first time it comes later than this."""
        found = self._next(datetime.fromtimestamp(moment / SECOND, UTC) + _ONE)
        assert found is not None, "what comes at all comes again"
        return Instant(round(found.timestamp() * SECOND))

    def _next(self, since: datetime) -> datetime | None:
        found: datetime | None = self._trigger.get_next_fire_time(None, since)
        return found


def _trigger(expression: str) -> BaseTrigger:
    fields = expression.lower().split()
    if len(fields) != 5:
        raise ValueError(f"crontab: {expression!r} has {len(fields)} fields instead of five")
    for place, field in enumerate(fields):
        if not (_NUMBERS if place < 3 else _NUMBERS_AND_NAMES).fullmatch(field):
            raise ValueError(f"crontab: {field!r} in {expression!r} is not understood")
    minute, hour, day, month, weekday = fields
    time = {"minute": minute, "hour": hour, "month": month, "timezone": UTC}
    days = _weekdays(weekday)
    if "*" in (day[0], weekday[0]):
        return CronTrigger(day=day, day_of_week=days, **time)
    # Who says both a day of the month and one of the week means either.
    return OrTrigger([CronTrigger(day=day, **time), CronTrigger(day_of_week=days, **time)])


def _weekdays(field: str) -> str:
    """By name, each for itself: the trigger counts from Monday, crontab from Sunday."""
    days = {_DAYS[number % 7] for part in field.split(",") for number in _span(part)}
    return ",".join(sorted(days))


def _span(part: str) -> range:
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    if first == "*":
        return range(0, 7, int(step or 1))
    low = _number(first)
    high = _number(last) if last else (6 if step else low)
    if not low <= high <= 7:
        raise ValueError(f"crontab: {part!r} are no days of the week")
    return range(low, high + 1, int(step or 1))


def _number(day: str) -> int:
    return _DAYS.index(day) if day in _DAYS else int(day)
