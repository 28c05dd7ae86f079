"""Whoever leads is taken away: another leads in time; nothing is held twice, lost or doubled.

Six processes, struck as often as one likes: `python -m tests.crash.replicas`.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crash.replicas.house import Blow
from tests.crash.replicas.report import table
from tests.crash.replicas.siege import Plan, siege

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(900)]

_EACH = (Blow.KILLED, Blow.ELSEWHERE, Blow.FROZEN)


@pytest.mark.parametrize(
    ("processes", "blows"),
    [
        pytest.param(3, _EACH, id="three"),
        pytest.param(6, 5 * _EACH, id="six", marks=pytest.mark.alone),
    ],
)
async def test_whoever_leads_is_replaced_and_the_books_are_right(
    tmp_path: Path, postgres_url: str, processes: int, blows: Sequence[Blow]
) -> None:
    plan = Plan(processes=processes, blows=blows)

    ended = await siege(tmp_path, postgres_url, plan)

    assert ended.wrong == [], table(ended)
    assert len(ended.take_overs) == len(blows)
    assert min(ended.numbers["lines"], ended.numbers["replies"]) > len(blows)
