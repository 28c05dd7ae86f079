"""Discord keeps what every workspace promises, in forums and in text channels."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord.sending.reacting import MARKS
from bridge.domain.errors import CredentialsRejected
from bridge.domain.ids import ExternalId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.commands import CommandInvoked
from bridge.ports.workspace import WorkspaceEvent
from bridge.simulators.discord import Message
from bridge.simulators.discord.state import posting
from tests.adapters.discord.rig import DiscordRig, as_read, serve, shown, texts, until
from tests.contract.workspace_contract import (
    CARD,
    Line,
    WorkspaceContract,
    WorkspaceRig,
    binding,
)

MARK_OF = {emoji: mark for mark, emoji in MARKS.items()}


class DiscordWorkspaceRig(WorkspaceRig):
    """Ana and Bo in front of Discord."""

    colleague_word = "@bo"

    def __init__(self, inner: DiscordRig, room: RoomRef) -> None:
        """Nobody has written yet."""
        self.adapter = inner.workspace
        self.room = room
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
        desk = self._inner.desk
        before, refused = len(desk.events) + len(desk.invoked), desk.refused
        self._written.append(await self._inner.ana.says(thread, text))
        await until(lambda: len(desk.events) + len(desk.invoked) > before or desk.refused > refused)
        return desk.refused == refused

    async def repeat(self) -> bool:
        """As Discord does after a RESUME: the same event once more."""
        discord, desk, last = self._inner.discord, self._inner.desk, self._written[-1]
        refused = desk.refused
        posting.tell(discord.world, "MESSAGE_CREATE", last)
        discord.world.changes.release()
        mark = await self._inner.bo.says(last.channel_id, "and then")
        await until(lambda: any(_is(event, mark.id) for event in desk.events))
        await self._inner.bo.deletes(mark)
        desk.events[:] = [event for event in desk.events if not _is(event, mark.id)]
        return desk.refused == refused

    async def read(self, thread: ThreadRef) -> list[Line]:
        return [self._line(each) for each in self._inner.lines(thread)]

    def _line(self, message: Message) -> Line:
        ours = self._inner.app.bot_id
        emoji = [each.emoji for each in message.reactions if ours in each.users]
        return Line(
            id=ExternalId(message.id),
            words=shown(message),
            reactions=tuple(one for one in emoji if one not in MARK_OF),
            marks=tuple(MARK_OF[one] for one in emoji if one in MARK_OF),
        )

    async def card(self, thread: ThreadRef) -> str:
        return as_read("\n".join(texts(self._inner.card(thread).components)))

    async def whispers(self, to: WorkspaceUserId) -> list[str]:
        direct = [
            channel
            for channel in self._inner.discord.world.channels.values()
            if channel.guild_id is None and to in channel.recipients
        ]
        found = [one for channel in direct for one in self._inner.discord.messages(channel)]
        return [as_read(next(texts(one.components))) for one in found]

    def threads(self) -> list[str]:
        """Every thread of the room."""
        return [each.id for each in self._inner.discord.threads(self.room)]

    async def sees(self, who: WorkspaceUserId, thread: ThreadRef) -> bool:
        world = self._inner.discord.world
        return thread in world.channels and world.sees(who, world.channels[thread])


def _is(event: WorkspaceEvent, line: str) -> bool:
    return getattr(event, "external_id", "") == line


class TestDiscordTextChannel(WorkspaceContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[WorkspaceRig]:
        async with serve(tmp_path) as inner:
            yield DiscordWorkspaceRig(inner, inner.text_ref)


class TestDiscordForum(WorkspaceContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[WorkspaceRig]:
        async with serve(tmp_path) as inner:
            yield DiscordWorkspaceRig(inner, inner.forum_ref)

    async def test_a_private_thread_is_seen_by_its_members_alone(self, rig: WorkspaceRig) -> None:
        with pytest.raises(CredentialsRejected, match="no private threads"):
            await rig.adapter.open_thread(binding(), rig.room, CARD, (rig.agent,))

    async def test_a_private_thread_that_is_closed_is_gone_from_its_view(
        self, rig: WorkspaceRig
    ) -> None:
        """A forum has none; that is said, and nothing that everybody reads is opened instead."""
        with pytest.raises(CredentialsRejected):
            await rig.adapter.open_thread(binding(), rig.room, CARD, (rig.agent,))

        assert isinstance(rig, DiscordWorkspaceRig)
        assert rig.threads() == []
