"""Everything that comes in from one Discord server, put together once."""

import structlog

from bridge.adapters.common.catching_up import CatchingUp
from bridge.adapters.common.gates import Gates
from bridge.adapters.common.lanes import Lanes
from bridge.adapters.common.progress import Progress
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.discord.bot import Frame
from bridge.adapters.workspaces.discord.receiving.connection import Connection, Patience
from bridge.adapters.workspaces.discord.receiving.history import DiscordHistory
from bridge.adapters.workspaces.discord.receiving.intake import Intake
from bridge.adapters.workspaces.discord.receiving.lines import Lines
from bridge.adapters.workspaces.discord.receiving.payloads import Ready, read
from bridge.adapters.workspaces.discord.receiving.places import SERVER, Places
from bridge.adapters.workspaces.discord.receiving.taking import downloads
from bridge.adapters.workspaces.discord.receiving.watch import Watch
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.site import Interactive, Site
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import SourceKey, ThreadRef
from bridge.ports.commands import WorkspaceUser
from bridge.ports.plugin import Check
from bridge.ports.workspace import MemberChanged

log = structlog.get_logger("bridge.discord")


class Receiving:
    """The gateway, and the way from there to the desk."""

    def __init__(
        self, site: Site, surfaces: Interactive, voice: Voice, patience: Patience | None = None
    ) -> None:
        """Put the parts together; nothing is connected yet."""
        self._site = site
        self._surfaces = surfaces
        self.gates = gates = Gates()
        progress = Progress(site.context.store, gates)
        lines = Lines(site, surfaces, voice, downloads(site), progress)
        self.lanes = Lanes(self._fell_behind, pauses=site.pauses.taking)
        self.intake = Intake(site, surfaces, lines, self.lanes, gates)
        self.connection = Connection(site, self.intake.hear, patience or Patience())
        self.watch = Watch(site, self.connection.look, self._read_again)
        self._history = DiscordHistory(site, lines, progress, self.watch.lost)
        self.catching_up = CatchingUp(
            site.threads, self._history, gates, progress, pause=site.pauses.reading
        )
        places = Places(site, self._here, self._seen, self.watch.lost)
        self.intake.handle({**places.handlers, "RESUMED": self._resumed})
        self.intake.handle({"READY": lambda frame: self._ready(places, frame)})
        site.people.introduce(self._met)
        site.behind = self._seen

    async def start(self) -> None:
        """Take what comes from now on; the site is open and connected.

        Raises as `Connection.open`; then nothing was begun, and it may be started again.
        """
        self.gates.begin()
        await self.catching_up.start()
        self.intake.open()
        self.watch.start()
        try:
            await self.connection.open()
        except DeskbridgeError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Take nothing new, let what is under way end, then disconnect."""
        self.gates.give_up()
        await self.intake.close()
        await self.watch.stop()
        await self.connection.close()
        await self.catching_up.stop()

    @property
    def waiting(self) -> int:
        """How much has come in and is not handed over yet."""
        return self.lanes.waiting

    def checks(self) -> tuple[Check, ...]:
        """What is wrong, for `doctor`."""
        return self._site.standing.checks()

    # --- what the gateway says of itself ------------------------------------------------------

    def _ready(self, places: Places, frame: Frame) -> None:
        ready = read(frame.d, Ready)
        if ready is not None:
            self.intake.session_is(ready.session_id)
        places.handlers["READY"](frame)
        if self._site.standing.is_wrong(SERVER):
            self.connection.greeted()

    def _resumed(self, _: Frame) -> None:
        """Discord has sent again what we missed."""
        self.connection.greeted()

    def _here(self) -> None:
        """A new session: nobody sends again what happened before it."""
        self.catching_up.all_behind()
        self.connection.greeted()
        self.intake.errand(self._surfaces.online(), "discord commands")
        threads = [each.ref for each in self._site.threads.open_ones()]
        for thread in self._site.server.not_joined(threads):
            self.intake.errand(self._join(ThreadRef(thread)), "discord join")

    def _seen(self, thread: ThreadRef) -> None:
        """A thread of ours can be read again."""
        self.catching_up.is_behind(thread)
        self.intake.errand(self._join(thread), "discord join")

    async def _join(self, thread: ThreadRef) -> None:
        """Be in the thread, so that we hear what happens there; once more is nothing."""
        to = route("PUT", "/channels/{channel_id}/thread-members/@me", channel_id=thread)
        try:
            await self._site.discord.call(to)
        except DeskbridgeError as error:
            log.warning("thread_not_joined", room_thread=thread, why=str(error))

    # --- what was missed ----------------------------------------------------------------------

    def _fell_behind(self, key: str) -> None:
        """There was no room for what happened in a thread: it is read again later."""
        if any(each.ref == key for each in self._site.threads.open_ones()):
            self.catching_up.is_behind(ThreadRef(key))

    async def _read_again(self) -> None:
        """Threads that we could not read, or did not know as ours."""
        for thread in (*self._history.refused, *await self.intake.orphans.found()):
            self.catching_up.is_behind(thread)

    # --- people -------------------------------------------------------------------------------

    async def _met(self, user: WorkspaceUser) -> None:
        """Somebody is new to us, or another than he was."""
        source = SourceKey(f"member:{user.id}:{self._site.clock.now()}")
        await self._site.sink.accept(
            MemberChanged(workspace=self._site.id, source=(source,), user=user)
        )
