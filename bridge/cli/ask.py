"""How a command asks the desk; what does the asking is imported only when it is needed."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

import typer

Json: TypeAlias = dict[str, Any]  # what /v1 says, as OpenAPI describes it
T = TypeVar("T")


class Client(Protocol):
    """The API of a desk, with the operator's token."""

    async def get(self, path: str, **query: str | int | None) -> Json:
        """Read. Raises `DeskRefused`."""
        ...

    async def send(self, method: str, path: str, body: Json | None = None) -> Json:
        """Change. Raises `DeskRefused`."""
        ...


def with_desk(context: typer.Context, work: Callable[[Client], Awaitable[T]]) -> T:
    """Do this with the desk that runs, or with one that is started for a moment."""
    import asyncio

    from bridge.cli.client import ask_desk
    from bridge.cli.config import read_settings
    from bridge.logs import set_up_logs

    settings = read_settings(context)
    set_up_logs(level="error", format="text", secrets=settings.secrets)
    return asyncio.run(ask_desk(settings, work))


def part(word: str) -> str:
    """A word as a part of a path."""
    return quote(word, safe="")
