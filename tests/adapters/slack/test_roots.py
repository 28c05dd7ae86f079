"""Cards: one per binding, edited only when they change, at the end left or gone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.domain.binding import Purpose
from bridge.domain.conversation import State
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import ThreadRef
from bridge.domain.message import Author
from bridge.ports.calls import CallKind
from bridge.ports.workspace import AgentPosted
from bridge.simulators.slack import EventFault, Fault, Limits
from tests.adapters.slack.rig import SlackRig, serve, shown
from tests.adapters.slack.test_uploads import carrying, stored
from tests.contract.workspace_contract import CARD, binding, call

ENDED = replace(CARD, state=State.ENDED)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[SlackRig]:
    async with serve(tmp_path) as inner:
        yield inner


async def opened(rig: SlackRig, purpose: Purpose = Purpose.WORK) -> ThreadRef:
    return await rig.workspace.open_thread(binding(purpose), rig.room_ref, CARD, ())


# --- opening --------------------------------------------------------------------------------


async def test_a_card_is_the_apps_own_and_mentions_nobody(rig: SlackRig) -> None:
    thread = await opened(rig)

    [root] = rig.messages(thread)
    assert (root.user, root.username, root.pings) == (rig.app.bot_user, None, ())


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_that_was_lost_leaves_one_card(rig: SlackRig, accepted: bool) -> None:
    key, began = binding(), rig.workspace.site.clock.now()
    rig.slack.fault(Fault(method="chat.postMessage", kind="drop", accepted=accepted))

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.open_thread(key, rig.room_ref, CARD, ())
    found = await rig.workspace.open_thread(replace(key, doubtful=began), rig.room_ref, CARD, ())

    assert [thread_ref(each.channel, each.ts) for each in rig.slack.messages(rig.room)] == [found]


async def test_what_was_said_under_a_card_of_a_crash_is_read_when_the_card_is_found_again(
    rig: SlackRig,
) -> None:
    key, began = binding(), rig.workspace.site.clock.now()
    rig.slack.fault(Fault(method="chat.postMessage", kind="drop", accepted=True))
    with pytest.raises(OutcomeUnknown):
        await rig.workspace.open_thread(key, rig.room_ref, CARD, ())
    [root] = rig.slack.messages(rig.room)
    rig.slack.fault(EventFault(type="message", kind="lose"))  # Slack has sent it often enough
    await rig.ana.replies(root, "quick")
    await rig.slack.settled()

    await rig.workspace.open_thread(replace(key, doubtful=began), rig.room_ref, CARD, ())

    await rig.slack.until(lambda: rig.desk.events or None)
    [event] = rig.desk.events
    assert isinstance(event, AgentPosted)
    assert event.content.words() == "quick"


async def test_a_thread_is_still_ours_after_a_restart(rig: SlackRig) -> None:
    key = binding()
    thread = await rig.workspace.open_thread(key, rig.room_ref, CARD, ())
    again = SlackWorkspace(rig.workspace.site.settings, rig.workspace.site.context)
    await again.start(rig.desk, ())

    same = await again.open_thread(key, rig.room_ref, CARD, ())
    await again.redraw(thread, CARD)
    await again.stop()

    assert same == thread
    assert len(rig.slack.messages(rig.room)) == 1
    assert rig.calls("chat.update") == []


# --- drawing --------------------------------------------------------------------------------


async def test_a_card_that_did_not_change_is_not_drawn_again(rig: SlackRig) -> None:
    thread = await opened(rig)

    for card in (CARD, CARD, replace(CARD, agent="Bia"), replace(CARD, agent="Bia")):
        await rig.workspace.redraw(thread, card)

    assert len(rig.calls("chat.update")) == 1


async def test_cards_leave_the_last_edits_to_lines(tmp_path: Path) -> None:
    async with serve(tmp_path, limits=Limits(tiers=True)) as rig:
        thread = await opened(rig)
        line = await rig.workspace.post(thread, call(text="hello"))

        drawn = 0
        while await is_drawn(rig, thread, f"Bia {drawn}"):
            drawn += 1
        await rig.workspace.post(thread, call(CallKind.EDIT, "hello!", about=line))

        assert 4 <= drawn < 50
        assert shown(rig.lines(thread)[0]) == "hello!"
        assert rig.slack.meter.refusals == []


async def is_drawn(rig: SlackRig, thread: ThreadRef, agent: str) -> bool:
    """False when edits are too scarce for cards; then it is said when to come back."""
    try:
        await rig.workspace.redraw(thread, replace(CARD, agent=agent))
    except TemporaryFailure as error:
        return error.retry_after is None
    return True


async def test_a_closed_card_is_drawn_no_more(rig: SlackRig) -> None:
    thread = await opened(rig)
    await rig.workspace.close_thread(thread, ENDED, False)

    await rig.workspace.redraw(thread, CARD)

    assert shown(rig.messages(thread)[0]).startswith(":large_brown_circle:")


async def test_a_card_links_to_where_the_conversation_goes_on(rig: SlackRig) -> None:
    old, new = await opened(rig), await opened(rig)

    await rig.workspace.close_thread(old, replace(ENDED, moved_to=new), False)

    ts = new.split(":")[1].replace(".", "")
    assert f"/archives/{rig.room.id}/p{ts}" in shown(rig.messages(old)[0])


# --- closing --------------------------------------------------------------------------------


async def test_a_waiting_card_that_is_closed_is_gone_from_its_room(rig: SlackRig) -> None:
    thread = await opened(rig, Purpose.WAITING)

    for _ in range(2):
        await rig.workspace.close_thread(thread, CARD, True)

    assert rig.slack.messages(rig.room) == []


async def test_a_card_that_the_history_does_not_show_yet_is_gone_all_the_same(
    rig: SlackRig,
) -> None:
    rig.slack.turn(history_lag=3_600.0)
    thread = await opened(rig, Purpose.WAITING)

    await rig.workspace.close_thread(thread, CARD, True)

    assert rig.slack.messages(rig.room) == []


async def test_what_was_private_goes_with_its_lines_and_files_and_the_agents_own_stay(
    rig: SlackRig,
) -> None:
    members = (rig.user(rig.ana),)
    thread = await rig.workspace.open_thread(binding(), rig.room_ref, CARD, members)
    for author in (Author.CUSTOMER, Author.AGENT, Author.SYSTEM):
        await rig.workspace.post(thread, replace(call(text="hello"), author=author))
    await rig.workspace.post(thread, carrying(await stored(rig)))
    mine = await rig.ana.replies(rig.messages(thread)[0], "my own words")

    await rig.workspace.close_thread(thread, ENDED, True)

    left = [each for each in rig.messages(thread) if each.subtype != "tombstone"]
    assert [each.ts for each in left] == [mine.ts]
    assert all(file.deleted for file in rig.slack.world.files.values())


async def test_taking_it_away_goes_on_where_it_was_interrupted(rig: SlackRig) -> None:
    members = (rig.user(rig.ana),)
    thread = await rig.workspace.open_thread(binding(), rig.room_ref, CARD, members)
    for _ in range(4):
        await rig.workspace.post(thread, call(text="hello"))
    rig.slack.fault(Fault(method="chat.delete", kind="rate_limited", nth=3))

    with pytest.raises(TemporaryFailure):
        await rig.workspace.close_thread(thread, ENDED, True)
    await rig.workspace.close_thread(thread, ENDED, True)

    assert rig.messages(thread) == []


async def test_a_card_that_somebody_deleted_stops_nothing(rig: SlackRig) -> None:
    work, waiting = await opened(rig), await opened(rig, Purpose.WAITING)
    for thread in (work, waiting):
        del rig.slack.world.messages[rig.room.id][thread.split(":")[1]]

    await rig.workspace.close_thread(work, ENDED, False)
    await rig.workspace.close_thread(waiting, ENDED, True)

    assert rig.workspace.site.threads.open_ones() == ()


async def test_a_thread_that_was_never_ours_is_refused_for_good(rig: SlackRig) -> None:
    strange = thread_ref(rig.room.id, "1700000000.000100")

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.redraw(strange, CARD)

    assert refused.value.code == "thread_gone"


async def test_a_closed_thread_is_still_known(rig: SlackRig) -> None:
    thread = await opened(rig)

    await rig.workspace.close_thread(thread, ENDED, False)

    closed = await rig.workspace.site.threads.find(thread)
    assert closed is not None
    assert not closed.writable
