"""How an adapter serves pages and webhooks of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from aiohttp import web
from pydantic import BaseModel

from bridge.domain.ids import Language
from bridge.domain.value import Value

CLIENT_ADDRESS: web.RequestKey[str] = web.RequestKey("client_address", str)
"""The client's own address: the peer's, or the forwarded one when a trusted proxy said so."""


@runtime_checkable
class ServesHTTP(Protocol):
    """An adapter with routes; it keeps to its own prefix."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Routes with absolute paths, all under the adapter's prefix."""
        ...


class Page(Value):
    """A page that people open: its path, and what it is called in the asked language."""

    path: str
    title: str
    help: str = ""


@runtime_checkable
class HasPage(Protocol):
    """An adapter with a page worth a link on the desk's front page."""

    def page(self, language: Language) -> Page:
        """The page, in this language."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A route of an adapter that belongs to the API, as the API's description says it."""

    method: str
    path: str
    summary: str
    who: str
    body: type[BaseModel]
    answer: type[BaseModel]


@runtime_checkable
class DeclaresOperations(Protocol):
    """An adapter that serves a part of the API."""

    def operations(self) -> Iterable[Operation]:
        """What of its routes programs may call."""
        ...
