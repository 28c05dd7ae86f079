"""Several lines in one message: each can be changed as if it stood alone."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown
from bridge.domain.ids import ExternalId, ThreadRef, WorkspaceUserId
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.workspace import Paced
from bridge.simulators.slack import Fault
from tests.adapters.hurry import HURRIED
from tests.adapters.slack.corpus import MENTIONS
from tests.adapters.slack.rig import SlackRig, serve, shown
from tests.contract.workspace_contract import CARD, binding, call


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[SlackRig]:
    async with serve(tmp_path) as inner:
        yield inner


async def opened(rig: SlackRig, *members: WorkspaceUserId) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.room_ref, CARD, members)


def lines(*words: str) -> list[OutboundCall]:
    return [call(text=each) for each in words]


async def posted(
    rig: SlackRig, thread: ThreadRef, group: Sequence[OutboundCall]
) -> Sequence[ExternalId]:
    return await rig.workspace.post_together(thread, group)


async def test_slack_is_a_paced_workspace(rig: SlackRig) -> None:
    assert isinstance(rig.workspace, Paced)


async def test_lines_together_are_one_message_in_order_under_the_customers_name(
    rig: SlackRig,
) -> None:
    thread = await opened(rig)

    ids = await posted(rig, thread, lines("one", "two", "three"))

    [message] = rig.lines(thread)
    assert (shown(message), message.username) == ("one\ntwo\nthree", "Maria (Web chat)")
    assert len(set(ids)) == 3


async def test_where_no_other_name_may_stand_it_stands_once_above_the_lines(rig: SlackRig) -> None:
    thread = await opened(rig, rig.user(rig.ana))

    await posted(rig, thread, lines("one", "two"))

    assert [shown(each) for each in rig.lines(thread)] == ["Maria (Web chat)\none\ntwo"]


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_line_among_others_is_changed_alone(
    rig: SlackRig, private: bool, part: int
) -> None:
    thread = await opened(rig, *([rig.user(rig.ana)] if private else []))
    words = ["one", "two", "three"]
    ids = await posted(rig, thread, lines(*words))

    await rig.workspace.post(thread, call(CallKind.EDIT, "changed", about=ids[part]))

    words[part] = "changed"
    [message] = rig.lines(thread)
    assert shown(message).removeprefix("Maria (Web chat)\n").split("\n") == words
    assert message.username == (None if private else "Maria (Web chat)")


async def test_lines_are_taken_away_one_by_one_and_then_the_message(rig: SlackRig) -> None:
    thread = await opened(rig, rig.user(rig.ana))
    ids = await posted(rig, thread, lines("one", "two"))

    await rig.workspace.post(thread, call(CallKind.DELETE, about=ids[0]))
    left = [shown(each) for each in rig.lines(thread)]
    for _ in range(2):
        await rig.workspace.post(thread, call(CallKind.DELETE, about=ids[1]))

    assert left == ["Maria (Web chat)\ntwo"]
    assert rig.lines(thread) == []


async def test_a_line_that_was_taken_away_cannot_be_changed(rig: SlackRig) -> None:
    thread = await opened(rig)
    ids = await posted(rig, thread, lines("one", "two"))
    await rig.workspace.post(thread, call(CallKind.DELETE, about=ids[1]))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, call(CallKind.EDIT, "changed", about=ids[1]))

    assert refused.value.code == "line_gone"


async def test_a_reaction_to_a_line_among_others_is_on_their_message(rig: SlackRig) -> None:
    thread = await opened(rig)
    ids = await posted(rig, thread, lines("one", "two"))

    await rig.workspace.post(thread, call(CallKind.REACT, about=ids[1], emoji="👍"))

    assert [each.name for each in rig.lines(thread)[0].reactions] == ["+1"]


async def test_the_first_line_is_changed_alone_after_a_restart_too(rig: SlackRig) -> None:
    thread = await opened(rig)
    ids = await posted(rig, thread, lines("one", "two"))
    again = SlackWorkspace(rig.workspace.site.settings, rig.workspace.site.context, HURRIED)
    await again.start(rig.desk, ())

    await again.post(thread, call(CallKind.EDIT, "uno", about=ids[0]))
    await again.stop()

    assert [shown(each) for each in rig.lines(thread)] == ["uno\ntwo"]


@pytest.mark.parametrize("echoed", [True, False])
async def test_each_line_is_found_by_its_own_key_and_can_be_changed_then(
    rig: SlackRig, echoed: bool
) -> None:
    thread, group = await opened(rig), lines("one", "two")
    began = rig.workspace.site.clock.now()
    rig.slack.fault(Fault(method="chat.postMessage", kind="drop", accepted=True))
    with pytest.raises(OutcomeUnknown):
        await posted(rig, thread, group)
    await rig.slack.settled()
    workspace = rig.workspace
    if not echoed:
        workspace = SlackWorkspace(rig.workspace.site.settings, rig.workspace.site.context, HURRIED)
        await workspace.start(rig.desk, ())

    ids = [await workspace.post(thread, replace(each, doubtful=began)) for each in group]
    await workspace.post(thread, call(CallKind.EDIT, "uno", about=ids[0]))
    await workspace.post(thread, call(CallKind.EDIT, "dos", about=ids[1]))
    if not echoed:
        await workspace.stop()

    assert [shown(each) for each in rig.lines(thread)] == ["uno\ndos"]


async def test_nothing_comes_to_life_in_lines_together_or_changed(rig: SlackRig) -> None:
    thread = await opened(rig)

    for at in range(0, len(MENTIONS), 60):
        group = [call(text=sign.replace("\ud83d", "")) for sign in MENTIONS[at : at + 15]]
        ids = await posted(rig, thread, group)
        await rig.workspace.post(thread, call(CallKind.EDIT, MENTIONS[at + 1], about=ids[0]))

    found = {one.kind for each in rig.lines(thread) for one in each.entities}
    assert found <= {"link"}
