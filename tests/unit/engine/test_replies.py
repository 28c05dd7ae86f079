"""Only the holder's plain replies reach the customer; everything else stays and is told."""

import pytest

from bridge.domain.delivery import Mark
from bridge.domain.ids import HOUR, SECOND
from bridge.domain.message import Receipt
from bridge.ports.calls import CallKind
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.commands import UserKind
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel


@pytest.fixture
async def held(office: Office) -> Office:
    """Ana holds Alice's conversation; Bruno is in the same queue."""
    await office.agent("ana", "sales")
    await office.agent("bruno", "sales", available=False)
    await office.handed_over()
    return office


@pytest.mark.parametrize(
    "words",
    ["// she is angry", "note: careful", "NOTA: cuidado", "!transfr bruno", "/shrug", "  //x"],
)
async def test_what_looks_internal_never_reaches_the_customer(held: Office, words: str) -> None:
    await held.says("ana", words)

    assert held.channel.words() == []


async def test_a_note_is_marked_as_one(held: Office) -> None:
    line = await held.says("ana", "// she is angry")

    assert (line, Mark.NOTE, False) in held.thread().marks


@pytest.mark.parametrize("kind", [UserKind.GUEST, UserKind.EXTERNAL, UserKind.BOT])
async def test_outsiders_never_reach_the_customer(held: Office, kind: UserKind) -> None:
    await held.says("ana", "hello", kind=kind)

    assert held.channel.words() == []
    assert held.whispered("ana")


async def test_a_colleague_who_is_not_in_control_is_told_who_is(held: Office) -> None:
    line = await held.says("bruno", "I can help")

    assert held.channel.words() == []
    assert (line, Mark.NOT_CROSSED, False) in held.thread().marks
    assert "Ana is in control" in held.whispered("bruno")[-1]


async def test_after_the_end_nothing_reaches_the_customer(held: Office) -> None:
    thread = held.work_thread()
    await held.command("ana", "return-to-bot", "#1", confirmed="yes")

    await held.says("ana", "one more thing", thread)

    assert held.channel.words() == []
    assert "has ended" in held.whispered("ana")[-1]


async def test_a_mention_of_the_team_is_kept_back_until_it_is_sent_anyway(held: Office) -> None:
    await held.says("ana", "ask @bruno", mentions=True)
    before = held.channel.words()
    _, _, (offer,) = held.workspace.whispers[-1]

    await held.command("ana", offer.command, **offer.arguments)

    assert before == []
    assert held.channel.words() == ["ask @bruno"]


async def test_a_typed_command_is_carried_out_and_answered_privately(held: Office) -> None:
    await held.says("ana", "!priority urgent")

    assert held.conversation().priority.word == "urgent"
    assert held.channel.words() == []
    assert held.whispered("ana")


async def test_a_typed_question_is_answered_privately(held: Office) -> None:
    await held.says("ana", "!events")

    await held.quiet()
    assert held.channel.words() == []
    assert "#1" in held.whispered("ana")[-1]


async def test_an_edit_reaches_the_customer(held: Office) -> None:
    line = await held.says("ana", "it costs 10")

    await held.edits("ana", line, "it costs 12")

    _, call = held.channel.calls[-1]
    assert call.kind is CallKind.EDIT
    assert call.external_id == "out-1"
    assert call.content is not None
    assert call.content.words() == "it costs 12"


async def test_an_edit_into_a_note_changes_nothing_for_the_customer(held: Office) -> None:
    line = await held.says("ana", "it costs 10")

    await held.edits("ana", line, "// do not tell")

    assert [call.kind for _, call in held.channel.calls] == [CallKind.POST]


async def test_a_deletion_reaches_the_customer(held: Office) -> None:
    line = await held.says("ana", "wrong customer")

    await held.deletes("ana", line)

    assert held.channel.calls[-1][1].kind is CallKind.DELETE


async def test_a_held_reply_can_be_mended_and_taken_back() -> None:
    office = await Office(reply_hold=3 * SECOND).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    first = await office.says("ana", "it costs 10")
    second = await office.says("ana", "go away")

    await office.edits("ana", first, "it costs 12")
    await office.deletes("ana", second)
    early = office.channel.words()
    await office.later(4 * SECOND)

    assert early == []
    assert office.channel.words() == ["it costs 12"]
    await office.close()


async def test_a_return_lets_held_replies_go() -> None:
    office = await Office(reply_hold=60 * SECOND).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "goodbye")

    await office.command("ana", "return-to-bot", "#1", confirmed="yes")

    assert office.channel.words() == ["goodbye"]
    await office.close()


async def test_sent_is_true_on_the_line(held: Office) -> None:
    await held.says("ana", "hello")

    lines = [line for line in held.store.messages.values() if line.content.words() == "hello"]
    assert [line.receipt for line in lines] == [Receipt.ACCEPTED]


async def test_a_change_of_a_line_in_the_transcript_is_posted_anew(held: Office) -> None:
    await held.customer_edits("help with order 12")

    posts = [(call.name, call.content.words()) for call in held.thread().posts if call.content]
    assert posts[-1] == ("Alice (Web chat) ✎", "help with order 12")


async def test_an_edit_that_grows_or_shrinks_reaches_every_part() -> None:
    channel = RecordingChannel(capabilities=ChannelCapabilities(max_text=10))
    office = await Office(channel=channel).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    line = await office.says("ana", "one two three four")

    await office.edits("ana", line, "short")
    await office.edits("ana", line, "five six seven ei")

    assert [call.kind.value for _, call in channel.calls] == [
        *("post", "post"),
        *("edit", "delete"),
        *("edit", "post"),
    ]
    await office.close()


async def test_a_misspelt_command_is_corrected_in_the_writing_of_its_writer(held: Office) -> None:
    await held.says("ana", "!transfr @bob")
    await held.says("ana", "/transfr @bob")

    said = [words for words in held.whispered("ana") if "transfr" in words]
    assert [word for words in said for word in words.split() if "transfer" in word] == [
        "!transfer?",
        "/transfer?",
    ]


async def test_a_customer_who_stays_silent_after_a_held_reply_goes_back_to_the_bot() -> None:
    office = await Office(reply_hold=3 * SECOND).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "anything else?")
    await office.later(4 * SECOND)

    await office.later(23 * HOUR)
    await office.later(HOUR)

    assert office.channel.words() == ["anything else?"]
    assert office.conversation().end_cause == "inactive"
    await office.close()
