"""Passes a request on to the process that runs the desk, and its answer back, as they come."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import hdrs, web
from multidict import CIMultiDict, MultiMapping
from yarl import URL

from bridge.domain.errors import Overloaded
from bridge.ports.http import CLIENT_ADDRESS, body_read, read_body
from bridge.web.seal import Seal
from bridge.web.trust import PASSED_ON

MOST = 5_000
"""Requests under way at once; each page that is open and each chat that listens is one."""
_IN_MEMORY = 1024 * 1024
_CONNECTED_WITHIN = 2.0
_KEPT_ALIVE = 30.0  # less than the other side does: it never closes what we are about to use

# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1; and what was answered to already.
_OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_STREAMED = frozenset({"POST", "PATCH"})
"""What the client library never sends a second time by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the process that runs the desk is asked, until it is `over`."""

    url: str
    epoch: int
    over: asyncio.Event = field(default_factory=asyncio.Event)


class PassingOn:
    """One hop, never two: whoever gets what was passed on serves it or refuses it.

    A request is sent once. Whatever goes wrong is a 503 while nothing was answered, and the end
    of the connection afterwards.
    """

    def __init__(self, seal: Seal, place: Callable[[], Place | None], most: int = MOST) -> None:
        """Nothing is connected yet. `place` says who runs the desk now."""
        self._seal = seal
        self._place = place
        self._most = most
        self._session: aiohttp.ClientSession | None = None
        self._going: set[_Going] = set()
        self.passed = 0
        self.failed = 0

    @property
    def under_way(self) -> int:
        """Requests that are being served elsewhere."""
        return len(self._going)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Have it answered there. Raises `Overloaded` when nobody can be asked."""
        place = self._place()
        if place is None:
            self.failed += 1
            raise Overloaded("No process runs this desk at the moment; one is about to.")
        if self.under_way >= self._most:
            self.failed += 1
            raise Overloaded("Too many requests are under way here.", retry_after=5)
        with self._wanted(request, place) as going:
            try:
                async with going.patience:
                    return await self._exchanged(going)
            except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
                if going.is_alone():
                    return going.response  # nobody reads it
                self.failed += 1
                raise Overloaded("The process that runs this desk does not answer.") from error

    def sweep(self) -> None:
        """Break off what nobody waits for any more, and what will never be answered."""
        for going in tuple(self._going):
            if going.place.over.is_set() or going.is_alone():
                going.break_off()

    async def close(self) -> None:
        """End what is under way."""
        for going in self._going:
            going.break_off()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @contextmanager
    def _wanted(self, request: web.Request, place: Place) -> Iterator["_Going"]:
        going = _Going(request=request, place=place)
        self._going.add(going)
        try:
            yield going
        finally:
            self._going.discard(going)

    async def _exchanged(self, going: "_Going") -> web.StreamResponse:
        request = going.request
        url = URL(going.place.url + request.rel_url.raw_path_qs, encoded=True)
        headers = _kept(request.headers)
        client: str = request[CLIENT_ADDRESS]
        headers[PASSED_ON] = self._seal.made(request.method, url.raw_path_qs, client)
        headers.add("X-Forwarded-For", request.remote or "unknown")
        body = await _body(request)
        if isinstance(body, bytes):
            headers.popall(hdrs.CONTENT_LENGTH, None)
        async with self._connected().request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        ) as answer:
            self.passed += 1
            return await going.answered(answer)

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_ALIVE),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECTED_WITHIN),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            )
        return self._session


@dataclass(eq=False, kw_only=True, slots=True)
class _Going:
    """One request that is under way, and the moment at which it is broken off."""

    request: web.Request
    place: Place
    response: web.StreamResponse = field(default_factory=web.StreamResponse)
    patience: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))

    async def answered(self, answer: aiohttp.ClientResponse) -> web.StreamResponse:
        """Hand on what comes, when it comes."""
        self.response = web.StreamResponse(
            status=answer.status, reason=answer.reason, headers=_kept(answer.headers)
        )
        await self.response.prepare(self.request)
        async for chunk in answer.content.iter_any():
            await self.response.write(chunk)
        await self.response.write_eof()
        return self.response

    def is_alone(self) -> bool:
        """Whether its client went away."""
        transport = self.request.transport
        return transport is None or transport.is_closing()

    def break_off(self) -> None:
        """Wait no longer."""
        if not self.patience.expired():
            self.patience.reschedule(0.0)


def _kept(headers: MultiMapping[str]) -> CIMultiDict[str]:
    """Without what is between two neighbours only."""
    kept = CIMultiDict(headers)
    named = ",".join(kept.getall(hdrs.CONNECTION, ())).lower().split(",")
    for name in (*_OF_THE_CONNECTION, *(each.strip() for each in named), PASSED_ON):
        kept.popall(name, None)
    return kept


async def _body(request: web.Request) -> bytes | AsyncIterator[bytes] | None:
    """What is small whole; of what is large no more than a buffer at a time."""
    if not request.body_exists:
        return None
    if (known := body_read(request)) is not None:
        return known
    large = (request.content_length or _IN_MEMORY + 1) > _IN_MEMORY
    if large and request.method in _STREAMED and not request.content.is_eof():
        return request.content.iter_any()
    body = await read_body(request, _IN_MEMORY)
    if body is None:
        raise web.HTTPRequestEntityTooLarge(_IN_MEMORY, request.content_length or 0)
    return body
