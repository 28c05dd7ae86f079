"""When Slack is slow, says no or says things twice: everybody still gets his answer, once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.surfaces.modals import Modals
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.adapters.workspaces.slack.surfaces.results import sorry
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet
from bridge.domain.ids import SourceKey, WorkspaceId
from bridge.simulators.slack import EventFault, Fault, View
from tests.adapters.slack.office import Office, buttons, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


async def test_a_form_that_takes_its_time_is_opened_at_once_and_filled_then(
    office: Office,
) -> None:
    workspace = office.house.app.parts.adapters.workspaces[WorkspaceId("slack")]
    assert isinstance(workspace, SlackWorkspace)
    trigger = office.slack.house.tickets.trigger(office.app, office.bo.id)
    occasion = Occasion(user=office.bo.id, key=SourceKey("x"), trigger=trigger)
    sheet, asked = Sheet(command="events"), asyncio.Event()

    async def slowly() -> Json:
        await asked.wait()
        return sorry("no_thread", sheet, "en")

    showing = asyncio.create_task(Modals(workspace.site).show(occasion, sheet, "en", slowly))
    await office.until(lambda: office.bo.modals and "One moment" in words(office.bo.modals[0]))
    asked.set()

    assert await showing
    await office.until(lambda: "belongs to no conversation" in words(office.bo.modals[0]))


async def test_where_no_form_opens_the_answer_says_what_to_write(office: Office) -> None:
    talk = await office.held("Anton")
    office.slack.fault(Fault(method="views.open", kind="error", error="expired_trigger_id"))
    before = office.seen(office.bo)

    await office.bo.types(office.room, f"/transfer #{talk.number}")

    assert "To whom?" in words(await office.told(office.bo, before))


async def test_an_answer_finds_another_way_when_its_address_fails(office: Office) -> None:
    talk = await office.held("Berta")
    office.slack.fault(Fault(method="response_url", kind="status", status=500))
    before = office.seen(office.bo)

    await office.bo.types(office.room, f"/priority #{talk.number} high")

    assert "is now high" in words(await office.told(office.bo, before))


async def test_a_command_that_comes_twice_is_run_once(office: Office) -> None:
    talk = await office.held("Carl")
    for kind in ("message", "app_mention"):
        office.slack.fault(EventFault(kind="duplicate", type=kind, copies=2))
    before = office.seen(office.bo)

    await office.bo.replies(talk.card, "@deskbridge note Only once")
    await office.told(office.bo, before)
    await office.happened(talk, "note_added")
    await office.slack.settled()

    assert (await office.events(talk)).count("note_added") == 1
    assert len(office.seen(office.bo)) == len(before) + 1


async def test_a_mention_outside_of_threads_is_answered_privately(office: Office) -> None:
    before = office.seen(office.bo)

    await office.bo.says(office.room, "@deskbridge queues")

    assert "Support" in words(await office.told(office.bo, before))
    assert "Support" not in str([one.text for one in office.slack.messages(office.room)][1:])


async def test_who_became_a_guest_may_do_nothing_any_more(office: Office) -> None:
    talk = await office.waiting("Dora")
    await office.bo.becomes(is_restricted=True)
    await office.slack.settled()
    before = office.seen(office.bo)

    await office.bo.clicks(talk.card, "run:take")

    told = await office.told(office.bo, before)
    assert "assigned" not in await office.events(talk)
    assert "yours" not in words(told)


async def test_a_question_is_replaced_by_its_answer(office: Office) -> None:
    talk = await office.held("Emma")
    await talk.customer.says("Are you still there?")
    await office.until(
        lambda: any("still there" in words(one) for one in office.slack.thread(talk.card))
    )
    before = office.seen(office.bo)
    await office.bo.replies(talk.card, "!return-to-bot")
    question = await office.told(office.bo, before)

    await office.bo.clicks(question, buttons(question)[0].action_id)

    await office.happened(talk, "ended")
    await office.until(lambda: question not in office.seen(office.bo))


async def test_an_answer_to_a_modal_that_was_closed_is_told_privately(office: Office) -> None:
    talk = await office.held("Fritz")
    line = office.slack.thread(talk.card)[0]
    await office.bo.uses_shortcut("conversation_menu", line)
    await office.until(lambda: office.bo.modals)
    menu: View = office.bo.modals[-1]
    watched = next(one for one in buttons(menu) if "priority" in one.action_id)
    await office.bo.clicks(menu, watched.action_id)
    form = await office.modal(office.bo, "level")
    before = office.seen(office.bo)

    outcome = await office.bo.submits(form, {"level": "low"})

    assert outcome.answered
    assert not office.bo.modals
    assert "is now low" in words(await office.told(office.bo, before))
