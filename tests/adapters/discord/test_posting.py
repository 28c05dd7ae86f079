"""Lines in a simulated Discord: each once, in its order, and nobody is called by them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.domain.content import Content
from bridge.domain.delivery import Mark
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import ExternalId, ThreadRef
from bridge.domain.message import Author
from bridge.domain.text import Bold, Paragraph, Plain, plain
from bridge.ports.calls import CallKind
from bridge.simulators.common.wire import obj
from bridge.simulators.discord import Message
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.state.mentions import Allowed, mentioned
from tests.adapters.discord.corpus import mentions
from tests.adapters.discord.lines import POST, line, said, together
from tests.adapters.discord.rig import DiscordRig, serve, texts
from tests.contract.workspace_contract import CARD, binding, call


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DiscordRig]:
    async with serve(tmp_path) as rig:
        yield rig


@pytest.fixture
async def thread(rig: DiscordRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.forum_ref, CARD, ())


# --- nobody is called --------------------------------------------------------------------------


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


# --- what a line looks like --------------------------------------------------------------------


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


# --- edits, deletions, marks -------------------------------------------------------------------


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


# --- several lines in one ----------------------------------------------------------------------


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
