"""The agents' side: what comes in from a workspace and what a workspace adapter promises."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.content import Content
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.ids import (
    BindingId,
    ExternalId,
    Instant,
    Language,
    RoomRef,
    SourceKey,
    ThreadRef,
    WorkspaceId,
    WorkspaceUserId,
)
from bridge.domain.text import FormattedText
from bridge.domain.value import Value
from bridge.ports.calls import OutboundCall
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.channel import Accepted
from bridge.ports.commands import Answer, CommandInvoked, CommandSpec, WorkspaceUser
from bridge.ports.queries import Query, View


class AgentPosted(Value, tag="agent_posted"):
    """A person wrote a plain message in a thread of ours.

    `mentions` is true when it names a member, role, room or group of the workspace.
    """

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    thread: ThreadRef
    external_id: ExternalId
    content: Content
    quoted: ExternalId | None = None
    mentions: bool = False


class AgentEdited(Value, tag="agent_edited"):
    """A person changed a message in a thread of ours; `mentions` as in `AgentPosted`."""

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    thread: ThreadRef
    external_id: ExternalId
    content: Content
    mentions: bool = False


class AgentDeleted(Value, tag="agent_deleted"):
    """A person deleted a message in a thread of ours."""

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    thread: ThreadRef
    external_id: ExternalId


class AgentReacted(Value, tag="agent_reacted"):
    """A person reacted to a message in a thread of ours."""

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    thread: ThreadRef
    external_id: ExternalId
    emoji: str
    removed: bool = False


class MemberChanged(Value, tag="member_changed"):
    """A person joined, changed kind, or left the workspace.

    `email`, said only where an admin allows it, makes a member the agent with that address. A
    member with a `role` whom the desk does not know becomes a new agent.
    """

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    email: str = ""


class ConnectionChanged(Value, tag="connection_changed"):
    """A person opened his first page (or acted), or closed the last one."""

    workspace: WorkspaceId
    source: tuple[SourceKey, ...]
    user: WorkspaceUser
    connected: bool


WorkspaceEvent: TypeAlias = (
    AgentPosted | AgentEdited | AgentDeleted | AgentReacted | MemberChanged | ConnectionChanged
)


class WorkspaceSink(Protocol):
    """Where a workspace adapter hands over what came in, and asks what to show."""

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        """Store and decide; see `ChannelSink.accept`."""
        ...

    async def invoke(self, command: CommandInvoked) -> Answer:
        """Run a command; the answer is in the person's language, within 3 seconds."""
        ...

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        """Read something to show. Raises `NotAuthorized` or `NotFound`."""
        ...

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        """The person is typing in the thread; best effort, never stored."""
        ...

    def changes(self) -> AsyncIterator[str]:
        """Hints that something shown by `ask` changed: `queues`, `agents`, `conversations`."""
        ...


class BindingKey(Value):
    """What an adapter is told about the binding it opens; stable over retries.

    `doubtful` as in `OutboundCall`: an earlier try may have opened it, not before that moment.
    """

    id: BindingId
    number: int
    purpose: Purpose
    doubtful: Instant | None = None


class WorkspaceAdapter(Protocol):
    """One workspace of the team."""

    workspace_id: WorkspaceId
    capabilities: WorkspaceCapabilities

    async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """Declare the commands and begin. Raises `InvalidSettings`, `StorageUnavailable`.

        A platform that cannot be reached, or does not let us in, keeps nobody from starting: it is
        tried again until it does (see `BeginsLater`).
        """
        ...

    async def stop(self) -> None:
        """Stop taking; finish what is under way."""
        ...

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """Open a thread whose root is the card; the same binding twice gives the same thread.

        `members`, when not empty, are the only people who see it.
        """
        ...

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Post, edit, delete or react in a thread; a post gives the platform's id for it."""
        ...

    async def convert_thread(self, thread: ThreadRef) -> None:
        """A waiting card becomes a working thread; where nothing is to be done, nothing."""
        ...

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        """Show the card as it is now; may be repeated."""
        ...

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Show the last card and take no more replies; may be repeated."""
        ...

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """Mark a person's own line, or take the mark away; may be repeated."""
        ...

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        """Tell one person something privately; `key` is stable over retries."""
        ...


class Access(Protocol):
    """Where a workspace says whether its platform lets us in; what is for it waits meanwhile."""

    def refused(self, said: str) -> None:
        """It does not, and why. Said again it is no news, only the last words count."""
        ...

    def taken(self) -> None:
        """It does: what has waited is sent. No news where nobody was refused."""
        ...


@runtime_checkable
class BeginsLater(Protocol):
    """A workspace that is started while its platform refuses us, and begins when it does not."""

    def report_to(self, access: Access) -> None:
        """Say there what becomes of the beginning; called once, before `start`."""
        ...


@runtime_checkable
class Paced(Protocol):
    """A workspace whose platform takes only so many posts.

    The desk asks before it begins a post, so that what still waits can be joined, changed or taken
    back, and is not in doubt after a crash.
    """

    async def ready(self, thread: ThreadRef) -> bool:
        """Return when the next `post` in this thread may be made at once.

        The place is kept for that post. True when others are waiting, too: then the desk joins
        consecutive lines of the thread into one post.
        """
        ...

    async def post_together(
        self, thread: ThreadRef, calls: Sequence[OutboundCall]
    ) -> Sequence[ExternalId]:
        """Post these lines of one speaker, in order, as one message; gives an id for each.

        Each can be edited, deleted and reacted to by its id as if it stood alone, and each is found
        by its own key when it is asked for again as `doubtful`. They are words alone, together at
        most `max_text`.
        """
        ...


class WayIn(Value):
    """A one-time link for one person; whoever opens it chooses the password."""

    user: WorkspaceUserId
    url: str
    expires_at: Instant


@runtime_checkable
class Invites(Protocol):
    """A workspace that keeps its own people and can let one in."""

    async def way_in(self, email: str, name: str) -> WayIn:
        """A fresh link for this person, new or known by the e-mail; older ones end."""
        ...

    async def can_sign_in(self, user: WorkspaceUserId) -> bool:
        """Whether this person has chosen a password and may use it."""
        ...

    async def invited_until(self, user: WorkspaceUserId) -> Instant | None:
        """Until when a link works that this person was given by name; None: there is none."""
        ...

    async def first_way_in(self, user: WorkspaceUserId | None) -> WayIn:
        """A fresh link for a desk that nobody can manage: for this person, else for a new one."""
        ...


@runtime_checkable
class Speaks(Protocol):
    """A workspace whose rooms may read another language than the desk's."""

    language: Language
    """Of everything that a whole room reads: cards, and lines of ours."""


@runtime_checkable
class LinksThreads(Protocol):
    """A workspace whose threads have an address in a browser."""

    def thread_link(self, thread: ThreadRef) -> str:
        """The address; empty while it is not known."""
        ...
