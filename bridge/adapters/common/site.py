"""What every part of one workspace stands on, whatever the platform."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from bridge.adapters.common.echoes import Echoes
from bridge.adapters.common.pauses import Pauses
from bridge.adapters.common.threads import ThreadBook
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Language, ThreadRef, WorkspaceId
from bridge.locales import say
from bridge.ports.commands import CommandSpec
from bridge.ports.plugin import AdapterContext
from bridge.ports.workspace import WorkspaceSink

Me = TypeVar("Me")
"""What a platform says of our own app or bot."""

AUTO = "auto"
"""The setting of a workspace that speaks the desk's language."""


class Site(ABC, Generic[Me]):
    """The parts of one workspace that sending, receiving and surfaces share."""

    def __init__(self, context: AdapterContext, language: str, pauses: Pauses) -> None:
        """Put the parts together; nothing is read, written or connected yet."""
        self.context = context
        self.clock = context.clock
        self.pauses = pauses
        self.id = WorkspaceId(context.id)
        self.language = context.language if language == AUTO else Language(language)
        self.threads = ThreadBook(context.store)
        self.echoes = Echoes(context.clock)
        self.commands: dict[str, CommandSpec] = {}
        self.behind: Callable[[ThreadRef], None] = _nobody
        """Told of a thread in which something may stand that we have not taken."""
        self._me: Me | None = None
        self._sink: WorkspaceSink | None = None

    @property
    def me(self) -> Me:
        """Who we are there. Raises `StorageUnavailable` before the platform has told us."""
        if self._me is None:
            raise StorageUnavailable("the workspace is not started")
        return self._me

    @property
    def introduced(self) -> bool:
        """Whether the platform has told us who we are."""
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
        """Open the session and read our threads; the platform is not asked anything yet."""
        await self._open_session()
        await self.threads.load()

    async def introduce(self) -> None:
        """Learn from the platform who we are there.

        Raises `CredentialsRejected` when it does not take the token, `TemporaryFailure` when it
        cannot be reached; then it can be tried again.
        """
        self._me = await self._who_am_i()

    def connect(self, sink: WorkspaceSink, commands: Sequence[CommandSpec]) -> None:
        """The desk is there."""
        self.commands = {command.name: command for command in commands}
        self._sink = sink

    def disconnect(self) -> None:
        """The desk goes away; what comes in from now on is not taken."""
        self._sink = None

    @abstractmethod
    async def close(self) -> None:
        """Close the session, as the last thing."""

    @abstractmethod
    async def _open_session(self) -> None:
        """Make the session in which the platform is called."""

    @abstractmethod
    async def _who_am_i(self) -> Me:
        """Ask the platform."""


def _nobody(_: ThreadRef) -> None:
    pass
