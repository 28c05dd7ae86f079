"""The gateway breaks in every way that Discord knows; nothing is lost, nothing comes twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.common.threads import ThreadBook
from bridge.adapters.workspaces.discord.receiving.connection import (
    DEAF_AFTER,
    KEPT_BACK,
    SESSIONS,
    TOKEN,
)
from bridge.adapters.workspaces.discord.receiving.lines import UNREADABLE
from bridge.adapters.workspaces.discord.receiving.places import SERVER
from bridge.domain.delivery import Mark
from bridge.domain.errors import CredentialsRejected
from bridge.domain.ids import Instant
from bridge.simulators.discord import EventFault, Quirks
from tests.adapters.discord.receiving_rig import Rig, receiving
from tests.fakes.lease import Lease


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


async def reconnected(rig: Rig) -> None:
    """Another connection is there, and every thread is caught up with."""
    await rig.until(lambda: rig.discord.hub.connected(rig.app))
    await rig.until(lambda: not rig.receiving.catching_up.behind)


async def test_a_broken_connection_is_resumed_and_what_was_missed_is_sent_again(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "before")
    await rig.until(rig.desk.posts)
    begun = rig.discord.hub.identifies[rig.app.id]

    rig.discord.hub.drop(rig.app)
    await rig.until(lambda: not rig.discord.hub.connected(rig.app))
    for number in range(5):
        await rig.ana.says(thread, f"away {number}")
    await rig.until(lambda: len(rig.desk.posts()) == 6)

    assert rig.desk.words() == ["before", *(f"away {number}" for number in range(5))]
    assert (rig.discord.hub.resumes, len(begun)) == (1, 1)


async def test_discord_may_ask_for_another_connection(rig: Rig) -> None:
    thread = await rig.thread()

    rig.discord.hub.reconnect(rig.app)
    await rig.until(lambda: rig.discord.hub.resumes)
    await rig.ana.says(thread, "over the new one")

    await rig.until(lambda: rig.desk.words() == ["over the new one"])


async def test_an_invalid_session_is_begun_anew_and_the_gap_is_read(rig: Rig) -> None:
    thread = await rig.thread()
    rig.discord.fault(EventFault(type="MESSAGE_CREATE", kind="lose", times=None))

    await rig.ana.says(thread, "lost")
    await rig.ana.says(thread, "lost, too")
    rig.discord.faults.clear()
    rig.discord.hub.invalidate(rig.app)
    await rig.until(lambda: len(rig.desk.posts()) == 2)

    assert rig.desk.words() == ["lost", "lost, too"]
    assert len(rig.discord.hub.identifies[rig.app.id]) == 2


async def test_what_is_sent_again_and_read_again_is_one(rig: Rig) -> None:
    thread = await rig.thread()
    rig.discord.hub.drop(rig.app)
    await rig.until(lambda: not rig.discord.hub.connected(rig.app))
    lines = [await rig.ana.says(thread, f"line {number}") for number in range(6)]
    await rig.ana.edits(lines[0], "edited")
    await rig.ana.deletes(lines[1])
    await rig.until(rig.deleted)

    rig.receiving.catching_up.all_behind()
    await rig.until(lambda: not rig.receiving.catching_up.behind)
    rig.discord.hub.invalidate(rig.app)
    await rig.until(lambda: len(rig.discord.hub.identifies[rig.app.id]) == 2)
    await reconnected(rig)
    await rig.heard_everything()

    assert sorted(rig.desk.words()) == sorted(f"line {number}" for number in range(6))
    assert rig.deleted() == [lines[1].id]


async def test_a_session_that_ends_at_once_is_not_dialled_without_a_pause(rig: Rig) -> None:
    for _ in range(3):
        await rig.until(lambda: rig.discord.hub.connected(rig.app))
        rig.discord.hub.drop(rig.app)
        rig.discord.hub.expire(rig.app)
        await rig.until(lambda: not rig.discord.hub.connected(rig.app))
    thread = await rig.thread()
    await reconnected(rig)

    await rig.ana.says(thread, "still here")

    await rig.until(lambda: rig.desk.words() == ["still here"])


async def test_a_gateway_that_is_silent_is_replaced(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.heard_everything()
    rig.discord.hub.silence(rig.app)
    await rig.posts(thread, "does not come back", "lost-1")
    await rig.ana.says(thread, "nobody hears")

    rig.clock.forward(DEAF_AFTER + 1_000)
    await rig.receiving.watch.look()
    await rig.until(rig.desk.posts)

    assert rig.desk.words() == ["nobody hears"]
    assert rig.site.echoes.find("lost-1") is not None


async def test_a_quiet_gateway_is_left_alone(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.posts(thread, "comes back", "here-1")
    await rig.until(lambda: rig.site.echoes.find("here-1"))
    [session] = rig.discord.hub.connected(rig.app)

    rig.clock.forward(10 * DEAF_AFTER)
    await rig.receiving.watch.look()
    await rig.heard_everything()

    assert rig.discord.hub.connected(rig.app) == [session]
    assert rig.discord.hub.resumes == 0


# --- sessions ---------------------------------------------------------------------------------


async def test_the_last_sessions_of_a_day_are_never_begun(tmp_path: Path) -> None:
    async with receiving(tmp_path, started=False) as rig:
        rig.discord.turn(Quirks(identifies_per_day=KEPT_BACK))

        await rig.begin()
        told = rig.trouble(SESSIONS)
        begun = rig.discord.hub.identifies.get(rig.app.id, [])
        rig.discord.turn(Quirks(identifies_per_day=KEPT_BACK + 1))
        await rig.until(lambda: rig.discord.hub.connected(rig.app))
        await rig.until(lambda: not rig.troubles())

        assert (told, begun) == (True, [])


async def test_resuming_begins_no_session(rig: Rig) -> None:
    for _ in range(3):
        await rig.until(lambda: rig.discord.hub.connected(rig.app))
        rig.discord.hub.drop(rig.app)
        await rig.until(lambda: not rig.discord.hub.connected(rig.app))
    await rig.until(lambda: rig.discord.hub.resumes == 3)

    assert len(rig.discord.hub.identifies[rig.app.id]) == 1


# --- what an operator has to repair -----------------------------------------------------------


async def test_a_wrong_token_is_refused_at_the_start(tmp_path: Path) -> None:
    async with receiving(tmp_path, started=False) as rig:
        rig.discord.reset_token(rig.app)

        with pytest.raises(CredentialsRejected):
            await rig.begin()


async def test_a_token_that_was_reset_is_told_once(rig: Rig) -> None:
    rig.discord.reset_token(rig.app)

    rig.discord.hub.drop(rig.app)
    rig.discord.hub.expire(rig.app)
    await rig.until(lambda: rig.trouble(TOKEN))

    [check] = rig.troubles()
    assert "deskbridge connect discord" in check.fix


async def test_without_the_intent_commands_work_and_lines_are_told_not_sent(
    tmp_path: Path,
) -> None:
    async with receiving(tmp_path, started=False) as rig:
        rig.switch_content(on=False)
        await rig.start()
        thread = await rig.thread()

        line = await rig.ana.says(thread, "hello")
        await rig.until(lambda: rig.voice.whispers)

        assert rig.desk.posts() == []
        assert rig.voice.marks == [(thread.id, line.id, Mark.NOT_CROSSED)]
        assert "Message Content Intent" in rig.voice.whispers[0][1]
        assert [check.name for check in rig.troubles()] == [UNREADABLE]
        assert rig.screens.times_online == 1


async def test_an_intent_that_is_switched_on_is_used_without_a_restart(tmp_path: Path) -> None:
    async with receiving(tmp_path, started=False) as rig:
        rig.switch_content(on=False)
        await rig.start()
        thread = await rig.thread()
        await rig.ana.says(thread, "not sent")
        await rig.until(lambda: rig.voice.whispers)

        rig.switch_content(on=True)
        await rig.receiving.watch.look()
        await rig.until(lambda: len(rig.discord.hub.identifies[rig.app.id]) >= 2)
        await reconnected(rig)
        await rig.ana.says(thread, "sent")
        await rig.until(rig.desk.posts)

        assert rig.desk.words() == ["sent"]
        assert rig.troubles() == []


async def test_a_kicked_bot_is_told_once_and_catches_up_when_it_is_back(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.heard_everything()

    rig.discord.kick(rig.app, rig.guild)
    await rig.until(lambda: rig.trouble(SERVER))
    await rig.ana.says(thread, "among ourselves")
    rig.discord.invite(rig.app, rig.guild)
    await rig.until(rig.desk.posts)

    assert rig.desk.words() == ["among ourselves"]
    assert rig.troubles() == []


async def test_a_bot_that_was_never_invited_is_told_so(tmp_path: Path) -> None:
    async with receiving(tmp_path, started=False) as rig:
        rig.discord.kick(rig.app, rig.guild)

        await rig.begin()

        assert rig.trouble(SERVER)


async def test_a_stop_in_the_middle_of_trouble_is_a_stop(rig: Rig) -> None:
    rig.discord.hub.drop(rig.app)
    rig.discord.hub.expire(rig.app)

    async with asyncio.timeout(60):
        await rig.stop()

    assert not rig.receiving.waiting
    assert rig.site.echoes.last_heard > Instant(0)


# --- one holder -------------------------------------------------------------------------------


async def test_while_another_process_holds_the_gateway_nobody_here_dials_it(tmp_path: Path) -> None:
    lease = Lease()
    async with receiving(tmp_path, started=False) as rig:
        rig.shares(lease)
        async with lease.hold("the other process"):
            await rig.begin()
            thread = await rig.thread()
            await rig.ana.says(thread, "to nobody yet")

            assert rig.discord.hub.identifies.get(rig.app.id, []) == []
        await rig.until(rig.desk.posts)

        assert rig.desk.words() == ["to nobody yet"]


async def test_a_lost_gateway_is_left_and_held_anew_with_another_session(tmp_path: Path) -> None:
    lease = Lease()
    async with receiving(tmp_path, started=False) as rig:
        rig.shares(lease)
        await rig.start()
        thread = await rig.thread()

        lease.lose()
        await rig.until(lambda: len(rig.discord.hub.identifies[rig.app.id]) == 2)
        await reconnected(rig)
        await rig.ana.says(thread, "to the next session")
        await rig.until(rig.desk.posts)

        assert rig.discord.hub.resumes == 0
        assert lease.names == ["gateway", "gateway"]


async def test_whoever_takes_the_gateway_over_knows_the_threads_of_who_had_it(
    tmp_path: Path,
) -> None:
    lease = Lease()
    async with receiving(tmp_path, started=False) as rig:
        rig.shares(lease)
        async with lease.hold("the other process"):
            await rig.begin()
            thread = await rig.begun()
            other = ThreadBook(rig.store)
            await other.put(rig.as_ours(thread))
            await rig.ana.says(thread, "to the other one")
        await rig.until(rig.desk.posts)

        assert rig.desk.words() == ["to the other one"]
