"""What goes wrong in Slack: nothing is lost, the operator reads what to do, it goes on after."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace as changed
from pathlib import Path

import pytest
from pydantic import SecretStr

from bridge.adapters.workspaces.slack.adapter import SlackWorkspace
from bridge.adapters.workspaces.slack.errors import refusal
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.domain.ids import ThreadRef
from bridge.ports.calls import CallKind
from bridge.simulators.slack import Fault
from bridge.simulators.slack.state import rooms
from tests.adapters.slack.rig import SlackRig, serve, shown
from tests.contract.workspace_contract import CARD, binding, call


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[SlackRig]:
    async with serve(tmp_path) as inner:
        yield inner


async def opened(rig: SlackRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.room_ref, CARD, ())


def archive(rig: SlackRig) -> None:
    rooms.archive(rig.slack.world, rig.slack.world.channel(rig.room.id), rig.ana.id)


def unarchive(rig: SlackRig) -> None:
    rooms.unarchive(rig.slack.world, rig.slack.world.channel(rig.room.id), rig.ana.id)


def throw_out(rig: SlackRig) -> None:
    channel = rig.slack.world.channel(rig.room.id)
    without = tuple(each for each in channel.members if each != rig.app.bot_user)
    rig.slack.world.put_channel(changed(channel, members=without))


def invite(rig: SlackRig) -> None:
    channel = rig.slack.world.channel(rig.room.id)
    rig.slack.world.put_channel(changed(channel, members=(*channel.members, rig.app.bot_user)))


def revoke(rig: SlackRig) -> None:
    rig.slack.revoke(rig.app)


def take_scope(rig: SlackRig) -> None:
    rig.slack.take_scope(rig.app, "chat:write")


def restore(rig: SlackRig) -> None:
    rig.slack.restore(rig.app)


@pytest.mark.parametrize(
    ("harm", "repair", "told"),
    [
        (archive, unarchive, "unarchive it"),
        (throw_out, invite, "invite it"),
        (revoke, restore, "deskbridge connect slack"),
        (take_scope, restore, "lacks chat:write"),
    ],
)
async def test_a_line_waits_for_the_repair_and_the_operator_reads_which(
    rig: SlackRig,
    harm: Callable[[SlackRig], None],
    repair: Callable[[SlackRig], None],
    told: str,
) -> None:
    thread, line = await opened(rig), call(text="hello")
    harm(rig)

    with pytest.raises(CredentialsRejected, match=told):
        await rig.workspace.post(thread, line)
    repair(rig)
    await rig.workspace.post(thread, line)

    assert [shown(each) for each in rig.lines(thread)] == ["hello"]


class Told:
    """What a desk is told of a workspace that begins later."""

    def __init__(self) -> None:
        self.refusals: list[str] = []

    def refused(self, said: str) -> None:
        self.refusals.append(said)

    def taken(self) -> None:
        raise AssertionError("nobody has this token")


async def test_a_token_that_is_none_is_said_at_the_start(rig: SlackRig) -> None:
    site, told = rig.workspace.site, Told()
    settings = site.settings.model_copy(update={"bot_token": SecretStr("xoxb-of-nobody")})
    other = SlackWorkspace(settings, site.context)
    other.report_to(told)

    await other.start(rig.desk, ())
    await other.stop()

    (said,) = told.refusals
    assert "deskbridge connect slack" in said


async def test_a_desk_begins_without_slack_and_goes_on_with_it(rig: SlackRig) -> None:
    key, again = binding(), SlackWorkspace(rig.workspace.site.settings, rig.workspace.site.context)
    rig.slack.fault(Fault(method="auth.test", kind="status", status=503))

    await again.start(rig.desk, ())
    with pytest.raises(StorageUnavailable):
        await again.open_thread(key, rig.room_ref, CARD, ())
    await rig.slack.until(lambda: again.site.introduced or None)
    thread = await again.open_thread(key, rig.room_ref, CARD, ())
    await again.stop()

    assert len(rig.messages(thread)) == 1


async def test_a_renamed_channel_is_the_same_room(rig: SlackRig) -> None:
    thread = await opened(rig)
    channel = rig.slack.world.channel(rig.room.id)
    rooms.rename(rig.slack.world, channel, rig.ana.id, "renamed")

    await rig.workspace.post(thread, call(text="hello"))

    assert len(rig.lines(thread)) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(method="chat.postMessage", kind="rate_limited"), TemporaryFailure),
        (Fault(method="chat.postMessage", kind="error", error="fatal_error"), OutcomeUnknown),
        (Fault(method="chat.postMessage", kind="error", error="internal_error"), OutcomeUnknown),
        (Fault(method="chat.postMessage", kind="error", error="msg_too_long"), DeliveryRejected),
        (Fault(method="chat.postMessage", kind="status", status=404), TemporaryFailure),
        (Fault(method="chat.postMessage", kind="status", status=502), OutcomeUnknown),
        (Fault(method="chat.postMessage", kind="not_json"), OutcomeUnknown),
        (Fault(method="reactions.add", kind="drop"), TemporaryFailure),
    ],
)
async def test_each_way_to_fail_says_whether_to_try_again(
    rig: SlackRig, fault: Fault, error: type[DeskbridgeError]
) -> None:
    thread = await opened(rig)
    rig.slack.fault(fault)
    line = call(text="hello")

    with pytest.raises(error):
        await _post_and_react(rig, thread, line.key)


async def _post_and_react(rig: SlackRig, thread: ThreadRef, key: str) -> None:
    line = await rig.workspace.post(thread, call(text=key))
    await rig.workspace.post(thread, call(CallKind.REACT, about=line, emoji="👍"))


async def test_nobody_there_is_no_doubt(rig: SlackRig) -> None:
    thread = await opened(rig)
    await rig.slack.stop()

    with pytest.raises(TemporaryFailure):
        await rig.workspace.post(thread, call(text="hello"))


def test_a_missing_scope_is_named() -> None:
    answer = {"ok": False, "error": "missing_scope", "needed": "files:write", "provided": "x"}

    error = refusal("files.getUploadURLExternal", answer)

    assert isinstance(error, CredentialsRejected)
    assert "files:write" in str(error)
    assert "deskbridge connect slack" in str(error)


def test_what_slack_calls_unclear_is_only_in_doubt_where_twice_is_wrong() -> None:
    answer = {"ok": False, "error": "fatal_error"}

    once, again = (refusal(method, answer) for method in ("chat.postMessage", "chat.update"))

    assert isinstance(once, OutcomeUnknown)
    assert isinstance(again, TemporaryFailure)
