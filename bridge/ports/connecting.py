"""How a platform is connected for the first time: what is asked of the operator, and the proof."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from bridge.domain.ids import Language, RoomRef
from bridge.domain.value import Value
from bridge.ports.commands import CommandSpec, WorkspaceUser


class AppWish(Value):
    """What an operator decides about the app of his own that he creates on a platform.

    With `url` events are brought there by HTTP, otherwise the app fetches them. `prefix` stands
    before command names that another app has, too. `api_url` is another address of the platform.
    `host` and `port` are where the desk listens, and where `url` leads in the end.
    """

    url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    prefix: str = ""
    api_url: str = ""
    language: Language = Language("en")


class Operator(Protocol):
    """Whoever sits at the terminal."""

    def tell(self, text: str) -> None:
        """Show him something."""
        ...

    async def ask(self, question: str, *, secret: bool = False) -> str:
        """What he answers, without blanks around it; a secret is not shown while he types."""
        ...

    async def agrees(self, question: str) -> bool:
        """Whether he says yes."""
        ...


class MadeRoom(Value):
    """A room that was made for the desk; that of the monitor is for no queue."""

    ref: RoomRef
    title: str
    monitor: bool = False


class Connected(Value):
    """What was proved: the settings of the adapter's table, and who is to be the first admin.

    `handle` is what the platform calls him, for the agent's own. `outdated` are keys that an
    earlier connection may have left in that table: what `settings` does not name of them goes.
    `rooms` were made on the way and are to be bound.
    """

    settings: Mapping[str, str]
    outdated: frozenset[str] = frozenset()
    admin: WorkspaceUser | None = None
    handle: str = ""
    rooms: tuple[MadeRoom, ...] = ()


class Connects(Protocol):
    """A kind of adapter that helps to be connected."""

    async def connect(
        self, operator: Operator, commands: Sequence[CommandSpec], wish: AppWish
    ) -> Connected:
        """Ask, check, and prove both directions; every slip says what to do and asks again.

        Raises `InvalidSettings` when the operator gives up.
        """
        ...


@runtime_checkable
class Declares(Protocol):
    """A platform that is told of an app by a document which the operator hands it."""

    def declaration(self, commands: Sequence[CommandSpec], wish: AppWish) -> str:
        """The document, the same for the same commands and wishes."""
        ...
