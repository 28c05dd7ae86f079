"""Lines in a simulated Discord: each once, in its order, and nobody is called by them."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.nonces import LENGTH
from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.domain.binding import Purpose
from bridge.domain.card import CardAction
from bridge.domain.content import Content, File, FileKind
from bridge.domain.conversation import State
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import ExternalId, FileId, Instant, ThreadRef
from bridge.domain.message import Author
from bridge.domain.text import Bold, Paragraph, Plain, plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.simulators.common.wire import obj
from bridge.simulators.discord import Fault, Message
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.state.mentions import Allowed, mentioned
from tests.adapters.discord.corpus import mentions
from tests.adapters.discord.discord_schema import needs_description, slips
from tests.adapters.discord.rig import DiscordRig, serve, shown, texts
from tests.contract.workspace_contract import CARD, binding, call

OFFER = OfferedCommand(command="take", label="")
POST = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DiscordRig]:
    async with serve(tmp_path) as rig:
        yield rig


@pytest.fixture
async def thread(rig: DiscordRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.forum_ref, CARD, ())


def said(rig: DiscordRig, thread: ThreadRef) -> list[str]:
    return [shown(each) for each in rig.lines(thread)]


def line(text: str, **more: object) -> OutboundCall:
    return replace(call(text=text), **more)


# --- nobody is called -----------------------------------------------------------------------


async def test_nothing_that_a_customer_writes_calls_anybody(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    everybody = rig.discord.role(rig.guild, "Everybody", rig.ana, rig.bo, mentionable=True)
    rig.discord.allow(rig.app, rig.guild, ALL | bits.MENTION_EVERYONE)
    corpus = mentions(rig.ana.id, everybody.id, rig.text.id)

    for start in range(0, len(corpus), 20):
        texts_of = [text for text in corpus[start : start + 20] if text.strip()]
        calls = [line(text, name=text) for text in texts_of]
        await rig.workspace.post_together(thread, calls)
        for each in calls[:5]:
            await rig.workspace.post(thread, each)
    lines = rig.lines(thread)

    assert len(lines) > len(corpus) / 20
    assert {each.pings for each in lines} == {frozenset()}
    assert [each for each in lines if calls_somebody(rig, each)] == []


def calls_somebody(rig: DiscordRig, message: Message) -> bool:
    """Whether its words alone would, if everything were allowed."""
    place = rig.discord.world.channel(message.channel_id)
    words = "\n".join([message.content, *texts(message.components)])
    found = mentioned(rig.discord.world, place, message.author_id, words, Allowed())
    return bool(found.users or found.roles or found.everyone)


async def test_a_line_that_mentions_notifies_that_person_alone(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    ana = rig.user(rig.ana)
    words = f"Ana takes it @everyone <@{rig.bo.id}>"

    await rig.workspace.post(
        thread, line(words, author=Author.SYSTEM, name="", mentions=(ana,), called="Ana")
    )

    [made] = rig.lines(thread)
    assert made.pings == frozenset({rig.ana.id})
    assert made.content.startswith(f"<@{ana}> takes it")


async def test_every_call_says_whom_it_may_notify(rig: DiscordRig, thread: ThreadRef) -> None:
    first = await rig.workspace.post(thread, line("one"))
    await rig.workspace.post(thread, call(CallKind.EDIT, "uno", about=first))
    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("psst"), (), "w1")

    bodies = [
        *rig.calls(POST),
        *rig.calls("PATCH /channels/{channel_id}/messages/{message_id}"),
        *[obj(each["message"]) for each in rig.calls("POST /channels/{channel_id}/threads")],
    ]
    assert len(bodies) == 4
    assert all(obj(each["allowed_mentions"])["parse"] == [] for each in bodies)


# --- what a line looks like -----------------------------------------------------------------


async def test_a_customers_name_stands_above_his_words(rig: DiscordRig, thread: ThreadRef) -> None:
    await rig.workspace.post(thread, line("hello", name="Discord *Clyde* (WhatsApp)"))

    assert rig.lines(thread)[0].content == "**Discord \\*Clyde\\* (WhatsApp)**\nhello"


async def test_a_note_is_no_answer(rig: DiscordRig, thread: ThreadRef) -> None:
    await rig.workspace.post(thread, line("careful", name="Bo", author=Author.AGENT, note=True))

    assert rig.lines(thread)[0].content == "📝 **Bo**\ncareful"


@pytest.mark.parametrize("sign", ["a", "*", "@everyone ", "👩‍👩‍👧‍👦", "1. \n"])
async def test_a_line_of_full_length_is_one_message_with_every_sign(
    rig: DiscordRig, thread: ThreadRef, sign: str
) -> None:
    most = rig.workspace.capabilities.max_text
    words = (sign * most)[:most]

    await rig.workspace.post(thread, line(words))

    assert said(rig, thread) == [words]


async def test_words_that_are_only_blanks_are_a_line(rig: DiscordRig, thread: ThreadRef) -> None:
    await rig.workspace.post(thread, line("  \n ", author=Author.SYSTEM, name=""))

    assert len(rig.lines(thread)) == 1


async def test_formatting_crosses(rig: DiscordRig, thread: ThreadRef) -> None:
    bold = (Paragraph(spans=(Bold(spans=(Plain(text="now"),)),)),)

    await rig.workspace.post(thread, replace(call(), content=Content(text=bold)))

    assert "**now**" in rig.lines(thread)[0].content


async def test_no_line_brings_a_picture_of_where_it_leads(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    await rig.workspace.post(thread, line("see https://a.example"))

    assert rig.calls(POST)[0]["flags"] == 4


async def test_an_answer_to_a_line_is_an_answer_and_calls_nobody(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    theirs = await rig.ana.says(thread, "question?")

    await rig.workspace.post(thread, line("answer", quoted=ExternalId(theirs.id)))

    made = rig.lines(thread)[-1]
    assert made.reference is not None
    assert made.reference["message_id"] == theirs.id
    assert made.pings == frozenset()


async def test_an_answer_to_a_line_that_is_gone_is_a_line(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    theirs = await rig.ana.says(thread, "question?")
    await rig.ana.deletes(theirs)

    await rig.workspace.post(thread, line("answer", quoted=ExternalId(theirs.id)))

    assert said(rig, thread) == ["answer"]


# --- edits, deletions, marks ----------------------------------------------------------------


async def test_an_edit_may_make_a_line_longer_and_short_again(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    id_ = await rig.workspace.post(thread, line("short"))
    seen = []

    for words in ("*" * 1_900, "short again", "*" * 1_800):
        await rig.workspace.post(thread, call(CallKind.EDIT, words, about=id_))
        seen.append(said(rig, thread))

    assert seen == [["*" * 1_900], ["short again"], ["*" * 1_800]]


async def test_a_line_that_is_gone_cannot_be_edited_and_need_not_be_deleted(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    id_ = await rig.workspace.post(thread, line("hello"))
    await rig.workspace.post(thread, call(CallKind.DELETE, about=id_))

    await rig.workspace.post(thread, call(CallKind.DELETE, about=id_))
    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, call(CallKind.EDIT, "again", about=id_))

    assert refused.value.code == "line_gone"


async def test_a_reaction_that_discord_does_not_know_harms_nothing(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    id_ = await rig.workspace.post(thread, line("hello"))

    await rig.workspace.post(thread, call(CallKind.REACT, about=id_, emoji="smile"))

    assert said(rig, thread) == ["hello"]


async def test_a_mark_on_a_line_that_is_gone_harms_nothing(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    theirs = await rig.ana.says(thread, "hello")
    await rig.ana.deletes(theirs)

    await rig.workspace.mark(thread, ExternalId(theirs.id), Mark.NOT_CROSSED, False)

    assert rig.lines(thread) == []


# --- several lines in one -------------------------------------------------------------------


async def together(rig: DiscordRig, thread: ThreadRef, *words: str) -> Sequence[ExternalId]:
    return await rig.workspace.post_together(thread, [line(each) for each in words])


async def test_lines_together_are_one_message_and_each_has_its_id(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    ids = await together(rig, thread, "one", "two", "three")

    assert said(rig, thread) == ["one\ntwo\nthree"]
    assert len(set(ids)) == 3


async def test_one_of_several_is_edited_and_deleted_alone(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    first, second, third = await together(rig, thread, "one", "two", "three")

    await rig.workspace.post(thread, call(CallKind.EDIT, "*zwei*", about=second))
    await rig.workspace.post(thread, call(CallKind.DELETE, about=first))
    after_first = said(rig, thread)
    await rig.workspace.post(thread, call(CallKind.DELETE, about=second))
    await rig.workspace.post(thread, call(CallKind.DELETE, about=third))

    assert after_first == ["*zwei*\nthree"]
    assert rig.lines(thread) == []


async def test_one_that_was_taken_away_cannot_be_edited(rig: DiscordRig, thread: ThreadRef) -> None:
    first, _ = await together(rig, thread, "one", "two")
    await rig.workspace.post(thread, call(CallKind.DELETE, about=first))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, call(CallKind.EDIT, "uno", about=first))

    assert refused.value.code == "line_gone"


# --- in doubt -------------------------------------------------------------------------------


def lose_the_answer(rig: DiscordRig, *, accepted: bool = True) -> None:
    rig.discord.fault(Fault(route=POST, kind="drop", accepted=accepted))


def doubted(rig: DiscordRig, once: OutboundCall, since: int = 0) -> OutboundCall:
    return replace(once, doubtful=Instant(rig.workspace.site.clock.now() - since))


MINUTES = 60_000


@pytest.mark.parametrize("since", [0, 10 * MINUTES])
@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("words", ["hello", "*" * 1_900])
async def test_a_line_whose_answer_was_lost_is_one_line(
    rig: DiscordRig, thread: ThreadRef, since: int, arrived: bool, words: str
) -> None:
    lose_the_answer(rig, accepted=arrived)
    once = line(words)

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, once)
    id_ = await rig.workspace.post(thread, doubted(rig, once, since))

    assert [each.id for each in rig.lines(thread)] == [id_]


@pytest.mark.parametrize("since", [0, 10 * MINUTES])
@pytest.mark.parametrize("arrived", [True, False])
async def test_lines_together_whose_answer_was_lost_are_there_once(
    rig: DiscordRig, thread: ThreadRef, since: int, arrived: bool
) -> None:
    lose_the_answer(rig, accepted=arrived)
    calls = [line(words) for words in ("one", "two", "two")]

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post_together(thread, calls)
    ids = [await rig.workspace.post(thread, doubted(rig, each, since)) for each in calls]

    assert "\n".join(said(rig, thread)) == "one\ntwo\ntwo"
    assert len(set(ids)) == 3


async def test_a_line_that_arrived_and_was_deleted_does_not_come_back(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    lose_the_answer(rig)
    once = line("hello")
    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, once)
    olga = rig.discord.person("olga", rig.guild)
    await olga.deletes(rig.lines(thread)[0])

    await rig.workspace.post(thread, doubted(rig, once))

    assert rig.lines(thread) == []


async def test_a_history_that_cannot_be_read_leaves_the_doubt(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    rig.discord.fault(Fault(route="GET /channels/{channel_id}/messages", kind="status"))

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, doubted(rig, line("hello"), 10 * MINUTES))

    assert rig.lines(thread) == []


async def test_a_refusal_for_now_is_no_doubt_and_nothing_is_lost(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    rig.discord.fault(Fault(route=POST, kind="rate_limited", retry_after=0.05))
    once = line("hello")

    with pytest.raises(TemporaryFailure) as refused:
        await rig.workspace.post(thread, once)
    await rig.workspace.post(thread, once)

    assert refused.value.retry_after == 0.05
    assert said(rig, thread) == ["hello"]


async def test_every_line_has_a_name_that_discord_keeps(rig: DiscordRig, thread: ThreadRef) -> None:
    await rig.workspace.post(thread, line("one"))
    await rig.workspace.post(thread, line("two"))

    bodies = rig.calls(POST)
    assert len({each["nonce"] for each in bodies}) == 2
    assert all(each["enforce_nonce"] and len(str(each["nonce"])) == LENGTH for each in bodies)


async def test_a_line_is_one_call(rig: DiscordRig, thread: ThreadRef) -> None:
    before = len(rig.discord.rest.calls)

    for number in range(10):
        await rig.workspace.ready(thread)
        await rig.workspace.post(thread, line(f"line {number}"))

    assert len(rig.discord.rest.calls) == before + 10


async def test_a_thread_that_was_deleted_takes_nothing_for_good(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    rig.discord.delete(rig.thread(thread))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, line("hello"))

    assert refused.value.code == "thread_gone"


# --- files ----------------------------------------------------------------------------------


async def stored(rig: DiscordRig, name: str, content: bytes) -> File:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await rig.files.save(chunks(), name, 2**30)


async def test_a_file_crosses_with_its_bytes_its_name_and_its_words(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    file = await stored(rig, 'bill "é" ../7.pdf', b"\x00bytes")
    content = Content(text=plain("the bill"), files=(file,))

    for _ in range(2):
        await rig.workspace.post(thread, replace(call(), key="one-file", content=content))

    [made] = rig.lines(thread)
    assert shown(made) == "the bill"
    assert [each.content for each in made.attachments] == [b"\x00bytes"]
    assert made.attachments[0].filename == "bill_'é'_.._7.pdf"


async def test_a_file_whose_answer_was_lost_is_one_message(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    file = await stored(rig, "a.txt", b"a")
    once = replace(call(), content=Content(files=(file,)))
    lose_the_answer(rig)

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, once)
    await rig.workspace.post(thread, doubted(rig, once))

    assert len(rig.lines(thread)) == 1


async def test_a_file_that_is_too_large_is_refused_with_its_reason(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    big = File(
        id=FileId("f"), kind=FileKind.DOCUMENT, mime="x/y", size=11 * 1024 * 1024, name="big"
    )

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, replace(call(), content=Content(files=(big,))))

    assert refused.value.code == "too_large"


async def test_a_file_that_is_gone_is_refused_with_its_reason(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    gone = File(id=FileId("f" * 32), kind=FileKind.DOCUMENT, mime="x/y", size=1, name="gone")

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, replace(call(), content=Content(files=(gone,))))

    assert refused.value.code == "file_gone"


async def test_a_server_with_boosts_takes_larger_files(tmp_path: Path) -> None:
    async with serve(tmp_path, max_file_mib=50) as rig:
        assert rig.workspace.capabilities.max_file == 50 * 1024 * 1024


# --- private answers ------------------------------------------------------------------------


def direct(rig: DiscordRig) -> list[Message]:
    """What Ana reads in her direct messages."""
    world = rig.discord.world
    channels = [one for one in world.channels.values() if rig.ana.id in one.recipients]
    return [one for channel in channels for one in rig.discord.messages(channel)]


async def test_a_whisper_leads_to_its_thread_and_has_its_buttons(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("psst"), (OFFER,), "w1")

    [made] = direct(rig)
    found = list(texts(made.components))
    assert found == [
        "psst", f"-# https://discord.com/channels/{rig.guild.id}/{thread}", "Take"
    ]  # fmt: skip


async def test_who_takes_no_direct_messages_is_told_so_quietly_in_the_thread(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    rig.discord.fault(
        Fault(route=POST, kind="error", status=403, code=50007, message="Cannot send messages")
    )

    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("secret"), (), "w1")

    [made] = rig.lines(thread)
    assert "secret" not in made.content
    assert rig.ana.id in made.content
    assert made.pings == frozenset()


async def test_a_whisper_about_no_thread_to_who_takes_none_is_refused(rig: DiscordRig) -> None:
    rig.discord.fault(Fault(route=POST, kind="error", status=403, code=50007, message="no"))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.whisper(rig.user(rig.ana), None, plain("psst"), (), "w1")

    assert refused.value.code == "user_gone"


async def test_the_hint_is_there_once_and_goes_when_he_can_be_told_again(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    for key in ("w1", "w2"):
        rig.discord.fault(Fault(route=POST, kind="error", status=403, code=50007, message="no"))
        await rig.workspace.whisper(rig.user(rig.ana), thread, plain("secret"), (), key)
    hinted = len(rig.lines(thread))

    await rig.workspace.whisper(rig.user(rig.ana), thread, plain("psst"), (), "w3")

    assert (hinted, rig.lines(thread)) == (1, [])


# --- what is sent ---------------------------------------------------------------------------


@needs_description
async def test_everything_that_is_sent_is_as_discord_describes_it(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    workspace, ana = rig.workspace, rig.user(rig.ana)
    file = await stored(rig, "a.txt", b"a")
    id_ = await workspace.post(thread, line("short", mentions=(ana,)))
    await workspace.post(thread, line("*" * 1_900, quoted=id_))
    await workspace.post(thread, replace(call(), content=Content(files=(file,))))
    first, second = await together(rig, thread, "one", "two")
    for about, words in ((id_, "*" * 1_900), (first, "uno")):
        await workspace.post(thread, call(CallKind.EDIT, words, about=about))
    await workspace.post(thread, call(CallKind.DELETE, about=second))
    await workspace.whisper(ana, thread, plain("psst"), (OFFER,), "w1")
    card = replace(CARD, actions=(CardAction(command="take", primary=True),))
    waiting = await workspace.open_thread(binding(Purpose.WAITING), rig.text_ref, card, ())
    await workspace.convert_thread(waiting)
    private = await workspace.open_thread(binding(), rig.text_ref, card, (ana,))
    for each in (thread, waiting, private):
        await workspace.redraw(each, replace(card, agent="Ana", state=State.ASSIGNED))
        await workspace.close_thread(each, replace(CARD, state=State.ENDED), each == private)

    sent = [(str(each["what"]), each["body"]) for each in rig.discord.ledger.entries
            if each.get("body") is not None]  # fmt: skip

    assert len(sent) > 20
    assert [(what, found) for what, body in sent if (found := slips(what, body))] == []
