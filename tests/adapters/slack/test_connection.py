"""The connection to Slack stays up, and an operator is told when it cannot."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.common.echoes import Echoes
from bridge.adapters.common.standing import Standing
from bridge.adapters.common.turns import Turns
from bridge.adapters.workspaces.slack.receiving.connection import DEAF_AFTER
from bridge.adapters.workspaces.slack.receiving.volume import LIMIT, WARN_AT, Volume
from bridge.adapters.workspaces.slack.receiving.watch import REVOKED, SILENT
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.domain.errors import CredentialsRejected, TemporaryFailure
from bridge.domain.ids import HOUR
from bridge.ports.clock import MovableClock, SystemClock
from bridge.ports.plugin import Check
from bridge.simulators.slack import EventFault, Fault
from tests.adapters.slack.receiving_rig import ONCE, Rig, receiving


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


@pytest.fixture
async def once(tmp_path: Path) -> AsyncIterator[Rig]:
    """Slack sends nothing again."""
    async with receiving(tmp_path, timing=ONCE) as started:
        yield started


def troubles(rig: Rig) -> dict[str, Check]:
    """What `doctor` would say is wrong."""
    return {check.name: check for check in rig.troubles()}


# --- deaf -------------------------------------------------------------------------------------


async def test_a_socket_that_hears_nothing_is_replaced_and_the_gap_is_read(once: Rig) -> None:
    root = await once.thread()
    await once.settled()
    once.slack.sockets(once.app).silence()
    line = await once.posts(root, "hello")
    once.site.echoes.posted(line.channel, line.ts)
    await once.ana.says(once.room, "nobody hears me", thread=root)
    await once.receiving.connection.look()
    early = once.slack.sockets(once.app).opened

    once.clock.forward(DEAF_AFTER + 1_000)
    await once.receiving.connection.look()
    await once.until(lambda: once.desk.words() == ["nobody hears me"])

    assert (early, once.slack.sockets(once.app).opened) == (1, 2)


async def test_a_socket_that_hears_is_left_alone(rig: Rig) -> None:
    root = await rig.thread()
    await rig.settled()
    rig.slack.fault(EventFault(type="message", kind="lose"))
    lost = await rig.posts(root, "lost")
    rig.site.echoes.posted(lost.channel, lost.ts)
    rig.clock.forward(1)
    heard = await rig.posts(root, "heard", "key-2")
    await rig.until(lambda: rig.site.echoes.find("key-2") is not None)
    rig.site.echoes.posted(heard.channel, heard.ts)

    rig.clock.forward(DEAF_AFTER + 1_000)
    await rig.receiving.connection.look()

    assert rig.slack.sockets(rig.app).opened == 1


def test_an_echo_that_came_before_its_answer_is_not_waited_for() -> None:
    clock = MovableClock(SystemClock())
    echoes = Echoes(clock)
    echoes.saw("key", "C1", "1.000001")
    echoes.posted("C1", "1.000001")
    echoes.posted("C1", "1.000002")
    clock.forward(5_000)

    assert echoes.deaf_for() >= 5_000

    echoes.saw("", "C1", "1.000002")
    assert echoes.deaf_for() == 0


# --- down and up ------------------------------------------------------------------------------


async def test_a_refresh_loses_nothing(rig: Rig) -> None:
    root = await rig.thread()

    await rig.slack.sockets(rig.app).refresh()
    await rig.ana.says(rig.room, "in between", thread=root)
    await rig.until(lambda: rig.desk.words() == ["in between"])

    assert rig.slack.sockets(rig.app).opened == 2


async def test_an_app_token_that_is_not_taken_says_so_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CredentialsRejected, match="xapp-"):
        async with receiving(tmp_path, app_token="xapp-wrong"):
            pass


async def test_a_second_desk_on_the_same_app_is_noticed(rig: Rig) -> None:
    second = Rig(**{name: getattr(rig, name) for name in SHARED})
    second.desk = rig.desk
    await second.start()

    warned = troubles(second)["sockets"]
    await second.stop()

    assert warned.warning
    assert "2 connections" in warned.detail


SHARED = ("slack", "app", "ana", "bo", "room", "context", "settings", "clock", "store", "files")


async def test_slack_that_cannot_be_reached_at_first_is_reached_later(rig: Rig) -> None:
    await rig.stop()
    rig.slack.fault(Fault(method="apps.connections.open", kind="status", status=500))
    rig.build()
    with pytest.raises(TemporaryFailure):
        await rig.start()

    await rig.receiving.start()
    root = await rig.thread()
    await rig.ana.says(rig.room, "there you are", thread=root)

    await rig.until(lambda: rig.desk.words() == ["there you are"])


# --- credentials ------------------------------------------------------------------------------


async def test_a_removed_app_is_told_and_goes_on_when_it_is_back(once: Rig) -> None:
    root = await once.thread()
    await once.settled()

    once.slack.uninstall(once.app)
    await once.until(lambda: REVOKED in troubles(once))
    told = troubles(once)[REVOKED]
    await once.receiving.watch.look()
    still = REVOKED in troubles(once)
    once.slack.restore(once.app)
    await once.receiving.watch.look()

    assert "connect slack" in told.fix
    assert still
    assert REVOKED not in troubles(once)
    await once.ana.says(once.room, "back again", thread=root)
    await once.until(lambda: once.desk.words() == ["back again"])


@pytest.mark.parametrize("answered", [False, True])
async def test_a_card_that_somebody_deleted_is_told_until_its_thread_is_closed(
    rig: Rig, answered: bool
) -> None:
    root = await rig.thread()
    thread = await rig.site.threads.find(thread_ref(root.channel, root.ts))
    assert thread is not None
    if answered:
        await rig.ana.says(rig.room, "hello", thread=root)
    await rig.settled()

    await rig.site.slack.call("chat.delete", channel=root.channel, ts=root.ts)
    await rig.settled()
    await rig.receiving.watch.look()
    [told] = troubles(rig).values()
    await rig.site.threads.close(thread, rig.clock.now(), hidden=True)
    await rig.receiving.watch.look()

    assert f"#{thread.number}" in told.detail
    assert troubles(rig) == {}


OTHERS = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["U2"]}}


async def test_another_persons_revoked_token_is_nothing_to_us(rig: Rig) -> None:
    await rig.receiving.intake.take({"type": "event_callback", "event": OTHERS})

    assert troubles(rig) == {}


async def test_a_request_url_that_is_switched_off_is_told(tmp_path: Path) -> None:
    async with receiving(tmp_path, "http") as rig:
        await rig.settled()
        rig.site.echoes.posted("C1", "1.000001")
        rig.clock.forward(61_000)

        await rig.receiving.watch.look()
        told = troubles(rig)
        rig.site.echoes.saw("", "C1", "1.000001")
        await rig.receiving.watch.look()

        assert "Event Subscriptions" in told[SILENT].fix
        assert troubles(rig) == {}


# --- how much ---------------------------------------------------------------------------------


def test_the_operator_is_warned_at_four_fifths_and_told_when_it_is_over() -> None:
    clock = MovableClock(SystemClock())
    standing = Standing("slack")
    volume = Volume(clock, standing)
    for _ in range(WARN_AT - 1):
        volume.count()
    calm = standing.checks()

    volume.count()
    [warned] = standing.checks()
    clock.forward(HOUR + 60_000)
    volume.count()

    assert calm == ()
    assert warned.warning
    assert str(LIMIT) in warned.detail
    assert (volume.last_hour, standing.checks()) == (1, ())


async def test_events_that_slack_keeps_back_are_told(rig: Rig) -> None:
    [before] = rig.receiving.checks()
    await rig.receiving.intake.take({"type": "app_rate_limited"})
    [after] = rig.receiving.checks()

    assert (before.name, before.ok) == ("events", True)
    assert (after.name, after.ok) == ("events", False)


def test_a_trouble_is_there_until_it_is_right_again() -> None:
    standing = Standing("slack")
    standing.wrong("a", "is broken", "mend it")
    standing.wrong("a", "is broken", "mend it")
    told = standing.checks()

    standing.right("a")
    standing.right("a")

    assert told == (Check(name="a", ok=False, detail="is broken", fix="mend it"),)
    assert standing.checks() == ()


# --- turns ------------------------------------------------------------------------------------


async def test_turns_of_one_key_are_taken_in_order_and_forgotten() -> None:
    turns, done = Turns(), []

    async def take(key: str, name: str) -> None:
        async with turns.turn(key):
            await asyncio.sleep(0)
            done.append(name)

    await asyncio.gather(*(take("a", f"a{number}") for number in range(5)), take("b", "b0"))
    await take("a", "last")

    assert [name for name in done if name.startswith("a")] == ["a0", "a1", "a2", "a3", "a4"]
    assert done[-1] == "last"
    assert done.index("b0") < done.index("a4")


async def test_who_waits_is_called_by_his_position() -> None:
    turns, done = Turns(), []

    async def take(position: str) -> None:
        async with turns.turn("thread", position):
            await asyncio.sleep(0)
            done.append(position)

    await asyncio.gather(*(take(position) for position in ["3", "5", "1", "4", "2"]))

    assert done == ["3", "1", "2", "4", "5"]


@pytest.mark.parametrize("called", [False, True])
async def test_who_goes_away_keeps_nobody_waiting(called: bool) -> None:
    turns, done = Turns(), []

    async def take(name: str) -> None:
        async with turns.turn("thread"):
            done.append(name)

    async with turns.turn("thread"):
        gone, other = (asyncio.create_task(take(name)) for name in ("gone", "other"))
        await asyncio.sleep(0)
        if not called:
            gone.cancel()
    gone.cancel()
    await asyncio.wait([gone, other])

    assert gone.cancelled()
    assert done == ["other"]
