"""Everything the pages of the local workspace stand on, put together once."""

import logging
import secrets
from collections.abc import Container, Sequence

from bridge.adapters.workspaces.local.capabilities import CAPABILITIES
from bridge.adapters.workspaces.local.live import Hub, Pace
from bridge.adapters.workspaces.local.passwords import Passwords
from bridge.adapters.workspaces.local.people import People, User
from bridge.adapters.workspaces.local.render import Renderer
from bridge.adapters.workspaces.local.security import Guard
from bridge.adapters.workspaces.local.sessions import Sessions
from bridge.adapters.workspaces.local.settings import LocalSettings
from bridge.adapters.workspaces.local.threads import ThreadBook
from bridge.adapters.workspaces.local.throttle import Throttle
from bridge.adapters.workspaces.local.visibility import Viewer
from bridge.adapters.workspaces.local.whispers import WhisperBook
from bridge.domain.errors import NotAuthorized, StorageUnavailable
from bridge.domain.ids import DAY, MINUTE, SECOND, Millis, WorkspaceId
from bridge.ports.commands import ArgumentKind, CommandSpec
from bridge.ports.plugin import AdapterContext
from bridge.ports.queries import Home, ShowHome
from bridge.ports.workspace import WorkspaceSink

log = logging.getLogger(__name__)


class Site:
    """The parts of one local workspace; its pages and its adapter share them."""

    def __init__(
        self,
        settings: LocalSettings,
        context: AdapterContext,
        pace: Pace,
        passwords: Passwords,
    ) -> None:
        """Put the parts together; nothing is read or written yet."""
        clock = context.clock
        self.settings = settings
        self.context = context
        self.clock = clock
        self.id = WorkspaceId(context.id)
        self.threads = ThreadBook(context.store, clock)
        self.whispers = WhisperBook(context.store)
        self.people = People(context.store, clock, passwords)
        self.sessions = Sessions(
            context.store, clock, self.people, lasts=Millis(settings.session_days * DAY)
        )
        self.by_account = Throttle(clock, burst=5, interval=Millis(30 * SECOND))
        self.by_address = Throttle(clock, burst=20, interval=Millis(MINUTE))
        self.guard = Guard(
            secret=context.secret("local workspace pages"),
            public_url=context.public_url,
            framed=settings.framed or context.demo,
        )
        self.renderer = Renderer(self.guard, context.brand)
        self.pace = pace
        self.hub = Hub(self.id, pace.grace)
        self.commands: dict[str, CommandSpec] = {}
        self._sink: WorkspaceSink | None = None

    @property
    def sink(self) -> WorkspaceSink:
        """The desk. Raises `StorageUnavailable` before the start and after the stop."""
        if self._sink is None:
            raise StorageUnavailable("the desk is not running")
        return self._sink

    @property
    def max_file(self) -> int:
        """Bytes of the largest file that is taken from an agent."""
        return min(self.settings.max_file_mb * 1024 * 1024, CAPABILITIES.max_file)

    def connect(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """The desk is there."""
        self._sink = sink
        self.commands = {command.name: command for command in commands}
        self.hub.connect(sink)

    async def disconnect(self) -> None:
        """The desk goes away."""
        self._sink = None
        await self.hub.close()

    async def viewer(self, user: User) -> Viewer | None:
        """The person as an agent; None when the desk does not know him as one."""
        try:
            home = await self.sink.ask(ShowHome(), user.seen_as())
        except NotAuthorized:
            return None
        if not isinstance(home, Home):
            raise TypeError(f"asked for a home, got {type(home).__name__}")
        return Viewer(user=user, home=home)

    def new_visit(self) -> str:
        """A cookie for a browser that nobody is signed in with."""
        return secrets.token_urlsafe(24)

    def command_list(self, language: str, allowed: Container[str]) -> list[dict[str, object]]:
        """The commands that somebody may use, as the composer completes them."""
        words = self.renderer.words(language)
        return [
            {
                "name": spec.name,
                "title": words.command(spec.name),
                "help": words.help(spec.name),
                "arguments": [
                    {"name": each.name, "label": words.argument(spec.name, each.name)}
                    for each in spec.arguments
                    if each.kind is not ArgumentKind.CONVERSATION
                ],
            }
            for spec in self.commands.values()
            if spec.name in allowed
        ]
