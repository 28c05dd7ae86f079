"""What agents do in Discord reaches the desk, once and in order, whatever the gateway does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.domain.binding import Purpose
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.ports.commands import UserKind
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted
from bridge.simulators.discord import EventFault
from tests.adapters.discord.receiving_rig import Rig, receiving


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


# --- lines ------------------------------------------------------------------------------------


async def test_a_reply_reaches_the_desk_with_all_that_names_it(rig: Rig) -> None:
    thread = await rig.thread()

    line = await rig.ana.says(thread, "hello **you**")
    await rig.until(rig.desk.posts)

    [event] = rig.desk.posts()
    assert (event.thread, event.external_id, event.source) == (
        thread.id,
        line.id,
        (f"msg:{line.id}",),
    )
    assert (event.user.id, event.user.name, event.user.kind) == (
        rig.ana.id,
        "Ana",
        UserKind.MEMBER,
    )
    assert event.content.words() == "hello you"


async def test_lines_of_one_thread_keep_their_order_while_the_desk_is_slow(rig: Rig) -> None:
    threads = [await rig.thread() for _ in range(3)]
    rig.desk.free.clear()

    for number in range(20):
        for thread in threads:
            await rig.ana.says(thread, f"line {number}")
    await rig.until(lambda: rig.desk.tried >= len(threads))
    rig.desk.free.set()
    await rig.until(lambda: len(rig.desk.posts()) == 60)

    for thread in threads:
        said = [each.content.words() for each in rig.desk.posts() if each.thread == thread.id]
        assert said == [f"line {number}" for number in range(20)]


async def test_a_thread_that_waits_stands_in_no_other_ones_way(rig: Rig) -> None:
    slow, quick = await rig.thread(), await rig.thread()
    rig.receiving.gates.shut(ThreadRef(slow.id))

    await rig.ana.says(slow, "waits")
    await rig.ana.says(quick, "goes on")
    await rig.until(rig.desk.posts)

    assert rig.desk.words() == ["goes on"]
    rig.receiving.gates.open(ThreadRef(slow.id))
    await rig.until(lambda: rig.desk.words() == ["goes on", "waits"])


@pytest.mark.parametrize("fault", [StorageUnavailable("full"), Overloaded("much")])
async def test_what_the_desk_does_not_take_is_handed_in_again_until_it_does(
    rig: Rig, fault: Exception
) -> None:
    thread = await rig.thread()
    rig.desk.fault = fault

    await rig.ana.says(thread, "one")
    await rig.ana.says(thread, "two")
    await rig.until(lambda: rig.desk.tried >= 3)
    taken = list(rig.desk.events)
    rig.desk.fault = None
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert taken == []
    assert rig.desk.words() == ["one", "two"]


async def test_more_than_there_is_room_for_is_read_again_later(rig: Rig) -> None:
    thread = await rig.thread()
    rig.receiving.lanes.most = 3
    rig.desk.fault = StorageUnavailable("full")

    for number in range(10):
        await rig.ana.says(thread, f"line {number}")
    await rig.until(lambda: rig.receiving.catching_up.behind)
    rig.desk.fault = None
    await rig.until(lambda: len(rig.desk.posts()) == 10)

    assert rig.desk.words() == [f"line {number}" for number in range(10)]


async def test_an_event_that_comes_twice_is_one_line(rig: Rig) -> None:
    thread = await rig.thread()
    rig.discord.fault(EventFault(type="MESSAGE_CREATE", kind="duplicate", copies=3))

    await rig.ana.says(thread, "hello")
    await rig.heard_everything()

    assert rig.desk.words() == ["hello"]


async def test_our_own_posts_come_back_to_us_and_go_no_further(rig: Rig) -> None:
    thread = await rig.thread()

    line = await rig.posts(thread, "from the customer", "nonce-7")
    await rig.heard_everything()

    echo = rig.site.echoes.find("nonce-7")
    assert echo is not None
    assert (echo.channel, echo.line) == (thread.id, line.id)
    assert rig.desk.events == []


async def test_an_answer_names_the_line_that_it_answers_and_mentions_nobody(rig: Rig) -> None:
    thread = await rig.thread()
    asked = await rig.posts(thread, "where is it?")

    await rig.ana.replies(asked, "on its way")
    await rig.until(rig.desk.posts)

    [event] = rig.desk.posts()
    assert (event.quoted, event.mentions) == (asked.id, False)


async def test_whom_a_line_names_is_named_as_people_call_him(rig: Rig) -> None:
    team = rig.discord.role(rig.guild, "Team")
    thread = await rig.thread()

    await rig.ana.says(thread, f"ask @bo, @Team or <#{rig.forum.id}>")
    await rig.until(rig.desk.posts)

    [event] = rig.desk.posts()
    assert (event.mentions, event.content.words()) == (True, "ask @Bo, @Team or #support")
    assert team.id


async def test_edits_deletions_and_reactions_follow_their_line(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.ana.says(thread, "one")

    await rig.ana.edits(line, "uno")
    await rig.ana.reacts(line, "👍")
    await rig.ana.unreacts(line, "👍")
    await rig.ana.deletes(line)
    await rig.until(lambda: any(isinstance(each, AgentDeleted) for each in rig.desk.events))

    happened = [each for each in rig.desk.events if not isinstance(each, AgentPosted)]
    edited, reacted, unreacted, deleted = happened[-4:]
    assert isinstance(edited, AgentEdited)
    assert edited.content.words() == "uno"
    assert isinstance(reacted, AgentReacted)
    assert isinstance(unreacted, AgentReacted)
    assert (reacted.emoji, reacted.removed, unreacted.removed) == ("👍", False, True)
    assert isinstance(deleted, AgentDeleted)
    assert (deleted.external_id, deleted.user.id) == (line.id, rig.ana.id)


async def test_the_same_emoji_again_is_another_reaction(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.ana.says(thread, "one")

    for _ in range(2):
        await rig.ana.reacts(line, "👍")
        await rig.ana.unreacts(line, "👍")
    await rig.heard_everything()

    reactions = [each for each in rig.desk.events if isinstance(each, AgentReacted)]
    assert [each.removed for each in reactions] == [False, True, False, True]


async def test_a_pin_and_a_link_preview_are_no_edits(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.ana.says(thread, "https://example.org")

    await rig.site.discord.call(
        rig.message_route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", line)
    )
    await rig.heard_everything()

    assert rig.desk.words() == ["https://example.org"]
    assert not [each for each in rig.desk.events if isinstance(each, AgentEdited)]


async def test_what_moderators_delete_in_bulk_is_deleted(rig: Rig) -> None:
    thread = await rig.thread()
    lines = [await rig.ana.says(thread, text) for text in ("one", "two", "three")]
    await rig.until(lambda: len(rig.desk.posts()) == 3)

    await rig.site.discord.call(
        rig.room_route("POST", "/channels/{channel_id}/messages/bulk-delete", thread),
        {"messages": [line.id for line in lines[:2]]},
    )
    await rig.until(lambda: len(rig.deleted()) == 2)

    assert rig.deleted() == [line.id for line in lines[:2]]


# --- what is no agent's line ------------------------------------------------------------------


async def test_other_bots_and_webhooks_never_reach_customers(rig: Rig) -> None:
    thread = await rig.thread()
    other = rig.discord.application("Other")
    rig.discord.invite(other, rig.guild)

    await rig.as_another_bot(other, thread, "buy now")
    await rig.by_webhook(thread, "spam")
    await rig.heard_everything()

    assert rig.desk.events == []


async def test_discords_own_notices_never_reach_customers(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.posts(thread, "pin me")

    await rig.site.discord.call(
        rig.message_route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", line)
    )
    await rig.site.discord.call(
        rig.room_route("PATCH", "/channels/{channel_id}", thread), {"name": "renamed"}
    )
    await rig.heard_everything()

    notices = {each.type for each in rig.discord.messages(thread)} - {0, 19}
    assert notices == {4, 6}
    assert rig.desk.events == []


async def test_threads_of_others_and_rooms_are_none_of_ours(rig: Rig) -> None:
    lobby = rig.discord.channel(rig.guild, "lobby")
    theirs = await rig.ana.opens_thread(rig.forum, "their own", "hello all")

    await rig.ana.says(theirs, "among ourselves")
    await rig.ana.says(lobby, "lunch?")
    await rig.heard_everything()

    assert rig.desk.events == []


async def test_lines_of_another_server_are_none_of_ours(rig: Rig) -> None:
    other = rig.discord.guild("Other", owner="otto")
    rig.discord.invite(rig.app, other)
    room = rig.discord.channel(other, "elsewhere")
    dan = rig.discord.person("dan", other)

    await dan.says(room, "!take")
    await rig.heard_everything()

    assert (rig.desk.events, rig.screens.typed_ones) == ([], [])


async def test_a_waiting_cards_thread_takes_lines_too(rig: Rig) -> None:
    thread = await rig.thread(purpose=Purpose.WAITING)

    await rig.ana.says(thread, "mine")
    await rig.until(lambda: rig.desk.words() == ["mine"])

    assert rig.desk.posts()[0].thread == thread.id


# --- commands ---------------------------------------------------------------------------------


async def test_a_typed_command_is_run_and_is_no_line(rig: Rig) -> None:
    thread = await rig.thread()

    await rig.ana.says(thread, "!take")
    await rig.ana.says(thread, "hello")
    await rig.until(rig.desk.posts)

    assert (rig.screens.typed_ones, rig.desk.words()) == (["!take"], ["hello"])


async def test_a_command_that_could_not_be_run_is_run_later_once(rig: Rig) -> None:
    thread = await rig.thread()
    rig.screens.fault = StorageUnavailable("full")

    await rig.ana.says(thread, "!take")
    await rig.until(lambda: rig.receiving.waiting)
    rig.screens.fault = None
    await rig.until(lambda: rig.screens.typed_ones)
    await rig.heard_everything()

    assert rig.screens.typed_ones == ["!take"]


async def test_a_command_typed_in_a_room_is_run(rig: Rig) -> None:
    lobby = rig.discord.channel(rig.guild, "lobby")

    await rig.ana.says(lobby, "!queues")
    await rig.until(lambda: rig.screens.typed_ones)

    assert rig.desk.events == []


async def test_a_button_waits_for_no_line(rig: Rig) -> None:
    thread = await rig.thread()
    card = await rig.card(thread)
    rig.desk.free.clear()
    await rig.ana.says(thread, "the desk is slow")
    await rig.until(lambda: rig.desk.tried)

    pressing = rig.press(rig.ana, card, "take")
    await rig.until(lambda: rig.screens.interactions)

    assert rig.desk.posts() == []
    rig.desk.free.set()
    pressing.cancel()
