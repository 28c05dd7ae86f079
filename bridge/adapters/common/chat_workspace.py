"""A workspace on a chat platform: what the desk asks for is handed to the parts that do it."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from bridge.adapters.common.beginning import Beginning
from bridge.adapters.common.site import Site
from bridge.domain.card import ConversationCard
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.ids import ExternalId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText
from bridge.ports.calls import OutboundCall
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.commands import CommandSpec
from bridge.ports.plugin import Check
from bridge.ports.workspace import Access, BindingKey, WorkspaceSink

Me = TypeVar("Me")


class Roots(Protocol):
    """The cards that our threads begin with."""

    async def open(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: Sequence[WorkspaceUserId],
        /,
    ) -> ThreadRef:
        """See `WorkspaceAdapter.open_thread`."""
        ...

    async def convert(self, ref: ThreadRef, /) -> None:
        """See `WorkspaceAdapter.convert_thread`."""
        ...

    async def redraw(self, ref: ThreadRef, card: ConversationCard, /) -> None:
        """See `WorkspaceAdapter.redraw`."""
        ...

    async def close(self, ref: ThreadRef, card: ConversationCard, hide: bool, /) -> None:
        """See `WorkspaceAdapter.close_thread`."""
        ...


class Lines(Protocol):
    """What stands in our threads."""

    async def ready(self, ref: ThreadRef, /) -> bool:
        """See `Paced.ready`."""
        ...

    async def post_together(
        self, ref: ThreadRef, calls: Sequence[OutboundCall], /
    ) -> Sequence[ExternalId]:
        """See `Paced.post_together`."""
        ...

    async def call(self, ref: ThreadRef, call: OutboundCall, /) -> ExternalId | None:
        """See `WorkspaceAdapter.post`."""
        ...

    async def mark(
        self, ref: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool, /
    ) -> None:
        """See `WorkspaceAdapter.mark`."""
        ...


class Whispers(Protocol):
    """What one person alone sees."""

    async def tell(
        self,
        to: WorkspaceUserId,
        ref: ThreadRef | None,
        text: FormattedText,
        offers: Sequence[OfferedCommand],
        key: str,
        /,
    ) -> None:
        """See `WorkspaceAdapter.whisper`."""
        ...


class Sending(Protocol):
    """Everything that goes to the platform for the desk."""

    @property
    def roots(self) -> Roots:
        """Cards."""
        ...

    @property
    def lines(self) -> Lines:
        """Lines."""
        ...

    @property
    def whispers(self) -> Whispers:
        """Private answers."""
        ...


class Part(Protocol):
    """Something that runs as long as the workspace does."""

    async def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """End what is under way."""
        ...


class Receiving(Part, Protocol):
    """Everything that comes from the platform."""

    def checks(self) -> tuple[Check, ...]:
        """What is wrong with what comes in, for `doctor`."""
        ...


class OwnVoice:
    """How somebody is told something of a line: a mark on it, and a private answer."""

    def __init__(self, sending: Sending) -> None:
        """By way of these parts."""
        self._sending = sending

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """A reaction of ours on a person's line."""
        await self._sending.lines.mark(thread, external_id, mark, removed)

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        """Only this person sees it."""
        await self._sending.whispers.tell(to, thread, text, offers, key)


class ChatWorkspace(OwnVoice, Generic[Me]):
    """Starts and stops the parts of one workspace, and hands the desk's calls to them."""

    def __init__(
        self,
        site: Site[Me],
        capabilities: WorkspaceCapabilities,
        sending: Sending,
        surfaces: Part,
        receiving: Receiving,
    ) -> None:
        """Of these parts; nothing is read, written or connected yet."""
        super().__init__(sending)
        self.workspace_id = site.id
        self.language = site.language
        self.capabilities = capabilities
        self._chat = site
        self._surfaces = surfaces
        self._receiving = receiving
        self._beginning = Beginning(site.id, site.pauses)

    def report_to(self, access: Access) -> None:
        """See `BeginsLater`."""
        self._beginning.access = access

    async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """Learn who we are on the platform and begin. Raises `StorageUnavailable`.

        While it cannot be reached, or does not take our token or lets us do too little, the desk
        runs without it, and it is tried again.
        """
        self._chat.connect(sink, commands)
        await self._surfaces.start()
        await self._chat.open()
        await self._beginning.begin(self._begin)

    async def _begin(self) -> None:
        """Where this raises nothing was begun."""
        await self._chat.introduce()
        await self._receiving.start()

    async def stop(self) -> None:
        """Take nothing more; end what is under way."""
        await self._beginning.stop()
        await self._receiving.stop()
        await self._surfaces.stop()
        self._chat.disconnect()
        await self._chat.close()

    # --- threads ----------------------------------------------------------------------------

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """The thread of this binding, seen by its members alone where there are any."""
        return await self._sending.roots.open(binding, room, card, members)

    async def convert_thread(self, thread: ThreadRef) -> None:
        """The waiting card is the beginning of the work from now on."""
        await self._sending.roots.convert(thread)

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        """Edit the card. Raises `TemporaryFailure` at once while edits are scarce."""
        await self._sending.roots.redraw(thread, card)

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Draw the last card; `hide` takes everything that is ours there out of sight."""
        await self._sending.roots.close(thread, card, hide)

    # --- lines ------------------------------------------------------------------------------

    async def ready(self, thread: ThreadRef) -> bool:
        """Keep a place for the next post in this thread; true when others wait, too."""
        return await self._sending.lines.ready(thread)

    async def post_together(
        self, thread: ThreadRef, calls: Sequence[OutboundCall]
    ) -> Sequence[ExternalId]:
        """Post lines of one speaker as one message; each has an id of its own."""
        return await self._sending.lines.post_together(thread, calls)

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """Post, edit, delete or react; a post with the same key is one line."""
        return await self._sending.lines.call(thread, call)

    # --- doctor -----------------------------------------------------------------------------

    def _with_what_came_in(self, found: tuple[Check, ...]) -> tuple[Check, ...]:
        """What was found, and what is wrong with what comes in, where we run."""
        return (*found, *self._receiving.checks()) if self._chat.introduced else found

    async def _rooms(self, bound: Sequence[RoomRef]) -> tuple[RoomRef, ...]:
        """Those that are bound, and those in which threads are open still."""
        if not self._chat.introduced:
            await self._chat.threads.load()
        threads = (each.room for each in self._chat.threads.open_ones() if each.room)
        return tuple(dict.fromkeys([*bound, *threads]))
