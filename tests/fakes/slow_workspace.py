"""A workspace in which opening a thread takes as long as a test wants."""

import asyncio

from bridge.domain.card import ConversationCard
from bridge.domain.ids import RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.workspace import BindingKey
from tests.fakes.sides import RecordingWorkspace


class SlowWorkspace(RecordingWorkspace):
    """Opening a thread takes until it may go `through`; `opening` counts how many have begun."""

    def __init__(self) -> None:
        super().__init__()
        self.through = asyncio.Event()
        self.opening = 0

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        self.opening += 1
        await self.through.wait()
        return await super().open_thread(binding, room, card, members)
