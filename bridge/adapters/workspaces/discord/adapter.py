"""Discord as a workspace: what the desk asks for becomes calls, what people do becomes events."""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.adapters.common.chat_workspace import ChatWorkspace, OwnVoice
from bridge.adapters.common.pauses import USUAL, Pauses
from bridge.adapters.workspaces.discord.capabilities import CAPABILITIES
from bridge.adapters.workspaces.discord.client import Me
from bridge.adapters.workspaces.discord.receiving.receiving import Receiving
from bridge.adapters.workspaces.discord.sending.finding import Finder
from bridge.adapters.workspaces.discord.sending.sending import Sending
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.setup.diagnosing import Diagnosis
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.surfaces import Surfaces
from bridge.adapters.workspaces.discord.surfaces.waits import Waits
from bridge.domain.ids import SECOND, RoomRef, ThreadRef
from bridge.ports.plugin import AdapterContext, Check

_MIB = 1024 * 1024


class DiscordWorkspace(ChatWorkspace[Me]):
    """One Discord server, through a bot of its own."""

    def __init__(
        self,
        settings: DiscordSettings,
        context: AdapterContext,
        pauses: Pauses = USUAL,
        waits: Waits | None = None,
    ) -> None:
        """Put the parts together; nothing is read, written or connected yet.

        After `waits` somebody who asked for something is told that it takes its time.
        """
        self.site = Site(settings, context, pauses)
        sending = Sending(self.site, Finder(self.site))
        voice = OwnVoice(sending)
        surfaces = Surfaces(self.site, voice, waits)
        receiving = Receiving(self.site, surfaces, voice)
        capabilities = replace(
            CAPABILITIES,
            redraw_every=int(settings.card_edit_seconds * SECOND),
            max_file=settings.max_file_mib * _MIB,
        )
        super().__init__(self.site, capabilities, sending, surfaces, receiving)

    def thread_link(self, thread: ThreadRef) -> str:
        """Discord's own link to a thread."""
        return f"https://discord.com/channels/{self.site.guild}/{thread}"

    async def diagnose(self) -> tuple[Check, ...]:
        """Token, intents, permissions and threads, and what is wrong with what comes in."""
        found = await Diagnosis(self.site.settings, self.language).checks()
        return self._with_what_came_in(found)

    async def diagnose_rooms(self, rooms: Sequence[RoomRef]) -> tuple[Check, ...]:
        """Those that are bound, and those in which threads are open still."""
        diagnosis = Diagnosis(self.site.settings, self.language)
        return await diagnosis.of_rooms(rooms, await self._rooms(rooms))
