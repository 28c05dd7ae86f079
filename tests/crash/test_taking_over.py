"""Whoever leads is taken away: another leads in time; nothing is held twice, lost or doubled.

Six processes, struck as often as one likes: `python -m tests.crash.replicas`.
"""

from pathlib import Path

import pytest

from tests.crash.replicas.blows import Blow
from tests.crash.replicas.report import table
from tests.crash.replicas.siege import Plan, siege

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(900)]

_EACH = (Blow.KILLED, Blow.ELSEWHERE, Blow.FROZEN)


async def test_whoever_leads_is_replaced_and_the_books_are_right(
    tmp_path: Path, postgres_url: str
) -> None:
    plan = Plan(processes=3, blows=_EACH)

    ended = await siege(tmp_path, postgres_url, plan)

    assert ended.wrong == [], table(ended)
    assert len(ended.take_overs) == len(_EACH)
    assert min(ended.numbers["lines"], ended.numbers["replies"]) > len(_EACH)
