"""Slack keeps what every workspace promises."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bridge.adapters.workspaces.slack.sending.reacting import MARKS
from bridge.adapters.workspaces.slack.text.emoji import unicode_of
from bridge.domain.ids import ExternalId, ThreadRef, WorkspaceUserId
from bridge.locales import say
from bridge.ports.commands import CommandInvoked
from bridge.ports.workspace import WorkspaceEvent
from bridge.simulators.common.changes import Happening
from bridge.simulators.slack import Message
from bridge.simulators.slack.state.shapes import message_json
from bridge.simulators.slack.subscriptions import envelope
from tests.adapters.slack.rig import SlackRig, serve, shown
from tests.contract.workspace_contract import Line, WorkspaceContract, WorkspaceRig

MARK_OF = {name: mark for mark, name in MARKS.items()}


class SlackWorkspaceRig(WorkspaceRig):
    """Ana and Bo in front of Slack."""

    colleague_word = "@bo"

    def __init__(self, inner: SlackRig) -> None:
        """Nobody has written yet."""
        self.adapter = inner.workspace
        self.room = inner.room_ref
        self.agent = inner.user(inner.ana)
        self.colleague = inner.user(inner.bo)
        self._inner = inner
        self._written: list[Message] = []

    def taken(self) -> Sequence[WorkspaceEvent]:
        return self._inner.desk.events

    def invoked(self) -> Sequence[CommandInvoked]:
        return self._inner.desk.invoked

    def refuse(self, fault: Exception) -> None:
        self._inner.desk.fault = fault

    async def write(self, thread: ThreadRef, text: str) -> bool:
        slack = self._inner.slack
        before = len(slack.office.deliveries)
        root = self._inner.messages(thread)[0]
        self._written.append(await self._inner.ana.replies(root, text))
        await slack.settled()
        return all(each.ok for each in slack.office.deliveries[before:])

    async def repeat(self) -> bool:
        slack, message = self._inner.slack, self._written[-1]
        event = message_json(slack.world, message) | {
            "channel": message.channel,
            "channel_type": "group",
            "event_ts": message.ts,
        }
        happening = Happening(kind="message", event=event, channel=message.channel)
        app = slack.world.app(self._inner.app.id)
        payload = envelope(slack.world, app, happening)
        return (await slack.office.ask(app, "events_api", payload)).ok

    async def read(self, thread: ThreadRef) -> list[Line]:
        return [self._line(each) for each in self._inner.lines(thread) if not _is_empty(each)]

    def _line(self, message: Message) -> Line:
        ours = self._inner.app.bot_user
        names = [each.name for each in message.reactions if ours in each.users]
        return Line(
            id=ExternalId(message.ts),
            words=shown(message) if message.blocks else message.text,
            reactions=tuple(unicode_of(name) or name for name in names if name not in MARK_OF),
            marks=tuple(MARK_OF[name] for name in names if name in MARK_OF),
        )

    async def card(self, thread: ThreadRef) -> str:
        return shown(self._inner.messages(thread)[0])

    async def whispers(self, to: WorkspaceUserId) -> list[str]:
        told = self._inner.slack.world.ephemerals
        return [shown(each) for each in told if each.user == to and each.shown]

    async def sees(self, who: WorkspaceUserId, thread: ThreadRef) -> bool:
        channel = self._inner.slack.world.channels[thread.split(":")[0]]
        ours = [each for each in self._inner.messages(thread) if each.app_id == self._inner.app.id]
        return who in channel.members and bool(ours)


def _is_empty(message: Message) -> bool:
    """What stood under a customer's name cannot be deleted: it is emptied."""
    return shown(message) == say("en", "workspace.line.deleted")


class TestSlackWorkspace(WorkspaceContract):
    @pytest.fixture(params=["socket", "http"])
    async def rig(
        self, tmp_path: Path, request: pytest.FixtureRequest
    ) -> AsyncIterator[WorkspaceRig]:
        async with serve(tmp_path, mode=request.param) as inner:
            yield SlackWorkspaceRig(inner)
