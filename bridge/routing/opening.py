"""Whether a queue is open at a moment, when it opens next, and how much open time has passed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bridge.domain.hours import Hours, Spans
from bridge.domain.ids import MINUTE, SECOND, Instant

_AHEAD = 400
"""So many days are looked at for the next opening: more than a year of holidays."""

_MINUTES_A_DAY = 24 * 60


class Calendar:
    """The opening times of one queue. Moments are instants, lengths milliseconds of open time."""

    def __init__(self, hours: Hours) -> None:
        """Of these hours."""
        self._hours = hours
        self._zone = ZoneInfo(hours.zone)
        self._known: dict[date, tuple[tuple[Instant, Instant], ...]] = {}

    def is_open(self, now: Instant) -> bool:
        """True from the moment of opening until just before that of closing."""
        return any(opens <= now < closes for opens, closes in self._from(now, days=1))

    def opens_at(self, now: Instant) -> Instant | None:
        """The moment itself while it is open, else the next opening; None: not within a year."""
        for opens, closes in self._from(now, days=_AHEAD):
            if closes > now:
                return max(opens, now)
        return None

    def closes_at(self, now: Instant) -> Instant | None:
        """When it closes next; None while it is closed, or when it never closes within a year."""
        end = None
        for opens, closes in self._from(now, days=_AHEAD):
            if opens <= (now if end is None else end) < closes:
                end = closes
            elif end is not None and opens > end:
                return end
        return None

    def due(self, since: Instant, length: int) -> Instant | None:
        """When so much open time has passed since a moment; None: not within a year."""
        left = length
        for opens, closes in self._from(since, days=_AHEAD):
            begins = max(opens, since)
            if begins >= closes:
                continue
            if closes - begins >= left:
                return Instant(begins + left)
            left -= closes - begins
            since = closes
        return None

    def open_time(self, since: Instant, until: Instant) -> int:
        """How much open time lies between two moments."""
        passed = 0
        days = (until - since) // (_MINUTES_A_DAY * MINUTE) + 2
        for opens, closes in self._from(since, days=days):
            begins, ends = max(opens, since), min(closes, until)
            if ends > begins:
                passed += ends - begins
                since = ends
        return passed

    # --- days -------------------------------------------------------------------------------

    def _from(self, moment: Instant, *, days: int) -> Iterator[tuple[Instant, Instant]]:
        """Openings in order, from the day before a moment: one of them may go over midnight."""
        local = datetime.fromtimestamp(moment / SECOND, self._zone).date()
        for step in range(-1, days + 1):
            yield from self._day(local + timedelta(days=step))

    def _day(self, day: date) -> tuple[tuple[Instant, Instant], ...]:
        known = self._known.get(day)
        if known is None:
            if len(self._known) > 2 * _AHEAD:
                self._known.clear()
            found = (self._opening(day, span.opens, span.closes) for span in self._spans(day))
            known = self._known[day] = tuple(sorted(each for each in found if each[0] < each[1]))
        return known

    def _spans(self, day: date) -> Spans:
        single = self._hours.days.get(day.isoformat())
        if single is not None:
            return single
        if self._hours.holidays and day in _holidays(self._hours.holidays, day.year):
            return ()
        return self._hours.week[day.weekday()]

    def _opening(self, day: date, opens: int, closes: int) -> tuple[Instant, Instant]:
        over_midnight = _MINUTES_A_DAY if closes <= opens else 0
        return self._moment(day, opens), self._moment(day, closes + over_midnight)

    def _moment(self, day: date, minutes: int) -> Instant:
        days, minute = divmod(minutes, _MINUTES_A_DAY)
        there = day + timedelta(days=days)
        wall = datetime(there.year, there.month, there.day, minute // 60, minute % 60)  # noqa: DTZ001
        return Instant(int(wall.replace(tzinfo=self._zone).astimezone(UTC).timestamp()) * SECOND)


def knows_holidays(place: str) -> bool:
    """Whether the public holidays of a country or of one of its parts (`BR-SP`) are known."""
    import holidays

    country, _, part = place.partition("-")
    known = holidays.list_supported_countries()
    return country in known and (not part or part in known[country])


@lru_cache(maxsize=256)
def _holidays(place: str, year: int) -> dict[date, str]:
    """The public holidays of a year. Imported when somebody needs them: it takes its time."""
    import holidays

    country, _, part = place.partition("-")
    return dict(holidays.country_holidays(country, subdiv=part or None, years=year))
