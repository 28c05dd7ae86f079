"""What agents do in Slack reaches the desk, once and in order, or is not acknowledged."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.slack.refs import thread_ref
from bridge.domain.binding import Purpose
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.ports.commands import UserKind
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted
from bridge.simulators.slack import EventFault, Message
from tests.adapters.slack.receiving_rig import PATIENT, Mode, Rig, receiving


@pytest.fixture(params=["socket", "http"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    """Both ways in."""
    mode: Mode = request.param
    async with receiving(tmp_path, mode) as started:
        yield started


@pytest.fixture
async def socket(tmp_path: Path) -> AsyncIterator[Rig]:
    """Socket Mode, for what is the same both ways."""
    async with receiving(tmp_path) as started:
        yield started


# --- lines ------------------------------------------------------------------------------------


async def test_a_reply_reaches_the_desk_with_all_that_names_it(rig: Rig) -> None:
    root = await rig.thread()

    line = await rig.ana.says(rig.room, "hello *you*", thread=root)
    await rig.until(lambda: len(rig.desk.events) == 1)

    [event] = rig.desk.posts()
    assert event.thread == thread_ref(rig.room.id, root.ts)
    assert (event.external_id, event.user.id, event.user.kind) == (
        line.ts,
        rig.ana.id,
        UserKind.MEMBER,
    )
    assert event.source[0] == f"msg:{rig.slack.world.team.id}:{rig.room.id}:{line.ts}"


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_lines_that_overtake_each_other_are_put_in_their_order(
    tmp_path: Path, mode: Mode
) -> None:
    async with receiving(tmp_path, mode, timing=PATIENT) as rig:
        root = await rig.thread()
        await rig.settled()
        came = rig.receiving.volume.last_hour
        rig.desk.free.clear()
        await rig.ana.says(rig.room, "line 0", thread=root)
        await rig.until(lambda: rig.desk.tried == 1)
        rig.slack.fault(EventFault(type="message", kind="delay", seconds=0.1))

        for number in range(1, 30):
            await rig.ana.says(rig.room, f"line {number}", thread=root)
        # With every line comes the news that its root has one more.
        await rig.until(lambda: rig.receiving.volume.last_hour == came + 2 * 30)
        rig.desk.free.set()
        await rig.until(lambda: len(rig.desk.events) == 30)

        assert rig.desk.words() == [f"line {number}" for number in range(30)]


@pytest.mark.parametrize("fault", [StorageUnavailable("full"), Overloaded("much")])
async def test_what_the_desk_does_not_take_is_not_acknowledged_and_is_taken_when_it_can_be(
    rig: Rig, fault: Exception
) -> None:
    root = await rig.thread()
    await rig.settled()
    rig.desk.fault = fault

    await rig.ana.says(rig.room, "hello", thread=root)
    await rig.until(lambda: rig.desk.tried >= 2)
    taken = list(rig.desk.events)
    rig.desk.fault = None
    await rig.until(lambda: rig.desk.words() == ["hello"])

    assert taken == []
    office = rig.slack.office
    await rig.until(lambda: any(d.type == "message" and not d.ok for d in office.deliveries))


async def test_an_event_that_comes_twice_is_one_line(rig: Rig) -> None:
    root = await rig.thread()
    await rig.settled()
    rig.slack.fault(EventFault(type="message", kind="duplicate", copies=3))

    await rig.ana.says(rig.room, "hello", thread=root)
    await rig.until(lambda: rig.desk.tried == 4)

    assert rig.desk.words() == ["hello"]


async def test_a_reply_that_is_also_sent_to_the_channel_is_a_reply(rig: Rig) -> None:
    root = await rig.thread()

    await rig.ana.says(rig.room, "for all", thread=root, broadcast=True)
    await rig.until(lambda: len(rig.desk.events) == 1)
    await rig.settled()

    assert rig.desk.words() == ["for all"]


async def test_our_own_posts_come_back_to_us_and_go_no_further(rig: Rig) -> None:
    root = await rig.thread()

    line = await rig.posts(root, "from the customer", "key-7", username="Alice (WhatsApp)")
    await rig.until(lambda: rig.site.echoes.find("key-7") is not None)
    await rig.site.slack.call("chat.update", channel=root.channel, ts=line.ts, text="changed")
    await rig.site.slack.call("chat.delete", channel=root.channel, ts=root.ts)
    await rig.settled()

    echo = rig.site.echoes.find("key-7")
    assert echo is not None
    assert (echo.channel, echo.line) == (root.channel, line.ts)
    assert rig.desk.events == []


async def test_another_bot_in_the_thread_is_not_heard(socket: Rig) -> None:
    root = await socket.thread()
    other = socket.slack.install("Other")
    await socket.ana.invites(socket.room, other)

    async with socket.site.slack.session.post(
        f"{socket.slack.api_url}chat.postMessage",
        headers={"Authorization": f"Bearer {other.bot_token}"},
        data={"channel": root.channel, "thread_ts": root.ts, "text": "beep"},
    ) as answer:
        assert (await answer.json())["ok"]
    await socket.settled()

    assert socket.desk.events == []


async def test_what_is_in_no_thread_of_ours_stays_where_it_is(socket: Rig) -> None:
    await socket.thread()

    elsewhere = await socket.ana.says(socket.room, "just talking")
    await socket.bo.says(socket.room, "me too", thread=elsewhere)
    await socket.settled()

    assert socket.desk.events == []


async def test_an_edit_and_a_deletion_reach_the_desk(rig: Rig) -> None:
    root = await rig.thread()
    line = await rig.ana.says(rig.room, "one", thread=root)

    await rig.until(lambda: len(rig.desk.events) == 1)

    await rig.ana.edits(line, "uno")
    await rig.until(lambda: len(rig.desk.events) == 2)
    await rig.ana.deletes(line)
    await rig.until(lambda: len(rig.desk.events) == 3)

    posted, edited, deleted = rig.desk.events
    assert isinstance(posted, AgentPosted)
    assert isinstance(edited, AgentEdited)
    assert isinstance(deleted, AgentDeleted)
    assert (edited.external_id, edited.content.words()) == (line.ts, "uno")
    assert (deleted.external_id, deleted.user.id) == (line.ts, rig.ana.id)


async def test_a_link_preview_is_no_edit(socket: Rig) -> None:
    root = await socket.thread()

    await socket.ana.says(socket.room, "see https://example.org/page", thread=root)
    await socket.until(lambda: len(socket.desk.events) == 1)
    await asyncio.sleep(socket.slack.world.timing.unfurl_after * 3)
    await socket.settled()

    assert len(socket.desk.events) == 1


async def test_reactions_come_and_go_as_unicode(rig: Rig) -> None:
    root = await rig.thread()
    line = await rig.posts(root, "hello")

    await rig.ana.reacts(line, "+1")
    await rig.until(lambda: len(rig.desk.events) == 1)
    await rig.ana.unreacts(line, "+1")
    await rig.until(lambda: len(rig.desk.events) == 2)

    events = [event for event in rig.desk.events if isinstance(event, AgentReacted)]
    assert [(each.emoji, each.removed, each.external_id) for each in events] == [
        ("👍", False, line.ts),
        ("👍", True, line.ts),
    ]
    assert {each.thread for each in events} == {thread_ref(root.channel, root.ts)}


async def test_a_reaction_to_a_line_from_before_the_restart_finds_its_thread(socket: Rig) -> None:
    root = await socket.thread()
    line = await socket.posts(root, "hello")
    await socket.restart()

    await socket.ana.reacts(line, "heart")
    await socket.until(lambda: len(socket.desk.events) == 1)

    [event] = socket.desk.events
    assert isinstance(event, AgentReacted)
    assert event.thread == thread_ref(root.channel, root.ts)


async def test_reactions_elsewhere_and_custom_ones_concern_nobody(socket: Rig) -> None:
    root = await socket.thread()
    line = await socket.posts(root, "hello")
    elsewhere = await socket.ana.says(socket.room, "talk")

    await socket.ana.reacts(elsewhere, "+1")
    await socket.ana.reacts(line, "our_logo")
    await socket.settled()

    assert socket.desk.events == []


# --- commands ---------------------------------------------------------------------------------


async def test_a_typed_command_goes_to_the_surfaces_alone(rig: Rig) -> None:
    root = await rig.thread()

    await rig.ana.says(rig.room, "!priority high", thread=root)
    await rig.until(lambda: len(rig.screens.seen) == 1)

    [(kind, message)] = rig.screens.seen
    assert (kind, message["text"], message["thread_ts"]) == ("typed", "!priority high", root.ts)
    assert rig.desk.events == []


async def test_slash_commands_with_any_word_arrive_whole(rig: Rig) -> None:
    await rig.ana.types(rig.room, "/template payload")

    [(kind, payload)] = rig.screens.seen
    assert (kind, payload["command"], payload["text"]) == ("slash", "/template", "payload")


async def test_a_look_at_the_home_is_told(rig: Rig) -> None:
    await rig.ana.opens_home(rig.app)
    await rig.until(lambda: rig.screens.kinds() == ["home"])


async def test_a_command_that_fails_is_not_acknowledged(rig: Rig) -> None:
    rig.screens.fault = StorageUnavailable("full")

    outcome = await rig.ana.types(rig.room, "/queues")

    assert not outcome.answered


# --- people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"is_restricted": True}, UserKind.GUEST),
        ({"is_ultra_restricted": True}, UserKind.GUEST),
        ({"deleted": True}, UserKind.GONE),
    ],
)
async def test_whoever_is_no_full_member_is_told_so(
    socket: Rig, change: dict[str, bool], kind: UserKind
) -> None:
    root = await socket.thread()
    await socket.ana.says(socket.room, "as a member", thread=root)

    await socket.ana.becomes(**change)
    await socket.until(lambda: len(socket.desk.events) == 2)

    assert socket.desk.events[1].user.kind is kind
    assert (await socket.site.people.user(socket.ana.id)).kind is kind


async def test_somebody_of_another_company_is_an_outsider(socket: Rig) -> None:
    root = await socket.thread()
    stranger = socket.slack.meet("eve")
    socket.slack.share(socket.room)
    await stranger.joins(socket.room)

    await stranger.says(socket.room, "hello", thread=root)
    await socket.until(lambda: len(socket.desk.events) == 1)

    assert socket.desk.events[0].user.kind is UserKind.EXTERNAL


# --- stopping ---------------------------------------------------------------------------------


async def test_a_stop_takes_nothing_new_and_ends_what_is_under_way(socket: Rig) -> None:
    root = await socket.thread()
    await socket.settled()
    await socket.receiving.intake.close()

    await socket.ana.says(socket.room, "too late", thread=root)
    await socket.until(lambda: any(not one.ok for one in socket.slack.office.deliveries))

    assert socket.desk.events == []


async def test_a_waiting_card_has_lines_too(socket: Rig) -> None:
    root: Message = await socket.thread(purpose=Purpose.WAITING)

    await socket.ana.says(socket.room, "what is it about?", thread=root)
    await socket.until(lambda: len(socket.desk.events) == 1)
