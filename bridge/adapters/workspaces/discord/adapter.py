"""Discord as a workspace: what the desk asks for becomes calls, what people do becomes events."""

import asyncio
from collections.abc import Sequence
from itertools import chain, repeat

import structlog
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.capabilities import CAPABILITIES
from bridge.adapters.workspaces.discord.receiving.receiving import Receiving
from bridge.adapters.workspaces.discord.sending.finding import SHOWN_AFTER, Finder
from bridge.adapters.workspaces.discord.sending.sending import Sending
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.setup.diagnosing import Diagnosis
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.surfaces import Surfaces
from bridge.adapters.workspaces.discord.surfaces.waits import Waits
from bridge.domain.card import ConversationCard
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.errors import CredentialsRejected, TemporaryFailure
from bridge.domain.ids import SECOND, ExternalId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText
from bridge.ports.calls import OutboundCall
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.commands import CommandSpec
from bridge.ports.plugin import AdapterContext, Check
from bridge.ports.workspace import BindingKey, WorkspaceSink

log = structlog.get_logger("bridge.discord")

_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
_MIB = 1024 * 1024


class DiscordWorkspace:
    """One Discord server, through a bot of its own."""

    capabilities: WorkspaceCapabilities

    def __init__(
        self,
        settings: DiscordSettings,
        context: AdapterContext,
        shown_after: float = SHOWN_AFTER,
        waits: Waits | None = None,
    ) -> None:
        """Put the parts together; nothing is read, written or connected yet.

        `shown_after` are the seconds until a post is seen in its history, `waits` those after
        which somebody who asked for something is told that it takes its time.
        """
        self.site = Site(settings, context)
        self.workspace_id = self.site.id
        self.language = self.site.language
        self.capabilities = replace(
            CAPABILITIES,
            redraw_every=int(settings.card_edit_seconds * SECOND),
            max_file=settings.max_file_mib * _MIB,
        )
        self._sending = Sending(self.site, Finder(self.site, shown_after))
        self._surfaces = Surfaces(self.site, self, waits)
        self._receiving = Receiving(self.site, self._surfaces, self)
        self._beginning: asyncio.Task[None] | None = None

    async def start(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """Learn who we are in Discord and begin. Raises `CredentialsRejected`.

        While Discord cannot be reached the desk runs without it, and it is tried again.
        """
        self.site.connect(sink, commands)
        await self._surfaces.start()
        try:
            await self.site.open()
            await self._receiving.start()
        except TemporaryFailure as error:
            log.warning("discord_not_reached", workspace=self.workspace_id, why=str(error))
            self._beginning = asyncio.create_task(self._begin_later(), name="discord")

    async def _begin_later(self) -> None:
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            await asyncio.sleep(pause)
            try:
                await self.site.introduce()
                await self._receiving.start()
            except (TemporaryFailure, CredentialsRejected) as error:
                log.warning("discord_not_reached", workspace=self.workspace_id, why=str(error))
            else:
                log.info("discord_reached", workspace=self.workspace_id)
                return

    async def stop(self) -> None:
        """Take nothing more; end what is under way."""
        if self._beginning is not None:
            self._beginning.cancel()
            await asyncio.gather(self._beginning, return_exceptions=True)
        await self._receiving.stop()
        await self._surfaces.stop()
        self.site.disconnect()
        await self.site.close()

    # --- threads ----------------------------------------------------------------------------

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """The thread of this binding: a post, a card with a thread, or a private thread."""
        return await self._sending.roots.open(binding, room, card, members)

    async def convert_thread(self, thread: ThreadRef) -> None:
        """The waiting card stays where it is; in a text channel it gets its thread."""
        await self._sending.roots.convert(thread)

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        """Edit the card and the tags. Raises `TemporaryFailure` at once while edits are scarce."""
        await self._sending.roots.redraw(thread, card)

    async def close_thread(self, thread: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Draw the last card and archive; `hide` takes everything out of sight."""
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
        """Only this person sees it: a direct message that leads to the thread."""
        await self._sending.whispers.tell(to, thread, text, offers, key)

    # --- abilities --------------------------------------------------------------------------

    async def diagnose(self) -> tuple[Check, ...]:
        """Token, intents, permissions and rooms, and what is wrong with what comes in."""
        site = self.site
        if not site.introduced:
            await site.threads.load()
        rooms = tuple(dict.fromkeys(each.room for each in site.threads.open_ones() if each.room))
        found = await Diagnosis(site.settings, rooms).checks()
        return (*found, *self._receiving.checks()) if site.introduced else found
