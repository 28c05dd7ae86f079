"""Slack as a workspace: what the desk asks for becomes calls, what people do becomes events."""

from collections.abc import Iterable, Sequence

from aiohttp import web
from msgspec.structs import replace

from bridge.adapters.common.chat_workspace import ChatWorkspace, OwnVoice
from bridge.adapters.common.pauses import USUAL, Pauses
from bridge.adapters.workspaces.slack.blocks.cards import permalink
from bridge.adapters.workspaces.slack.capabilities import CAPABILITIES
from bridge.adapters.workspaces.slack.client import Me
from bridge.adapters.workspaces.slack.receiving.receiving import Receiving
from bridge.adapters.workspaces.slack.refs import Place
from bridge.adapters.workspaces.slack.sending.finding import Finder
from bridge.adapters.workspaces.slack.sending.sending import Sending
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.adapters.workspaces.slack.setup.diagnosing import Diagnosis
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.surfaces import Surfaces
from bridge.domain.ids import SECOND, RoomRef, ThreadRef
from bridge.ports.plugin import AdapterContext, Check


class SlackWorkspace(ChatWorkspace[Me]):
    """One Slack workspace, through an app of its own."""

    def __init__(
        self, settings: SlackSettings, context: AdapterContext, pauses: Pauses = USUAL
    ) -> None:
        """Put the parts together; nothing is read, written or connected yet."""
        self.site = Site(settings, context, pauses)
        sending = Sending(self.site, Finder(self.site))
        voice = OwnVoice(sending)
        surfaces = Surfaces(self.site, voice)
        self._in = Receiving(self.site, surfaces, voice)
        seconds = settings.card_edit_seconds
        capabilities = replace(CAPABILITIES, redraw_every=int(seconds * SECOND))
        super().__init__(self.site, capabilities, sending, surfaces, self._in)

    def routes(self) -> Iterable[web.RouteDef]:
        """In mode `http` the one address that Slack posts to."""
        return self._in.routes()

    def thread_link(self, thread: ThreadRef) -> str:
        """Slack's own link to a thread; it is known while the app is connected."""
        channel, _, ts = thread.partition(":")
        url = self.site.me.url if self.site.introduced else ""
        return permalink(url, Place(channel=channel, ts=ts)) if url and ts else ""

    async def diagnose(self) -> tuple[Check, ...]:
        """Token, scopes and socket, and what is wrong with what comes in."""
        found = await Diagnosis(self.site.settings, self.site.clock).checks()
        return self._with_what_came_in(found)

    async def diagnose_rooms(self, rooms: Sequence[RoomRef]) -> tuple[Check, ...]:
        """Those that are bound, and those in which threads are open still."""
        diagnosis = Diagnosis(self.site.settings, self.site.clock)
        return await diagnosis.of_rooms(rooms, await self._rooms(rooms))
