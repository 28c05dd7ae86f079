"""A workspace whose platform is the bench's own: every line is one post over HTTP."""

from collections.abc import Sequence

import aiohttp
from pydantic import BaseModel, ConfigDict

from bridge.bench.servers.posting import post
from bridge.domain.card import ConversationCard
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import OutcomeUnknown
from bridge.domain.ids import (
    ExternalId,
    RoomRef,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.text import FormattedText
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.commands import CommandSpec
from bridge.ports.plugin import AdapterContext, Plugin
from bridge.ports.workspace import BindingKey, WorkspaceSink


class BenchSettings(BaseModel):
    """Where the platform is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: str


class BenchWorkspace:
    """Posts lines; cards, marks and whispers have no page here to be shown on."""

    def __init__(self, settings: BenchSettings, context: AdapterContext) -> None:
        """Nothing is called before the first line."""
        self.workspace_id = WorkspaceId(context.id)
        self.capabilities = WorkspaceCapabilities()
        self._platform = settings.platform
        self._http = context.http

    async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """Nobody here writes or asks for anything."""

    async def stop(self) -> None:
        """Nothing is under way that is ours."""

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """A thread is a name."""
        return ThreadRef(f"{room}.{binding.id}")

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """One post over HTTP."""
        if call.kind is not CallKind.POST or call.content is None:
            return None
        text = call.content.words()
        try:
            posted = await post(
                self._http(), self._platform, thread=thread, name=call.name, text=text
            )
        except aiohttp.ClientError as error:
            raise OutcomeUnknown(str(error)) from error
        return ExternalId(posted)

    async def convert_thread(self, thread: ThreadRef) -> None:
        """Nothing is to be done."""

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        """Nobody looks at it."""

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Nobody looks at it."""

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """Nobody looks at it."""

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        """Nobody listens."""


plugin: Plugin[BenchSettings, BenchWorkspace] = Plugin(
    kind="bench", settings=BenchSettings, build=BenchWorkspace
)
