"""Somebody answers, or the log says why not."""

import pytest

from bridge.domain.errors import StorageUnavailable
from storage.bells import answered, pause
from tests.captured import captured_log


async def test_what_fails_is_logged_with_where() -> None:
    async def answer() -> None:
        raise LookupError("nobody is at home")

    with captured_log() as log:
        done = await answered("ana", answer)

    assert not done
    assert "LookupError: nobody is at home" in log.getvalue()
    assert "Traceback" in log.getvalue()


async def test_that_the_database_is_away_takes_one_line() -> None:
    async def answer() -> None:
        raise StorageUnavailable("it is away")

    with captured_log() as log:
        done = await answered("ana", answer)

    assert not done
    assert '"error": "it is away"' in log.getvalue()
    assert "Traceback" not in log.getvalue()


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0.1), (3, 0.8), (7, 10.0), (10**6, 10.0)])
def test_what_fails_again_is_tried_ever_later(failures: int, seconds: float) -> None:
    assert pause(failures) == pytest.approx(seconds)
