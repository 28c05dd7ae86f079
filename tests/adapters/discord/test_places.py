"""Threads and rooms that are put away, taken out, deleted, hidden or not known yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord.receiving.places import ROLES, trouble_of_room
from bridge.domain.ids import Instant, ThreadRef
from tests.adapters.discord.receiving_rig import Rig, receiving


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


async def close(rig: Rig, thread: str) -> None:
    """As the desk closes a thread."""
    found = await rig.site.threads.find(ThreadRef(thread))
    assert found is not None
    await rig.site.threads.close(found, Instant(1), False)


async def test_a_line_that_wakes_an_archived_thread_arrives(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "before")
    await rig.archive(thread)

    await rig.ana.says(thread, "after")
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert rig.desk.words() == ["before", "after"]


async def test_a_thread_that_is_taken_out_again_is_followed_again(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.archive(thread)
    rig.leave(thread)

    await rig.archive(thread, archived=False)

    await rig.until(lambda: rig.is_in(thread))


async def test_threads_that_we_are_not_in_are_joined_at_the_start(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.stop()
    rig.leave(thread)
    rig.build()

    await rig.start()

    await rig.until(lambda: rig.is_in(thread))


async def test_a_line_in_a_closed_thread_goes_to_the_desk_which_tells_its_writer(rig: Rig) -> None:
    thread = await rig.thread()
    await close(rig, thread.id)

    await rig.ana.says(thread, "one more thing")
    await rig.until(rig.desk.posts)

    assert rig.desk.posts()[0].thread == thread.id


async def test_a_deleted_thread_is_told_until_it_is_closed_here(rig: Rig) -> None:
    thread = await rig.thread()

    rig.discord.delete(thread)
    await rig.until(rig.troubles)
    [told] = rig.troubles()
    await close(rig, thread.id)
    await rig.receiving.watch.look()

    assert ("#1" in told.detail, "/transfer #1" in told.fix) == (True, True)
    assert rig.troubles() == []


async def test_a_thread_that_was_deleted_meanwhile_is_told_and_holds_nobody_up(rig: Rig) -> None:
    gone, there = await rig.thread(), await rig.thread()
    await rig.stop()
    rig.discord.delete(gone)
    await rig.ana.says(there, "hello")
    rig.build()

    await rig.start()
    await rig.until(rig.troubles)

    assert rig.desk.words() == ["hello"]
    assert [check.name for check in rig.troubles()] == [f"thread {gone.id}"]


async def test_a_deleted_forum_is_told_with_its_threads(rig: Rig) -> None:
    threads = await rig.many_threads(2)

    rig.discord.delete(rig.forum)
    await rig.until(lambda: len(rig.troubles()) == 3)
    told = {check.name for check in rig.troubles()}
    for thread in threads:
        await close(rig, thread.id)
    await rig.receiving.watch.look()

    assert trouble_of_room(rig.forum.id) in told
    assert rig.troubles() == []


async def test_a_room_that_nobody_uses_may_be_deleted(rig: Rig) -> None:
    lobby = rig.discord.channel(rig.guild, "lobby")

    rig.discord.delete(lobby)
    await rig.heard_everything()

    assert rig.troubles() == []


async def test_a_line_in_a_thread_that_is_just_being_opened_waits_for_it(rig: Rig) -> None:
    thread = await rig.begun()

    await rig.ana.says(thread, "so soon")
    await rig.until(lambda: rig.receiving.waiting)
    await rig.adopt(thread)
    await rig.until(rig.desk.posts)

    assert rig.desk.words() == ["so soon"]


async def test_what_was_said_in_a_thread_of_a_crash_is_read_when_it_is_known_again(
    rig: Rig,
) -> None:
    thread = await rig.begun()
    await rig.ana.says(thread, "one")
    await rig.ana.says(thread, "two")
    await rig.heard_everything()
    unknown = list(rig.desk.posts())

    await rig.adopt(thread)
    await rig.receiving.watch.look()
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert (unknown, rig.desk.words()) == ([], ["one", "two"])


async def test_a_room_that_was_hidden_from_us_is_read_when_we_see_it_again(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "before")
    await rig.until(rig.desk.posts)
    await rig.stop()
    rig.hide(rig.forum)
    await rig.ana.says(thread, "hidden")
    rig.build()
    await rig.start()
    unseen = rig.desk.words()

    rig.show(rig.forum)
    await rig.receiving.watch.look()
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert (unseen, rig.desk.words()) == (["before"], ["before", "hidden"])


async def test_a_role_of_the_settings_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with receiving(tmp_path, agent_roles=["Support"]) as rig:
        told = rig.trouble(ROLES)

        rig.discord.role(rig.guild, "support")
        await rig.until(lambda: not rig.trouble(ROLES))

        assert told
