"""What every part of one Discord server stands on, put together once."""

from collections.abc import Callable, Sequence
from typing import Protocol

from bridge.adapters.common.echoes import Echoes
from bridge.adapters.common.standing import Standing
from bridge.adapters.common.threads import ThreadBook
from bridge.adapters.workspaces.discord.budget import Budgets, Sizes
from bridge.adapters.workspaces.discord.client import DiscordClient, Json, Me
from bridge.adapters.workspaces.discord.guild import GuildBook
from bridge.adapters.workspaces.discord.kept import Kept
from bridge.adapters.workspaces.discord.nonces import Nonces
from bridge.adapters.workspaces.discord.people import People
from bridge.adapters.workspaces.discord.rooms import Rooms
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Language, ThreadRef, WorkspaceId
from bridge.locales import say
from bridge.ports.commands import CommandSpec
from bridge.ports.plugin import AdapterContext
from bridge.ports.workspace import WorkspaceSink


class Interactive(Protocol):
    """What surfaces promise to whoever hears the gateway."""

    async def start(self) -> None:
        """Begin; the site is connected, Discord may not be reached yet."""
        ...

    async def online(self) -> None:
        """The gateway is ready: declare the commands where they changed."""
        ...

    async def stop(self) -> None:
        """Everybody gets the answer that he waits for."""
        ...

    async def interaction(self, payload: Json) -> None:
        """An INTERACTION_CREATE as it came; it is answered within 3 seconds."""
        ...

    async def typed(self, message: Json) -> bool:
        """Run a `!command` or a mention of the bot; false when the message is neither."""
        ...


class Site:
    """The parts of one workspace that sending, receiving and surfaces share."""

    def __init__(self, settings: DiscordSettings, context: AdapterContext) -> None:
        """Put the parts together; nothing is read, written or connected yet."""
        self.settings = settings
        self.context = context
        self.clock = context.clock
        self.id = WorkspaceId(context.id)
        self.guild = settings.guild
        usual = settings.language == "auto"
        self.language = context.language if usual else Language(settings.language)
        self.discord = DiscordClient(
            settings.bot_token.get_secret_value(),
            settings.api_url,
            Budgets(
                context.clock,
                Sizes(
                    per_second=settings.calls_per_second,
                    in_thread=settings.posts_in_thread,
                    opened=settings.threads_in_room,
                    usual=settings.calls_of_a_kind,
                ),
            ),
        )
        self.threads = ThreadBook(context.store)
        self.echoes = Echoes(context.clock)
        self.standing = Standing(context.id)
        self.server = GuildBook()
        self.people = People(self.discord, settings, self.server, context.clock)
        self.rooms = Rooms(self.discord, context.clock, self.standing, self.language)
        self.nonces = Nonces(context.secret("discord nonces"))
        self.kept = Kept(context.store, context.clock)
        self.commands: dict[str, CommandSpec] = {}
        self.adopted: Callable[[ThreadRef], None] = _nobody
        """Told of a thread that was opened before a crash and is known only now."""
        self._me: Me | None = None
        self._sink: WorkspaceSink | None = None

    @property
    def me(self) -> Me:
        """Who the bot is. Raises `StorageUnavailable` before Discord has told us."""
        if self._me is None:
            raise StorageUnavailable("the workspace is not started")
        return self._me

    @property
    def introduced(self) -> bool:
        """Whether Discord has told us who we are."""
        return self._me is not None

    @property
    def sink(self) -> WorkspaceSink:
        """The desk. Raises `StorageUnavailable` before the start and after the stop."""
        if self._sink is None:
            raise StorageUnavailable("the desk is not running")
        return self._sink

    def say(self, key: str, **data: object) -> str:
        """A text of the catalogue in the language of the rooms."""
        return say(self.language, key, **data)

    async def open(self) -> None:
        """Open the session, read our threads, learn who we are.

        Raises `CredentialsRejected` when Discord does not take the token, `TemporaryFailure` when
        it cannot be reached: then `introduce` can be tried again.
        """
        await self.discord.open()
        await self.threads.load()
        await self.introduce()

    async def introduce(self) -> None:
        """Learn from Discord who we are there."""
        self._me = await self.discord.who_am_i()

    def connect(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """The desk is there."""
        self.commands = {command.name: command for command in commands}
        self._sink = sink

    def disconnect(self) -> None:
        """The desk goes away; what comes in from now on is not taken."""
        self._sink = None

    async def close(self) -> None:
        """Close the session, as the last thing."""
        await self.people.stop()
        await self.discord.close()


def _nobody(_: ThreadRef) -> None:
    pass
