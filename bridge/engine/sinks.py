"""Where adapters hand over what came in: one sink per channel, workspace and bot."""

from collections.abc import AsyncIterator

from bridge.commands.authorize import EntryPoint
from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.conversation import Conversation
from bridge.domain.errors import NotAuthorized, NotFound, Overloaded
from bridge.domain.ids import MINUTE, Address, BotId, ChannelId, ThreadRef, WorkspaceId
from bridge.domain.moves import Outcome
from bridge.engine.commanding import Asked
from bridge.engine.control.bots import spoken
from bridge.engine.engine import Engine
from bridge.engine.lines.typing import TypingHints
from bridge.engine.reading.reader import Reader
from bridge.engine.reading.showing import shown
from bridge.ports.bot import BotReply
from bridge.ports.channel import Accepted, ChannelEvent
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser
from bridge.ports.queries import Complete, Query, View
from bridge.ports.store import Entity, JournalEntry, Reads
from bridge.ports.workspace import (
    AgentDeleted,
    AgentEdited,
    AgentPosted,
    AgentReacted,
    WorkspaceEvent,
)

_IN_THREADS = (AgentPosted, AgentEdited, AgentDeleted, AgentReacted)
_OPENING = MINUTE
"""So long after it was begun, or after our start, the opening of a thread is waited for."""
_AGAIN = 0.2
_WHO_MAY_WHAT: frozenset[type[Entity]] = frozenset({Agent, AgentIdentity, Membership})
"""Nobody is refused, or let in, by what is decided and will perhaps never be on disk."""


class EngineChannelSink:
    """The engine as one channel sees it."""

    def __init__(self, engine: Engine, typing: TypingHints, channel: ChannelId) -> None:
        """Hand in for this channel."""
        self._engine = engine
        self._typing = typing
        self._channel = channel

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        """See `ChannelSink.accept`."""
        accepted = await self._engine.accept(event, event.source, entry)
        return accepted if isinstance(accepted, Accepted) else Accepted()

    async def typing(self, address: Address) -> None:
        """Show it in the holder's thread."""
        await self._typing.customer_types(self._channel, address)


class EngineBotSink:
    """The engine as one bot sees it that speaks by itself."""

    def __init__(self, engine: Engine, reads: Reads, bot: BotId) -> None:
        """Hand in for this bot."""
        self._engine = engine
        self._reads = reads
        self._bot = bot

    async def speak(self, number: int, reply: BotReply, epoch: int | None) -> bool:
        """See `BotSink.speak`."""
        conversation = await self.conversation(number)
        event = spoken(conversation, reply, conversation.epoch if epoch is None else epoch)
        outcome = await self._engine.accept(event)
        return isinstance(outcome, Outcome) and outcome.ok

    async def conversation(self, number: int) -> Conversation:
        """One of this bot's conversations. Raises `NotFound`."""
        desk = self._engine.desk
        found = desk.conversation_by_number(number) or await self._reads.conversation(number)
        place = None if found is None else desk.places.channels.get(found.channel)
        if found is None or place is None or place.bot != self._bot:
            raise NotFound("There is no such conversation.")
        return found


class EngineWorkspaceSink:
    """The engine as one workspace sees it."""

    def __init__(
        self, engine: Engine, reader: Reader, typing: TypingHints, workspace: WorkspaceId
    ) -> None:
        """Hand in for this workspace."""
        self._engine = engine
        self._reader = reader
        self._typing = typing
        self._workspace = workspace
        self._since = engine.clock.now()

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        """See `ChannelSink.accept`.

        Raises `Overloaded` for a line in a thread that may be one which is just being opened: it
        is there for people before its name is here.
        """
        if isinstance(event, _IN_THREADS) and await self._may_be_opening(event.thread):
            raise Overloaded("the thread is being opened", _AGAIN)
        accepted = await self._engine.accept(event, event.source)
        return accepted if isinstance(accepted, Accepted) else Accepted()

    async def _may_be_opening(self, thread: ThreadRef) -> bool:
        """Whether one that has no name yet was begun lately, and this is none that we know.

        A thread that ended is known, though memory may have let it go.
        """
        desk, now = self._engine.desk, self._engine.clock.now()
        opening = any(
            now - max(binding.opened_at, self._since) < _OPENING
            for binding in desk.bindings
            if binding.workspace == self._workspace
            and binding.thread is None
            and binding.closed_at is None
        )
        return opening and not await self._engine.knows_thread(self._workspace, thread)

    async def invoke(self, command: CommandInvoked) -> Answer:
        """Carry it out; what only wants to be shown is read afterwards."""
        answer = await self._engine.accept(command, command.source)
        if isinstance(answer, Asked):
            return await self._show(answer)
        if isinstance(answer, Answer):
            return answer
        return Answer(ok=True, code="duplicate", text=())

    async def _show(self, asked: Asked) -> Answer:
        try:
            view = await self._reader.view(asked.query, asked.actor, EntryPoint.COMMAND)
        except (NotAuthorized, NotFound):
            return shown(None, asked.language, self._engine.clock.now())
        return shown(view, asked.language, self._engine.clock.now())

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        """See `WorkspaceSink.ask`."""
        via = EntryPoint.COMPLETION if isinstance(query, Complete) else EntryPoint.PAGE
        await self._engine.desk.ledger.settled(_WHO_MAY_WHAT)
        actor = self._engine.desk.actor_of(self._workspace, by)
        return await self._reader.view(query, actor, via)

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        """Show it to the customer, if the person is the one in control."""
        await self._typing.agent_types(self._workspace, thread, by)

    def changes(self) -> AsyncIterator[str]:
        """See `WorkspaceSink.changes`."""
        return self._engine.hints.listen()
