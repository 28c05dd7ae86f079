"""When a queue is open: weeks, holidays, single days, midnight, and clocks that are put forward."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.errors import InvalidSettings
from bridge.domain.hours import Hours, Span, read_hours
from bridge.domain.ids import DAY, HOUR, MINUTE, Instant
from bridge.routing.opening import Calendar, knows_holidays

SAO_PAULO = "America/Sao_Paulo"
NEW_YORK = "America/New_York"
OFFICE = f"mon-fri 08:00-12:00 13:00-18:00, sat 9-13, {SAO_PAULO}, BR-SP"


def calendar(text: str) -> Calendar:
    hours = read_hours(text)
    assert hours is not None
    return Calendar(hours)


def at(text: str, zone: str = SAO_PAULO) -> Instant:
    """A moment by the clock on the wall."""
    return Instant(
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    )


# --- what people write ------------------------------------------------------------------------


def test_reads_days_hours_zone_and_holidays() -> None:
    hours = read_hours(OFFICE)

    assert hours is not None
    assert (hours.zone, hours.holidays) == (SAO_PAULO, "BR-SP")
    assert hours.week[0] == (Span(opens=480, closes=720), Span(opens=780, closes=1080))
    assert hours.week[5] == (Span(opens=540, closes=780),)
    assert hours.week[6] == ()


@pytest.mark.parametrize(
    ("english", "portuguese"),
    [
        ("mon-fri 08:00-18:00, UTC", "seg-sex 8h-18h, UTC"),
        ("sat 9-13, sun closed, UTC", "sábado 9h-13h, domingo fechado, UTC"),
        ("fri-mon 22-2, UTC", "sexta-feira 22-2; sáb-seg 22-2; UTC"),
        ("daily 0-24, UTC", "todos 00:00-24:00, UTC"),
        ("always", "sempre"),
    ],
)
def test_both_languages_say_the_same(english: str, portuguese: str) -> None:
    assert read_hours(english) == read_hours(portuguese)


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri 8-18",
        "mon-fri 8-18, Mars/Olympus",
        "mon-fry 8-18, UTC",
        "mon, UTC",
        "mon 8, UTC",
        "mon 8-25, UTC",
        "mon 24-8, UTC",
        "mon 08:60-18, UTC",
        "mon eight-six, UTC",
        "2026-1-1 8-9, UTC",
        "../etc/passwd, UTC",
    ],
)
def test_what_is_not_understood_is_named(text: str) -> None:
    with pytest.raises(InvalidSettings):
        read_hours(text)


# --- open or not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 07:59:59", False),
        ("2026-11-23 08:00:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00:00", False),
        ("2026-11-23 13:00:00", True),
        ("2026-11-23 18:00:00", False),
        ("2026-11-28 12:59:00", True),
        ("2026-11-29 10:00:00", False),
        ("2026-11-20 10:00:00", False),
        ("2026-07-09 10:00:00", False),
        ("2026-12-25 10:00:00", False),
    ],
)
def test_open_from_the_first_moment_until_just_before_the_last(moment: str, is_open: bool) -> None:
    assert calendar(OFFICE).is_open(at(moment)) is is_open


def test_a_holiday_of_one_state_is_none_of_another() -> None:
    elsewhere = calendar(OFFICE.replace("BR-SP", "BR-RJ"))

    assert elsewhere.is_open(at("2026-07-09 10:00"))


def test_a_single_day_goes_before_holiday_and_week() -> None:
    closed = calendar(f"{OFFICE}, 2026-12-24 closed, 2026-12-25 10-12")

    assert not closed.is_open(at("2026-12-24 10:00"))
    assert closed.is_open(at("2026-12-25 11:00"))


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 12:30", "2026-11-23 13:00"),
        ("2026-11-27 19:00", "2026-11-28 09:00"),
        ("2026-11-28 13:00", "2026-11-30 08:00"),
        ("2026-12-24 18:00", "2026-12-26 09:00"),
    ],
)
def test_opens_now_or_at_the_next_opening(moment: str, opens: str) -> None:
    assert calendar(OFFICE).opens_at(at(moment)) == at(opens)


def test_what_never_opens_says_so() -> None:
    never = Calendar(Hours(zone="UTC", week=((), (), (), (), (), (), ())))

    assert never.opens_at(at("2026-01-01 00:00")) is None
    assert never.due(at("2026-01-01 00:00"), HOUR) is None
    assert never.open_time(at("2026-01-01 00:00"), at("2026-02-01 00:00")) == 0


def test_closes_when_no_opening_follows_at_once() -> None:
    around = calendar(f"mon 8-12 12-18, fri 22-2, {SAO_PAULO}")

    assert around.closes_at(at("2026-11-23 09:00")) == at("2026-11-23 18:00")
    assert around.closes_at(at("2026-11-27 23:00")) == at("2026-11-28 02:00")
    assert around.closes_at(at("2026-11-24 09:00")) is None
    assert calendar("daily 0-24, UTC").closes_at(at("2026-11-24 09:00")) is None


def test_over_midnight_it_is_still_open() -> None:
    night = calendar(f"fri 22-2, {SAO_PAULO}")

    assert night.is_open(at("2026-11-28 01:59"))
    assert not night.is_open(at("2026-11-28 02:00"))
    assert night.opens_at(at("2026-11-28 01:30")) == at("2026-11-28 01:30")


# --- clocks -----------------------------------------------------------------------------------


def test_an_hour_that_spring_skips_is_no_open_hour() -> None:
    night = calendar(f"sun 1-4, {NEW_YORK}")
    spring, autumn = at("2026-03-08 00:00", NEW_YORK), at("2026-11-01 00:00", NEW_YORK)

    assert night.open_time(spring, Instant(spring + DAY)) == 2 * HOUR
    assert night.open_time(autumn, Instant(autumn + DAY)) == 4 * HOUR


def test_an_opening_in_the_skipped_hour_begins_when_the_clock_goes_on() -> None:
    night = calendar(f"sun 02:30-5, {NEW_YORK}")

    assert night.opens_at(at("2026-03-08 00:00", NEW_YORK)) == at("2026-03-08 03:30", NEW_YORK)


# --- open time --------------------------------------------------------------------------------


def test_a_promise_of_open_time_waits_for_the_morning() -> None:
    office = calendar(OFFICE)

    assert office.due(at("2026-11-23 17:30"), HOUR) == at("2026-11-24 08:30")
    assert office.due(at("2026-11-28 12:00"), 2 * HOUR) == at("2026-11-30 09:00")
    assert office.due(at("2026-11-29 12:00"), 0) == at("2026-11-30 08:00")


moments = st.integers(0, 60 * 24 * 21).map(
    lambda minutes: Instant(at("2026-10-26 00:00", NEW_YORK) + minutes * MINUTE)
)
NIGHTS = f"mon-fri 9-12 13-17, fri 22-3, sat 1-5 4-6, {NEW_YORK}"


@given(moments, st.integers(0, 4 * 24 * 60))
def test_open_time_is_every_open_minute_counted(since: Instant, minutes: int) -> None:
    office = calendar(NIGHTS)
    counted = sum(office.is_open(Instant(since + step * MINUTE)) for step in range(minutes))

    assert office.open_time(since, Instant(since + minutes * MINUTE)) == counted * MINUTE


@given(moments, st.integers(1, 40 * 60))
def test_until_it_is_due_exactly_so_much_has_passed(since: Instant, minutes: int) -> None:
    office = calendar(NIGHTS)
    due = office.due(since, minutes * MINUTE)

    assert due is not None
    assert office.open_time(since, due) == minutes * MINUTE
    assert office.is_open(Instant(due - 1))


def test_knows_countries_and_their_parts() -> None:
    assert knows_holidays("BR")
    assert knows_holidays("BR-SP")
    assert not knows_holidays("BR-XX")
    assert not knows_holidays("ZZ")
