"""Five fields mean what they mean to crontab, whatever the library underneath makes of them."""

from datetime import UTC, datetime

import pytest

from bridge.domain.ids import SECOND, Instant
from storage.crontab import Crontab

_MONDAY = "2026-11-23 10:00:00"


def instant(text: str) -> Instant:
    return Instant(round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * SECOND))


@pytest.mark.parametrize(
    ("expression", "comes"),
    [
        ("* * * * *", "2026-11-23 10:01"),
        ("*/15 * * * *", "2026-11-23 10:15"),
        ("5/20 * * * *", "2026-11-23 10:05"),
        ("0 10 * * *", "2026-11-24 10:00"),
        ("30 9-17 * * *", "2026-11-23 10:30"),
        ("0 3 1,15 * *", "2026-12-01 03:00"),
        ("0 0 1 jan *", "2027-01-01 00:00"),
        ("0 0 29 2 *", "2028-02-29 00:00"),
        # Days of the week count from Sunday, which is 0 and 7.
        ("0 8 * * 0", "2026-11-29 08:00"),
        ("0 8 * * 7", "2026-11-29 08:00"),
        ("0 8 * * 1", "2026-11-30 08:00"),
        ("0 8 * * SUN", "2026-11-29 08:00"),
        ("0 8 * * tue-thu", "2026-11-24 08:00"),
        ("0 8 * * 5-7", "2026-11-27 08:00"),
        ("0 8 * * */3", "2026-11-25 08:00"),
        ("0 8 * * 2/3", "2026-11-24 08:00"),
        # A day of the month or one of the week, unless one of them is a star.
        ("0 8 1 * 3", "2026-11-25 08:00"),
        ("0 8 24 * 3", "2026-11-24 08:00"),
        ("0 8 */2 * 3", "2026-11-25 08:00"),
        ("0 8 29 * */1", "2026-11-29 08:00"),
    ],
)
def test_it_comes_when_crontab_says(expression: str, comes: str) -> None:
    assert Crontab(expression).after(instant(_MONDAY)) == instant(comes)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "@daily",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "0 0 last * *",
        "0 0 * * 8",
        "0 0 * * 5-1",
        "0 0 * * noday",
        "0 0 * * 1st",
        "*/0 * * * *",
        "0 0 * * */0",
        "0 0 30 2 *",
    ],
)
def test_what_crontab_would_not_take_is_refused(expression: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part of it says so
        Crontab(expression)
