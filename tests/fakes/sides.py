"""A channel and a workspace that write down every call, and fail when they are told to."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.domain.card import ConversationCard
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import OutcomeUnknown
from bridge.domain.ids import (
    Address,
    BotId,
    ChannelId,
    ExternalId,
    Language,
    RoomRef,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.text import FormattedText, to_plain
from bridge.ports.bot import BotCall, BotReply
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.capabilities import ChannelCapabilities, WorkspaceCapabilities
from bridge.ports.channel import ChannelSink
from bridge.ports.commands import CommandSpec
from bridge.ports.workspace import BindingKey, WorkspaceSink


class RecordingChannel:
    """A channel whose platform is a list. `failures` are raised one per call, first first."""

    label = "Web chat"

    def __init__(
        self, channel: str = "web", capabilities: ChannelCapabilities | None = None
    ) -> None:
        self.channel_id = ChannelId(channel)
        self.capabilities = capabilities or ChannelCapabilities(starts_conversations=True)
        self.labels: dict[Language, str] = {}
        self.calls: list[tuple[Address, OutboundCall]] = []
        self.failures: deque[Exception] = deque()

    async def start(self, sink: ChannelSink) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        if self.failures:
            raise self.failures.popleft()
        self.calls.append((to, call))
        return Sent(external_ids=(ExternalId(f"out-{len(self.calls)}"),))

    def words(self) -> list[str]:
        """What customers were told, in order."""
        posts = [call for _, call in self.calls if call.kind is CallKind.POST]
        return [call.content.words() for call in posts if call.content is not None]


@dataclass(slots=True)
class RecordedThread:
    """One thread as the team sees it."""

    room: RoomRef
    binding: BindingKey
    card: ConversationCard
    members: tuple[WorkspaceUserId, ...]
    posts: list[OutboundCall] = field(default_factory=list)
    marks: list[tuple[ExternalId, Mark, bool]] = field(default_factory=list)
    closed: bool = False
    hidden: bool = False

    def words(self) -> list[str]:
        """What was posted, in order."""
        return [
            call.content.words()
            for call in self.posts
            if call.kind is CallKind.POST and call.content is not None
        ]


class RecordingWorkspace:
    """A workspace whose platform is a dict of threads."""

    def __init__(
        self, workspace: str = "local", capabilities: WorkspaceCapabilities | None = None
    ) -> None:
        self.workspace_id = WorkspaceId(workspace)
        self.capabilities = capabilities or WorkspaceCapabilities(
            rooms_follow_queues=True, redraw_every=0
        )
        self.threads: dict[ThreadRef, RecordedThread] = {}
        self.whispers: list[tuple[WorkspaceUserId, str, tuple[OfferedCommand, ...]]] = []
        self.failures: deque[Exception] = deque()

    async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        if self.failures:
            raise self.failures.popleft()
        thread = ThreadRef(f"t{binding.id}")
        self.threads[thread] = RecordedThread(room, binding, card, members)
        return thread

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        if self.failures:
            raise self.failures.popleft()
        posts = self.threads[thread].posts
        posts.append(call)
        return ExternalId(f"{thread}.{len(posts)}") if call.kind is CallKind.POST else None

    async def convert_thread(self, thread: ThreadRef) -> None:
        pass

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        self.threads[thread].card = card

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        found = self.threads[thread]
        found.card, found.closed, found.hidden = card, True, hide

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        self.threads[thread].marks.append((external_id, mark, removed))

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        self.whispers.append((to, to_plain(text), offers))


class ScarceWorkspace(RecordingWorkspace):
    """A workspace that takes a line when `turns` says so; what waits meanwhile is joined.

    It repeats nothing that is `doubtful` and has arrived: `lost_answers` take effect unseen.
    """

    def __init__(self) -> None:
        super().__init__(
            capabilities=WorkspaceCapabilities(
                rooms_follow_queues=True, redraw_every=0, repeats=True, max_text=40
            )
        )
        self.turns = asyncio.Semaphore(1_000)
        """One is taken for each post; a test empties and fills it."""
        self.waiting = 0
        """So many lanes wait for their turn."""
        self.crowded = True
        self.together: list[list[str]] = []
        self.lost_answers = 0
        self.lost: Exception = OutcomeUnknown("the connection broke")
        """How an answer is lost: so, or by storage that could not keep what it brought."""
        self.by_key: dict[str, ExternalId] = {}
        self.doubted: list[str] = []

    async def ready(self, thread: ThreadRef) -> bool:
        self.waiting += 1
        try:
            await self.turns.acquire()
        finally:
            self.waiting -= 1
        return self.crowded

    async def post_together(
        self, thread: ThreadRef, calls: Sequence[OutboundCall]
    ) -> Sequence[ExternalId]:
        self.together.append([each.content.words() for each in calls if each.content is not None])
        return [await self.post(thread, each) or ExternalId("") for each in calls]

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        if call.doubtful is not None:
            self.doubted.append(call.key)
            if call.key in self.by_key:
                return self.by_key[call.key]
        posted = await super().post(thread, call)
        if posted is not None:
            self.by_key[call.key] = posted
        if self.lost_answers:
            self.lost_answers -= 1
            raise self.lost
        return posted


class ScriptedBot:
    """A bot that answers from a list, and says nothing when it is empty."""

    def __init__(self, bot: str = "menu") -> None:
        self.bot_id = BotId(bot)
        self.replies: deque[BotReply | Exception] = deque()
        self.calls: list[BotCall] = []

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def ask(self, call: BotCall) -> BotReply:
        self.calls.append(call)
        reply = self.replies.popleft() if self.replies else BotReply()
        if isinstance(reply, Exception):
            raise reply
        return reply
