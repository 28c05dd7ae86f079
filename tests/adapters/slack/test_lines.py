"""Lines in a thread: whose they are, changed, taken back, found again after a doubt."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.common.pauses import Pauses
from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.domain.binding import Purpose
from bridge.domain.content import Content, text_content
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import ExternalId, ThreadRef, after
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.simulators.common.wire import obj
from bridge.simulators.slack import Fault, Quirks
from tests.adapters.hurry import HURRIED
from tests.adapters.slack.rig import SlackRig, serve, shown
from tests.contract.workspace_contract import CARD, binding, call

HELLO = OutboundCall(
    key="d1", kind=CallKind.POST, content=text_content("hello"), author=Author.CUSTOMER, name="Ana"
)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[SlackRig]:
    async with serve(tmp_path) as inner:
        yield inner


async def thread_of(rig: SlackRig, purpose: Purpose = Purpose.WORK) -> ThreadRef:
    return await rig.workspace.open_thread(binding(purpose), rig.room_ref, CARD, ())


async def private_thread_of(rig: SlackRig) -> ThreadRef:
    members = (rig.user(rig.ana),)
    return await rig.workspace.open_thread(binding(), rig.room_ref, CARD, members)


async def posted(rig: SlackRig, thread: ThreadRef, made: OutboundCall = HELLO) -> ExternalId:
    line = await rig.workspace.post(thread, made)
    assert line is not None
    return line


# --- whose they are -------------------------------------------------------------------------


async def test_a_customer_speaks_under_his_name_with_his_channel_and_nobody_else_does(
    rig: SlackRig,
) -> None:
    thread = await thread_of(rig)

    for author in (Author.CUSTOMER, Author.AGENT, Author.SYSTEM):
        await posted(rig, thread, replace(HELLO, key=f"d-{author}", author=author))

    names = [(each.username, shown(each)) for each in rig.lines(thread)]
    assert names == [("Ana (Web chat)", "hello"), (None, "Ana\nhello"), (None, "hello")]


async def test_without_the_scope_the_name_goes_into_the_text(tmp_path: Path) -> None:
    async with serve(tmp_path, without=("chat:write.customize",)) as rig:
        thread = await thread_of(rig)

        await posted(rig, thread)

        assert [shown(each) for each in rig.lines(thread)] == ["Ana (Web chat)\nhello"]


@pytest.mark.parametrize("purpose", [Purpose.MONITOR, Purpose.WAITING])
async def test_what_will_be_deleted_stands_under_no_other_name(
    rig: SlackRig, purpose: Purpose
) -> None:
    threads = [await thread_of(rig, purpose), await private_thread_of(rig)]

    for number, thread in enumerate(threads):
        await posted(rig, thread, replace(HELLO, key=f"d{number}"))

    assert [each.username for thread in threads for each in rig.messages(thread)] == [None] * 4


async def test_an_edit_keeps_the_customers_name(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    line = await posted(rig, thread)

    changed = replace(HELLO, key="d2", kind=CallKind.EDIT, external_id=line)
    await rig.workspace.post(thread, replace(changed, content=text_content("hello!")))

    [now] = rig.lines(thread)
    assert (now.username, shown(now)) == ("Ana (Web chat)", "hello!")


async def test_a_line_of_ours_is_deleted_and_a_customers_is_emptied(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    ours = await posted(rig, thread, replace(HELLO, key="d1", author=Author.SYSTEM))
    his = await posted(rig, thread, replace(HELLO, key="d2"))

    for line in (ours, his):
        for _ in range(2):
            await rig.workspace.post(thread, call(CallKind.DELETE, about=line))

    assert [shown(each) for each in rig.lines(thread)] == ["This line was deleted."]


async def test_a_note_of_a_colleague_is_no_answer_to_the_customer(rig: SlackRig) -> None:
    thread = await thread_of(rig)

    await posted(rig, thread, replace(HELLO, author=Author.AGENT, name="Bia", note=True))

    assert shown(rig.lines(thread)[0]) == ":memo: Bia\nhello"


async def test_a_reaction_that_slack_has_not_is_said(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    line = await posted(rig, thread)

    for _ in range(2):
        await rig.workspace.post(
            thread, replace(HELLO, key="d2", kind=CallKind.REACT, external_id=line, emoji="qq")
        )

    assert [shown(each) for each in rig.lines(thread)] == ["hello", "Ana reacted with qq"]


async def test_a_mark_on_a_line_that_is_gone_is_no_trouble(rig: SlackRig) -> None:
    thread = await thread_of(rig)

    await rig.workspace.mark(thread, ExternalId("1.000001"), Mark.FAILED, False)

    assert rig.lines(thread) == []


# --- once -----------------------------------------------------------------------------------


async def test_a_line_is_one_call_and_no_link_in_it_is_followed(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    before = len(rig.slack.ledger.entries)

    await posted(rig, thread, replace(HELLO, content=text_content("see https://a.example")))

    assert [each["what"] for each in rig.slack.ledger.entries[before:]] == ["chat.postMessage"]
    assert not rig.lines(thread)[0].unfurl_links


@pytest.mark.parametrize("kind", ["drop", "half_body", "status", "not_json"])
@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_that_was_lost_leaves_one_line(
    rig: SlackRig, kind: str, accepted: bool
) -> None:
    thread = await thread_of(rig)
    began = rig.workspace.site.clock.now()
    rig.slack.fault(Fault(method="chat.postMessage", kind=kind, accepted=accepted))  # type: ignore[arg-type]  # one of its words

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, HELLO)
    await rig.slack.settled()
    found = await posted(rig, thread, replace(HELLO, doubtful=began))

    assert [each.ts for each in rig.lines(thread)] == [found]


async def test_a_line_is_found_though_history_lags_behind(tmp_path: Path) -> None:
    async with serve(tmp_path, quirks=Quirks(history_lag=0.3), pauses=Pauses(shown=0.5)) as rig:
        thread = await thread_of(rig)
        began = rig.workspace.site.clock.now()
        rig.slack.fault(Fault(method="chat.postMessage", kind="drop", accepted=True))
        with pytest.raises(OutcomeUnknown):
            await rig.workspace.post(thread, HELLO)

        await rig.workspace.post(thread, replace(HELLO, doubtful=began))

        assert len(rig.lines(thread)) == 1


async def test_what_cannot_be_looked_for_stays_unknown(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    rig.slack.fault(Fault(method="conversations.replies", kind="rate_limited"))

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, replace(HELLO, doubtful=rig.workspace.site.clock.now()))

    assert rig.lines(thread) == []


async def test_a_line_on_a_later_page_is_found(tmp_path: Path) -> None:
    async with serve(tmp_path, history_page=3) as rig:
        thread = await thread_of(rig)
        began = rig.workspace.site.clock.now()
        for number in range(8):
            await posted(rig, thread, replace(HELLO, key=f"d{number}"))
        last = rig.lines(thread)[-1]
        site = rig.workspace.site
        fresh = SlackWorkspace(site.settings, site.context, HURRIED)
        await fresh.start(rig.desk, ())

        found = await fresh.post(thread, replace(HELLO, key="d7", doubtful=began))
        await fresh.stop()

        assert found == last.ts


async def test_a_call_that_may_be_made_twice_is_just_made_again(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    line = await posted(rig, thread)
    rig.slack.fault(Fault(method="chat.update", kind="drop", accepted=True))
    edit = replace(HELLO, key="d2", kind=CallKind.EDIT, external_id=line)

    with pytest.raises(TemporaryFailure):
        await rig.workspace.post(thread, edit)
    await rig.workspace.post(thread, edit)

    assert len(rig.lines(thread)) == 1


# --- gone -----------------------------------------------------------------------------------


@pytest.mark.parametrize("quirk", ["refuse", "in_channel"])
async def test_a_line_never_lands_in_the_room_when_its_root_is_gone(
    tmp_path: Path, quirk: str
) -> None:
    async with serve(tmp_path, quirks=Quirks(deleted_root=quirk)) as rig:  # type: ignore[arg-type]  # one of its words
        thread = await thread_of(rig)
        del rig.slack.world.messages[rig.room.id][thread.split(":")[1]]

        with pytest.raises(DeliveryRejected) as refused:
            await rig.workspace.post(thread, replace(HELLO, author=Author.SYSTEM))

        assert refused.value.code == "thread_gone"
        assert rig.slack.messages(rig.room) == []


async def test_a_change_of_a_line_that_is_gone_is_refused_for_good(rig: SlackRig) -> None:
    thread = await thread_of(rig)

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(
            thread, replace(HELLO, kind=CallKind.EDIT, external_id=ExternalId("1.000001"))
        )

    assert refused.value.code == "line_gone"


# --- private answers ------------------------------------------------------------------------

OFFER = OfferedCommand(command="retry", label="Try again", arguments={"message": "12"})


async def test_a_private_answer_offers_what_can_be_done(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    await posted(rig, thread)

    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("Not sent."), (OFFER,), "w1")

    [told] = rig.ana.whispers(rig.room)
    buttons = [each for block in told.blocks for each in obj(block).get("elements", ())]  # type: ignore[union-attr]  # a list of blocks
    assert obj(buttons[-1])["action_id"] == "run:retry"
    assert '"message":"12"' in str(obj(buttons[-1])["value"])


async def test_a_private_answer_is_seen_under_a_card_that_nobody_answered(rig: SlackRig) -> None:
    thread = await thread_of(rig)

    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("Yours."), (), "w1")

    assert [(each.shown, each.thread_ts) for each in rig.slack.world.ephemerals] == [(True, None)]


async def test_whoever_is_not_in_the_room_is_told_directly(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    eve = rig.slack.hire("eve")

    for to in (thread, None):
        await rig.workspace.whisper(rig.user(eve), to, plain("psst"), (), f"w-{to}")

    direct = rig.slack.world.direct(rig.app, eve.id)
    assert [shown(each) for each in rig.slack.messages(direct)] == ["psst", "psst"]
    assert rig.slack.world.ephemerals == []


async def test_an_empty_line_is_still_a_line(rig: SlackRig) -> None:
    thread = await thread_of(rig)

    await posted(rig, thread, replace(HELLO, content=Content()))

    assert len(rig.lines(thread)) == 1


async def test_a_doubt_looks_no_further_back_than_it_must(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    await posted(rig, thread)
    later = after(rig.workspace.site.clock.now(), 60_000)

    again = await rig.workspace.post(thread, replace(HELLO, key="d9", doubtful=later))

    assert again == rig.lines(thread)[-1].ts
    assert len(rig.lines(thread)) == 2
