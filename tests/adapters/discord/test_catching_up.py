"""What happened in Discord while nobody listened is read afterwards, in order and once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.adapters.common.progress import REMEMBERED
from bridge.domain.binding import Purpose
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.ports.workspace import AgentEdited, AgentPosted
from bridge.simulators.discord import EventFault, Fault, Quirks
from tests.adapters.discord.receiving_rig import Rig, receiving

HISTORY = "GET /channels/{channel_id}/messages"
MEMBER = "GET /guilds/{guild_id}/members/{user_id}"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path, history_page=5) as started:
        yield started


async def back(rig: Rig) -> None:
    """The desk starts again, a new process."""
    rig.build()
    await rig.start()


async def test_lines_written_meanwhile_arrive_in_order(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "before")
    await rig.until(rig.desk.posts)
    await rig.stop()

    for number in range(12):
        await rig.ana.says(thread, f"line {number}")
    await back(rig)

    assert rig.desk.words() == ["before", *(f"line {number}" for number in range(12))]


async def test_edits_and_deletions_of_known_lines_are_seen(rig: Rig) -> None:
    thread = await rig.thread()
    kept, gone = [await rig.ana.says(thread, text) for text in ("one", "two")]
    await rig.until(lambda: len(rig.desk.posts()) == 2)
    await rig.stop()

    await rig.ana.edits(kept, "uno")
    await rig.ana.deletes(gone)
    await back(rig)

    [edited] = [each for each in rig.desk.events if isinstance(each, AgentEdited)]
    assert (edited.external_id, edited.content.words()) == (kept.id, "uno")
    assert rig.deleted() == [gone.id]


async def test_a_line_that_was_edited_meanwhile_arrives_once_as_it_is(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()

    line = await rig.ana.says(thread, "one")
    await rig.ana.edits(line, "uno")
    await back(rig)

    assert rig.desk.words() == ["uno"]
    assert not [each for each in rig.desk.events if isinstance(each, AgentEdited)]


async def test_an_older_edit_that_waited_does_not_undo_a_newer_one(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.ana.says(thread, "one")
    await rig.until(rig.desk.posts)
    rig.discord.fault(Fault(route=HISTORY, kind="delay", seconds=0.3))
    rig.receiving.catching_up.is_behind(ThreadRef(thread.id))
    rig.discord.fault(EventFault(type="MESSAGE_UPDATE", kind="lose", nth=2))

    await rig.ana.edits(line, "two")
    await rig.ana.edits(line, "three")
    await rig.until(lambda: not rig.receiving.catching_up.behind)
    await rig.heard_everything()

    edits = [each for each in rig.desk.events if isinstance(each, AgentEdited)]
    assert [each.content.words() for each in edits] == ["three"]


async def test_a_second_look_changes_nothing(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.ana.says(thread, "one")
    await rig.ana.edits(line, "uno")
    await rig.ana.deletes(await rig.ana.says(thread, "gone"))
    await rig.until(rig.deleted)
    happened = [each for each in rig.desk.events if hasattr(each, "external_id")]

    for _ in range(3):
        await rig.restart()

    assert [each for each in rig.desk.events if hasattr(each, "external_id")] == happened


async def test_a_command_typed_meanwhile_is_run_once(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()

    await rig.ana.says(thread, "!take")
    await back(rig)
    await rig.restart()

    assert (rig.screens.typed_ones, rig.desk.words()) == (["!take"], [])


async def test_what_the_customers_wrote_is_known_as_our_own(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.posts(thread, "hello", "nonce-1")
    await rig.restart()

    echo = rig.site.echoes.find("nonce-1")

    assert echo is not None
    assert echo.line == line.id
    assert rig.desk.events == []


async def test_a_live_line_waits_for_the_older_ones(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()
    await rig.ana.says(thread, "older")
    rig.discord.fault(Fault(route=HISTORY, kind="delay", seconds=0.5))
    rig.build()

    await rig.begin()
    await rig.ana.says(thread, "newer")
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert rig.desk.words() == ["older", "newer"]


async def test_what_was_said_while_nobody_held_it_is_read_while_nobody_holds_it(rig: Rig) -> None:
    thread = await rig.thread(purpose=Purpose.WAITING)
    await rig.stop()
    await rig.ana.says(thread, "who takes this?")

    await back(rig)

    assert rig.desk.words() == ["who takes this?"]


async def test_a_card_without_a_thread_is_no_lost_thread(rig: Rig) -> None:
    room = rig.discord.channel(rig.guild, "agents")
    card = await rig.posts(room, "waiting card")
    await rig.adopt(replace(room, id=card.id, parent_id=room.id), purpose=Purpose.WAITING)

    await rig.restart()
    await rig.receiving.watch.look()

    assert rig.troubles() == []


async def test_a_button_waits_a_moment_for_what_was_said_before(rig: Rig) -> None:
    thread = await rig.thread()
    card = await rig.card(thread)
    await rig.stop()
    await rig.ana.says(thread, "said before")
    rig.discord.fault(Fault(route=HISTORY, kind="delay", seconds=0.2))
    rig.build()
    await rig.begin()

    pressing = rig.press(rig.ana, card, "take")
    await rig.until(lambda: rig.screens.interactions)
    said = rig.desk.words()
    pressing.cancel()

    assert said == ["said before"]


async def test_two_hundred_threads_that_were_answered_meanwhile_arrive_once_each_in_order(
    rig: Rig,
) -> None:
    threads = await rig.many_threads(200)
    await rig.stop()
    for thread in threads:
        for word in ("first", "second"):
            await rig.ana.says(thread, f"{word} in {thread.id}")

    await back(rig)
    await rig.restart()

    said: dict[str, list[str]] = {}
    for post in rig.desk.posts():
        said.setdefault(post.thread, []).append(post.content.words())
    assert said == {
        thread.id: [f"first in {thread.id}", f"second in {thread.id}"] for thread in threads
    }


async def test_the_thread_in_which_somebody_writes_is_read_first(rig: Rig) -> None:
    threads = await rig.many_threads(12)
    await rig.stop()
    for thread in threads:
        await rig.ana.says(thread, f"in {thread.id}")
    rig.discord.fault(Fault(route=HISTORY, kind="delay", seconds=0.5, times=None))
    rig.build()
    await rig.begin()

    await rig.ana.says(threads[-1], "now")
    await rig.until(lambda: "now" in rig.desk.words())

    assert len(rig.desk.posts()) < len(threads)
    rig.discord.faults.clear()


async def test_a_history_that_cannot_be_read_now_is_read_later(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()
    await rig.ana.says(thread, "hello")
    rig.discord.fault(Fault(route=HISTORY, kind="rate_limited", retry_after=0.05, times=2))
    rig.discord.fault(Fault(route=HISTORY, kind="status", status=502, nth=3))

    await back(rig)

    assert rig.desk.words() == ["hello"]


async def test_a_desk_that_cannot_store_is_asked_again(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()
    await rig.ana.says(thread, "hello")
    rig.desk.fault = StorageUnavailable("full")
    rig.build()

    await rig.begin()
    await rig.until(lambda: rig.desk.tried)
    rig.desk.fault = None
    await rig.until(rig.desk.posts)

    assert rig.desk.words() == ["hello"]


async def test_nobody_writes_for_whom_discord_does_not_answer_yet(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()
    await rig.ana.says(thread, "hello")
    rig.discord.fault(Fault(route=MEMBER, kind="status", status=502))

    await back(rig)

    [event] = rig.desk.posts()
    assert (event.user.id, event.user.kind) == (rig.ana.id, "member")


async def test_a_list_that_lags_deletes_nothing(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "hello")
    await rig.until(rig.desk.posts)
    rig.discord.turn(Quirks(history_lag=3600))

    await rig.restart()

    assert rig.deleted() == []


async def test_a_line_that_a_list_had_not_shown_is_found_the_next_time(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "early")
    await rig.until(rig.desk.posts)
    await rig.stop()
    await rig.ana.says(thread, "late")
    rig.discord.turn(Quirks(history_lag=3600))
    await back(rig)
    await rig.ana.says(thread, "live")
    await rig.until(lambda: len(rig.desk.posts()) == 2)
    rig.discord.turn(Quirks())

    await rig.restart()

    assert sorted(rig.desk.words()) == ["early", "late", "live"]


async def test_without_the_right_to_read_nothing_is_taken_for_deleted(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "hello")
    await rig.until(rig.desk.posts)
    await rig.stop()
    rights = rig.rights(without=READ_HISTORY)

    await back(rig)
    unread = rig.deleted()
    rig.discord.allow(rig.app, rig.guild, rights)
    await rig.ana.says(thread, "again")
    await rig.receiving.watch.look()
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert (unread, rig.deleted()) == ([], [])


async def test_only_the_newest_lines_of_a_thread_are_looked_for_again(rig: Rig) -> None:
    thread = await rig.thread()
    lines = [await rig.ana.says(thread, f"line {number}") for number in range(REMEMBERED + 5)]
    await rig.until(lambda: len(rig.desk.posts()) == REMEMBERED + 5)
    await rig.stop()
    await rig.ana.deletes(lines[-1])
    await rig.ana.deletes(lines[-REMEMBERED])

    await back(rig)

    assert rig.deleted() == [lines[-REMEMBERED].id, lines[-1].id]


async def test_a_gap_while_a_thread_is_read_is_read_too(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()
    await rig.ana.says(thread, "first")
    rig.build()
    rig.discord.fault(Fault(route=HISTORY, kind="delay", accepted=True, seconds=0.5))
    await rig.begin()
    await rig.until(lambda: rig.discord.faults.happened["delay"])

    rig.discord.faults.clear()
    rig.discord.hub.invalidate(rig.app)
    await rig.until(lambda: not rig.discord.hub.connected(rig.app))
    await rig.ana.says(thread, "in the gap")
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert rig.desk.words() == ["first", "in the gap"]
    assert all(isinstance(each, AgentPosted) for each in rig.desk.events[1:])


READ_HISTORY = 1 << 16
