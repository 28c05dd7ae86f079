"""Everything that comes in from one Slack workspace, put together once."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from bridge.adapters.common.catching_up import CatchingUp
from bridge.adapters.common.gates import Gates
from bridge.adapters.common.progress import Progress
from bridge.adapters.common.standing import Standing
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.slack.receiving.bolt import bolt_app
from bridge.adapters.workspaces.slack.receiving.connection import Connection
from bridge.adapters.workspaces.slack.receiving.history import SlackHistory
from bridge.adapters.workspaces.slack.receiving.intake import Intake, Surfaces
from bridge.adapters.workspaces.slack.receiving.lines import Lines, Tools
from bridge.adapters.workspaces.slack.receiving.members import Members
from bridge.adapters.workspaces.slack.receiving.payloads import Handler
from bridge.adapters.workspaces.slack.receiving.reactions import Reactions
from bridge.adapters.workspaces.slack.receiving.room_book import RoomBook
from bridge.adapters.workspaces.slack.receiving.rooms import Rooms
from bridge.adapters.workspaces.slack.receiving.routes import HttpDoor
from bridge.adapters.workspaces.slack.receiving.taking import downloads
from bridge.adapters.workspaces.slack.receiving.volume import Volume
from bridge.adapters.workspaces.slack.receiving.watch import Watch
from bridge.adapters.workspaces.slack.receiving.whereabouts import Whereabouts
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.binding import Purpose
from bridge.domain.errors import DeskbridgeError, InvalidSettings
from bridge.ports.plugin import Check

_NOT_READ = frozenset({Purpose.WAITING})


class Receiving:
    """The socket or the HTTP door, and the way from there to the desk."""

    def __init__(self, site: Site, surfaces: Surfaces, voice: Voice) -> None:
        """Put the parts together. Raises `InvalidSettings` when a token or secret is missing."""
        settings = site.settings
        app_token = settings.app_token.get_secret_value()
        secret = settings.signing_secret.get_secret_value()
        _complete(site.id, settings.mode, app_token, secret)
        self._site = site
        self._gates = gates = Gates()
        progress = Progress(site.context.store, gates)
        tools = _tools(site, gates, progress)
        lines = Lines(site, surfaces, voice, tools)
        self.standing = Standing(site.id)
        history = SlackHistory(site, lines, progress)
        self.catching_up = CatchingUp(
            site.threads, history, gates, progress, _NOT_READ, pause=site.pauses.reading
        )
        site.behind = self.catching_up.is_behind
        self.watch = Watch(site, self.standing, tools.rootless, self.catching_up.begin)
        events: Mapping[str, Handler] = {
            "message": lines.happened,
            "app_mention": lines.happened,
            "app_home_opened": surfaces.home_opened,
            **Reactions(site, tools.where).handlers,
            **Members(site).handlers,
            **Rooms(site, tools.rooms, self.standing).handlers,
            **self.watch.handlers,
        }
        self.volume = Volume(site.clock, self.standing)
        self.intake = Intake(site, surfaces, events, self.volume)
        self.connection = Connection(app_token, site.echoes, self.standing, self.catching_up.begin)
        self._door = HttpDoor(site.id, secret, site.clock)

    @property
    def by_socket(self) -> bool:
        """Whether events come by socket; else by HTTP."""
        return self._site.settings.mode == "socket"

    def routes(self) -> Iterable[web.RouteDef]:
        """HTTP mode's only address; none in Socket Mode."""
        return () if self.by_socket else self._door.routes()

    async def start(self) -> None:
        """Take what comes from now on; the site is open and connected.

        Raises as `Connection.open`; then nothing was begun, and it may be started again.
        """
        app = bolt_app(self._site.slack.web, self.intake.take)
        self._gates.begin()
        await self.catching_up.start()
        self.intake.open()
        self.watch.start()
        if not self.by_socket:
            self._door.open(app)
            await self.catching_up.begin()
            return
        try:
            await self.connection.open(app)
        except DeskbridgeError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Take nothing new, let what is under way end and be acknowledged, then disconnect."""
        self._gates.give_up()
        await self.intake.close()
        await self.watch.stop()
        await self.connection.close()
        await self.catching_up.stop()

    def checks(self) -> tuple[Check, ...]:
        """How much comes in, and what is wrong with it, for `doctor`."""
        return (*self.volume.checks(), *self.standing.checks())


def _tools(site: Site, gates: Gates, progress: Progress) -> Tools:
    return Tools(
        downloads=downloads(site),
        gates=gates,
        progress=progress,
        where=Whereabouts(site.slack),
        rooms=RoomBook(site.slack, site.clock),
        rootless=set(),
    )


def _complete(id: str, mode: str, app_token: str, secret: str) -> None:
    if mode == "socket" and not app_token:
        raise InvalidSettings(
            f"workspaces.{id}.app_token is missing: socket mode needs the app-level token (xapp-)"
        )
    if mode == "http" and not secret:
        raise InvalidSettings(
            f"workspaces.{id}.signing_secret is missing: without it anybody could pose as Slack"
        )
