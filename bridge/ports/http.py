"""How an adapter serves pages and webhooks of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from aiohttp import StreamReader, web
from pydantic import BaseModel

from bridge.domain.ids import Language
from bridge.domain.value import Value

CLIENT_ADDRESS: web.RequestKey[str] = web.RequestKey("client_address", str)
"""The client's own address: the peer's, or the forwarded one when a trusted proxy said so."""

_BODY: web.RequestKey[bytes] = web.RequestKey("body", bytes)


async def read_body(request: web.Request, most: int) -> bytes | None:
    """The whole body as it was sent; None for more than `most` bytes, of which no more is read.

    It is asked for once; see `body_read`.
    """
    content = request.content
    if (request.content_length or 0) > most:
        return None
    body = content.read_nowait(-1) if content.is_eof() else await _read(content, most)
    if len(body) > most:
        return None
    request[_BODY] = body
    return body


def body_read(request: web.Request) -> bytes | None:
    """What `read_body` gave, for who passes the request on to another process after all."""
    return request.get(_BODY)


async def _read(content: StreamReader, most: int) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > most:
            break
    return bytes(body)


@runtime_checkable
class ServesHTTP(Protocol):
    """An adapter with routes; it keeps to its own prefix."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Routes with absolute paths, all under the adapter's prefix."""
        ...


@runtime_checkable
class ServesAnywhere(Protocol):
    """An adapter of whose routes some need nothing but what every process of the desk has.

    A process that does not run the desk serves these itself; what asks for any other goes to the
    one that does. So does what raises `NotLeading` in one of these: its body was had by
    `read_body`.
    """

    def anywhere(self) -> Iterable[tuple[str, str]]:
        """Methods and paths, as templates: `/a/{name}`, also where a pattern is behind the name."""
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
