"""What was written while nobody listened is read afterwards, in order and once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.common.gates import HELD_BACK, Gates
from bridge.adapters.common.progress import REMEMBERED, Progress, place
from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.ports.commands import UserKind
from bridge.ports.workspace import AgentDeleted, AgentEdited
from bridge.simulators.slack import Fault
from tests.adapters.slack.receiving_rig import ONCE, Rig, receiving
from tests.fakes.adapter_memory import MemoryStore

THREAD = ThreadRef("C1:1.000001")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path, timing=ONCE, history_page=5) as started:
        yield started


async def away(rig: Rig) -> None:
    """The desk stops; what is said meanwhile is lost to its socket."""
    await rig.settled()
    await rig.stop()


async def back(rig: Rig) -> None:
    """The desk starts again, a new process."""
    rig.build()
    await rig.start()


async def test_lines_written_meanwhile_arrive_in_order(rig: Rig) -> None:
    root = await rig.thread()
    await rig.ana.says(rig.room, "before", thread=root)
    await rig.until(lambda: rig.desk.words() == ["before"])
    await away(rig)

    for number in range(12):
        await rig.ana.says(rig.room, f"line {number}", thread=root)
    await back(rig)

    assert rig.desk.words() == ["before", *(f"line {number}" for number in range(12))]


async def test_a_line_that_was_edited_meanwhile_arrives_once_as_it_is(rig: Rig) -> None:
    root = await rig.thread()
    await away(rig)

    line = await rig.ana.says(rig.room, "one", thread=root)
    await rig.ana.edits(line, "uno")
    await back(rig)

    assert rig.desk.words() == ["uno"]
    assert len(rig.desk.events) == 1


async def test_edits_and_deletions_of_known_lines_are_seen(rig: Rig) -> None:
    root = await rig.thread()
    kept, gone = [await rig.ana.says(rig.room, text, thread=root) for text in ("one", "two")]
    await rig.until(lambda: len(rig.desk.events) == 2)
    await away(rig)

    await rig.ana.edits(kept, "uno")
    await rig.ana.deletes(gone)
    await back(rig)
    await rig.until(lambda: len(rig.desk.events) == 4)

    edited, deleted = rig.desk.events[2:]
    assert isinstance(edited, AgentEdited)
    assert isinstance(deleted, AgentDeleted)
    assert (edited.external_id, edited.content.words()) == (kept.ts, "uno")
    assert (deleted.external_id, deleted.user.id) == (gone.ts, rig.ana.id)


async def test_whose_line_it_is_is_asked_until_slack_says(rig: Rig) -> None:
    root = await rig.thread()
    await away(rig)

    await rig.ana.says(rig.room, "one", thread=root)
    rig.slack.fault(Fault(method="users.info", kind="status", status=500, times=2))
    await back(rig)
    await rig.until(lambda: rig.desk.words() == ["one"])

    assert [post.user.kind for post in rig.desk.posts()] == [UserKind.MEMBER]


async def test_a_line_that_could_not_be_taken_goes_before_what_was_said_after_it(
    rig: Rig,
) -> None:
    root = await rig.thread()
    rig.desk.fault = StorageUnavailable("the disk is full")
    await rig.ana.says(rig.room, "one", thread=root)
    await rig.until(lambda: rig.desk.tried > 0)

    await rig.ana.says(rig.room, "two", thread=root)
    await rig.settled()
    rig.desk.fault = None
    await rig.until(lambda: len(rig.desk.words()) == 2)

    assert rig.desk.words() == ["one", "two"]


async def test_a_second_look_changes_nothing(rig: Rig) -> None:
    root = await rig.thread()
    line = await rig.ana.says(rig.room, "one", thread=root)
    await rig.ana.edits(line, "uno")
    await rig.until(lambda: len(rig.desk.events) == 2)

    for _ in range(3):
        await rig.restart()

    assert len(rig.desk.events) == 2


async def test_a_command_typed_meanwhile_is_run_once(rig: Rig) -> None:
    root = await rig.thread()
    await away(rig)

    await rig.ana.says(rig.room, "!take", thread=root)
    await back(rig)
    await rig.restart()

    assert rig.screens.kinds() == ["typed"]


async def test_what_the_customers_wrote_is_known_as_our_own(rig: Rig) -> None:
    root = await rig.thread()
    line = await rig.posts(root, "hello", "key-1")
    await rig.restart()

    echo = rig.site.echoes.find("key-1")

    assert echo is not None
    assert echo.line == line.ts
    assert rig.desk.events == []


async def test_a_live_line_waits_for_the_older_ones(rig: Rig) -> None:
    root = await rig.thread()
    await away(rig)
    await rig.ana.says(rig.room, "older", thread=root)
    rig.slack.fault(Fault(method="conversations.replies", kind="delay", seconds=0.5))
    rig.build()
    await rig.site.open()
    await rig.site.introduce()
    rig.site.connect(rig.desk, ())
    await rig.receiving.start()

    await rig.ana.says(rig.room, "newer", thread=root)
    await rig.until(lambda: len(rig.desk.events) == 2)

    assert rig.desk.words() == ["older", "newer"]


async def test_a_limit_only_makes_it_slower(rig: Rig) -> None:
    roots = [await rig.thread() for _ in range(3)]
    await away(rig)
    for root in roots:
        await rig.ana.says(rig.room, f"in {root.ts}", thread=root)
    rig.slack.fault(
        Fault(method="conversations.replies", kind="rate_limited", retry_after=1, times=2)
    )

    await back(rig)

    assert sorted(rig.desk.words()) == sorted(f"in {root.ts}" for root in roots)


async def test_a_reconnection_reads_what_the_gap_swallowed(rig: Rig) -> None:
    root = await rig.thread()
    await rig.settled()
    hub = rig.slack.sockets(rig.app)
    hub.silence()
    await rig.ana.says(rig.room, "into the void", thread=root)
    seen = list(rig.desk.words())

    hub.drop()
    await rig.until(lambda: rig.desk.words() == ["into the void"])

    assert seen == []


async def test_a_thread_that_is_gone_holds_up_nothing(rig: Rig) -> None:
    gone, kept = await rig.thread(), await rig.thread()
    await rig.site.slack.call("chat.delete", channel=gone.channel, ts=gone.ts)
    await away(rig)
    await rig.ana.says(rig.room, "hello", thread=kept)

    await back(rig)

    assert rig.desk.words() == ["hello"]


# --- a root that was posted just before a crash -----------------------------------------------


async def test_a_line_under_a_root_that_is_being_found_again_is_not_lost(rig: Rig) -> None:
    answer = await rig.site.slack.call(
        "chat.postMessage",
        channel=rig.room.id,
        text="card",
        metadata={"event_type": "deskbridge_thread", "event_payload": {"binding": 7}},
    )
    root = rig.slack.world.message(rig.room.id, str(answer["ts"]))
    await rig.settled()

    await rig.ana.says(rig.room, "quick", thread=root)
    await rig.until(lambda: rig.slack.office.idle is False)
    await rig.adopt(root)
    await rig.until(lambda: rig.desk.words() == ["quick"])


async def test_a_line_under_another_post_of_ours_concerns_nobody(rig: Rig) -> None:
    answer = await rig.site.slack.call("chat.postMessage", channel=rig.room.id, text="hello all")
    root = rig.slack.world.message(rig.room.id, str(answer["ts"]))

    await rig.ana.says(rig.room, "hello you", thread=root)
    await rig.settled()

    assert rig.desk.events == []
    assert rig.slack.office.lost == []


# --- progress ---------------------------------------------------------------------------------


def test_places_are_compared_as_numbers() -> None:
    assert place("9.000100") < place("10.000001") < place("10.000002")
    assert place("nonsense") < place("0.1")


async def test_progress_is_kept_over_a_restart_and_bounded() -> None:
    store = MemoryStore()
    progress = Progress(store, Gates())
    for number in range(50):
        progress.wrote(THREAD, f"{number + 1}.000000", "U1")
    progress.gone(THREAD, "50.000000")

    await progress.save(frozenset({THREAD}))
    again = Progress(store, Gates())
    await again.load()

    read = again.of(THREAD)
    assert (read.upto, read.oldest, len(read.lines)) == ("50.000000", "31.000000", REMEMBERED - 1)


async def test_a_thread_that_is_behind_keeps_its_old_mark() -> None:
    store, gates = MemoryStore(), Gates()
    progress = Progress(store, gates)
    progress.reached(THREAD, "1.000000")
    await progress.save(frozenset({THREAD}))
    gates.shut(THREAD)
    progress.reached(THREAD, "9.000000")

    await progress.save(frozenset({THREAD}))
    again = Progress(store, Gates())
    await again.load()

    assert again.of(THREAD).upto == "1.000000"


async def test_a_closed_thread_is_forgotten_and_a_full_disk_forgets_nothing() -> None:
    store = MemoryStore()
    progress = Progress(store, Gates())
    progress.reached(THREAD, "1.000000")
    store.fail = True
    with pytest.raises(StorageUnavailable):
        await progress.save(frozenset({THREAD}))
    store.fail = False

    await progress.save(frozenset({THREAD}))
    kept = await store.scan("progress")
    await progress.save(frozenset())

    assert (len(kept), len(await store.scan("progress"))) == (1, 0)


async def test_a_shut_gate_lets_pass_when_it_opens_and_names_who_waits() -> None:
    gates = Gates()
    gates.shut(THREAD)
    waiting = asyncio.create_task(gates.passed(THREAD))
    await asyncio.sleep(0)

    assert gates.wanted() == (THREAD,)
    gates.open(THREAD)
    await waiting
    assert gates.wanted() == ()


async def test_a_stop_keeps_nobody_waiting() -> None:
    gates = Gates()
    gates.shut(THREAD)
    waiting = asyncio.create_task(gates.passed(THREAD))
    await asyncio.sleep(0)

    gates.give_up()

    async with asyncio.timeout(HELD_BACK / 2):
        with pytest.raises(StorageUnavailable):
            await waiting
        with pytest.raises(StorageUnavailable):  # it stood behind the other one
            await gates.passed(THREAD)
    assert gates.is_shut(THREAD)


def test_references_of_threads_are_one_word() -> None:
    assert thread_ref("C1", "1.000001") == THREAD
