"""Promised times: who is told when, each once, counted while the queue is open."""

import pytest

from bridge.domain.hours import read_hours
from bridge.domain.ids import HOUR, MINUTE, SECOND
from bridge.domain.queue import Alert, AlertTo, Strategy
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule

# The clock begins on Friday, 15 January 2027, at 08:00 UTC: 05:00 in São Paulo.
WEEK = read_hours("mon-fri 04:00-06:00, America/Sao_Paulo")


@pytest.fixture
async def waiting(office: Office) -> Office:
    """A desk that promises to take everybody within ten minutes, and somebody waits there."""
    await rule(
        office, wait_target=10 * MINUTE, strategy=Strategy.MANUAL, notify_after=0, starvation=0
    )
    await office.agent("ana", "sales")
    await office.agent("bruno", "sales", available=False)
    await office.agent("rita", admin=True)
    await office.handed_over()
    return office


def mentioned(office: Office) -> list[tuple[str, ...]]:
    return [post.mentions for post in office.thread().posts if post.mentions]


def told(office: Office) -> list[tuple[str, str]]:
    """Who was told of what, by the history."""
    found = [each for each in office.store.history if each.kind == "escalated"]
    return [(each.data["step"], each.data["target"]) for each in found]


async def test_the_queue_is_told_at_the_time_and_the_admins_behind_it(waiting: Office) -> None:
    await waiting.later(10 * MINUTE - SECOND)
    before = told(waiting)
    await waiting.later(SECOND)
    at_the_time = mentioned(waiting)
    await waiting.later(5 * MINUTE)

    assert before == [("agent", "wait_target")]
    assert at_the_time == [("u-ana",)]
    assert told(waiting)[1:] == [("queue", "wait_target"), ("admins", "wait_target")]
    assert "Alice (#1, Sales) has waited for too long" in waiting.whispered("rita")[-1]


async def test_each_is_told_once(waiting: Office) -> None:
    for _ in range(10):
        await waiting.later(5 * MINUTE)

    assert len(told(waiting)) == 3
    assert len(mentioned(waiting)) == 1
    assert len([words for words in waiting.whispered("rita") if "too long" in words]) == 1


async def test_nobody_is_told_any_more_when_somebody_has_it(waiting: Office) -> None:
    await waiting.command("ana", "take", "#1")

    await waiting.later(HOUR)

    assert told(waiting) == []


async def test_the_card_says_since_when_it_is_overdue(waiting: Office) -> None:
    await waiting.later(10 * MINUTE - SECOND)
    before = waiting.thread().card.overdue_since
    await waiting.later(SECOND)
    since = waiting.thread().card.overdue_since
    await waiting.command("ana", "take", "#1")

    assert before is None
    assert since == (waiting.conversation().since or 0) + 10 * MINUTE
    assert waiting.thread().card.overdue_since is None


async def test_the_card_says_so_without_any_alert(waiting: Office) -> None:
    await rule(waiting, alerts=())

    await waiting.later(10 * MINUTE)

    assert waiting.thread().card.overdue_since is not None
    assert told(waiting) == []


async def test_who_holds_it_is_reminded_of_the_promised_answer(office: Office) -> None:
    await rule(office, reply_target=10 * MINUTE, first_reply_timeout=0)
    await office.agent("ana", "sales")
    await office.handed_over()

    await office.later(8 * MINUTE)

    assert told(office) == [("agent", "reply_target")]
    assert mentioned(office)[-1] == ("u-ana",)


async def test_the_first_answer_ends_that_promise(office: Office) -> None:
    await rule(office, reply_target=10 * MINUTE, first_reply_timeout=0)
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.later(MINUTE)

    await office.says("ana", "hello")
    answered = office.conversation().answered_at
    await office.later(HOUR)
    await office.says("ana", "again")

    assert answered is not None
    assert office.conversation().answered_at == answered
    assert told(office) == []


async def test_closed_hours_do_not_count(office: Office) -> None:
    await rule(
        office,
        wait_target=90 * MINUTE,
        hours=WEEK,
        strategy=Strategy.MANUAL,
        notify_after=0,
        starvation=0,
        alerts=(Alert(percent=100, to=AlertTo.QUEUE),),
    )
    await office.agent("ana", "sales")
    await office.handed_over()  # at 05:00: one hour is left today, Monday goes on at 04:00

    await office.later(24 * HOUR)
    over_night = told(office)
    await office.later(2 * 24 * HOUR - HOUR + 30 * MINUTE - SECOND)
    monday = told(office)
    await office.later(SECOND)

    assert (over_night, monday) == ([], [])
    assert told(office) == [("queue", "wait_target")]


async def test_alerts_missed_while_nothing_ran_are_given_once(waiting: Office) -> None:
    await waiting.close()

    waiting.clock.forward(HOUR)
    again = await Office(
        store=waiting.store, clock=waiting.clock, workspace=waiting.workspace
    ).open()
    await again.later(SECOND)
    await again.later(HOUR)

    assert [step for step, _ in told(again)] == ["agent", "queue", "admins"]
    await again.close()
