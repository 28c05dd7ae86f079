"""Lines that may have been posted before are in Discord once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord.nonces import LENGTH
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import ThreadRef
from bridge.simulators.discord import Fault
from tests.adapters.discord.lines import POST, doubted, line, lose_the_answer, said
from tests.adapters.discord.rig import DiscordRig, serve
from tests.contract.workspace_contract import CARD, binding


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DiscordRig]:
    async with serve(tmp_path) as rig:
        yield rig


@pytest.fixture
async def thread(rig: DiscordRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.forum_ref, CARD, ())


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
