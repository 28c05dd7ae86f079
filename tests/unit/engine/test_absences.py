"""Who is away: distribution knows when somebody leaves, and the desk may send him off."""

import pytest

from bridge.domain.conversation import State
from bridge.domain.ids import HOUR, MINUTE, SECOND, WorkspaceUserId
from bridge.engine.state.options import DeskOptions
from bridge.ports.commands import WorkspaceUser
from bridge.ports.workspace import ConnectionChanged
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule


@pytest.fixture
async def strict() -> Office:
    """A desk that makes who is away for an hour unavailable."""
    office = await Office(options=DeskOptions(idle_timeout=HOUR)).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    return office


def available(office: Office) -> tuple[bool, str]:
    agent = office.engine.desk.agent_by_handle("ana")
    assert agent is not None
    return agent.available, agent.reason


async def page(office: Office, *, connected: bool) -> None:
    user = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="ana")
    await office.agents.accept(
        ConnectionChanged(workspace=office.team, source=(), user=user, connected=connected)
    )
    await office.quiet()


async def test_who_is_away_for_too_long_is_unavailable(strict: Office) -> None:
    await strict.later(15 * MINUTE + HOUR - SECOND)
    before = available(strict)
    await strict.later(SECOND)

    assert (before, available(strict)) == ((True, ""), (False, "idle"))
    await strict.close()


async def test_whatever_he_does_begins_it_anew(strict: Office) -> None:
    await strict.later(HOUR)
    await strict.command("ana", "available", "status")

    await strict.later(HOUR)
    before = available(strict)
    await strict.later(15 * MINUTE)

    assert (before, available(strict)) == ((True, ""), (False, "idle"))
    await strict.close()


async def test_an_open_page_is_enough_and_the_time_begins_when_it_closes(strict: Office) -> None:
    await page(strict, connected=True)
    await strict.later(5 * HOUR)
    open_ = available(strict)

    await page(strict, connected=False)
    await strict.later(HOUR - SECOND)
    closed = available(strict)
    await strict.later(SECOND)

    assert (open_, closed, available(strict)) == ((True, ""), (True, ""), (False, "idle"))
    await strict.close()


async def test_what_he_holds_he_keeps(strict: Office) -> None:
    await rule(strict, first_reply_timeout=0)
    await strict.handed_over()

    await strict.later(2 * HOUR)
    await strict.later(SECOND)

    assert available(strict) == (False, "idle")
    assert strict.holder() == "ana"
    await strict.close()


async def test_downtime_is_nobodys_absence(strict: Office) -> None:
    await strict.later(30 * MINUTE)
    await strict.close()

    strict.clock.forward(3 * HOUR)
    again = await Office(
        store=strict.store, clock=strict.clock, options=DeskOptions(idle_timeout=HOUR)
    ).open()
    await again.later(30 * MINUTE)
    before = available(again)
    await again.later(15 * MINUTE)

    assert (before, available(again)) == ((True, ""), (False, "idle"))
    await again.close()


async def test_nobody_is_sent_off_unless_the_desk_wants_it(office: Office) -> None:
    await office.agent("ana", "sales")

    await office.later(24 * HOUR)

    assert available(office) == (True, "")


async def test_a_queue_that_wants_people_who_are_there_waits_for_them(office: Office) -> None:
    await rule(office, require_connected=True)
    await office.agent("ana", "sales")
    await office.later(15 * MINUTE)

    await office.handed_over()
    away = office.conversation().state
    await office.command("ana", "available", "status")

    assert away is State.WAITING
    assert office.conversation().state is State.ASSIGNED
