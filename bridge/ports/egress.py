"""The one way to fetch an address that came in data: nothing of our own network is reached by it.

file = await files.save(egress.fetch(url, limit=limit, bearer=token), name, limit)
"""

import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final, Protocol

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.ports.addresses import is_public

SECONDS: Final = 60.0
_CONNECT: Final = 10.0
_CHUNK: Final = 64 * 1024
_LONGEST: Final = 4_096
_GONE: Final = (404, 410)
_LATER: Final = (408, 425, 429)


class Unsafe(DeliveryRejected):
    """This address is not one that we fetch for somebody else."""

    def __init__(self, message: str) -> None:
        """The reason is always the same."""
        super().__init__(message, "unsafe_address")


class Names(Protocol):
    """How host names become addresses."""

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Every address of a host. Raises `OSError`."""
        ...


class SystemNames:
    """The names that this machine knows."""

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """See `Names.resolve`."""
        resolver = DefaultResolver()
        try:
            return tuple(each["host"] for each in await resolver.resolve(host, port))
        finally:
            await resolver.close()


class Egress:
    """Fetches files by addresses that others wrote.

    `configured` are base addresses of the operator's settings: what has their very origin may be
    private, and gets the bearer. `hosts` are the platform's own hosts (a leading dot takes every
    host below it): they get the bearer over TLS. Nobody else does, whatever an address says.
    """

    def __init__(
        self,
        *,
        configured: Iterable[str] = (),
        hosts: Iterable[str] = (),
        names: Names | None = None,
        allows: Callable[[str], bool] = is_public,
    ) -> None:
        """Without `names` this machine's are used; `allows` says where we may connect to."""
        self._configured = frozenset(URL(each).origin() for each in configured)
        self._hosts = tuple(hosts)
        self._allows = allows
        self._guarded = _Guarded(names or SystemNames(), allows)

    async def fetch(
        self, address: str, *, limit: int, bearer: str = "", seconds: float = SECONDS
    ) -> AsyncIterator[bytes]:
        """The bytes at an address, at most `limit` of them, all within `seconds`.

        Raises `Unsafe`, `DeliveryRejected("too_large" | "file_gone" | "rejected")`, or
        `TemporaryFailure` when it may go better later.
        """
        url = _parsed(address)
        try:
            async with self._opened(url, bearer, seconds) as answer:
                _must_be_the_file(answer, limit)
                async for chunk in _capped(answer, limit):
                    yield chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TemporaryFailure(f"{url.host} gave no file: {type(error).__name__}") from error

    @asynccontextmanager
    async def _opened(
        self, url: URL, bearer: str, seconds: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request on a connection of its own, to an address that was looked at."""
        headers = {hdrs.ACCEPT_ENCODING: "identity"}
        if bearer and self._may_see_it(url):
            headers[hdrs.AUTHORIZATION] = f"Bearer {bearer}"
        async with (
            aiohttp.ClientSession(
                connector=self._connector(url),
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            ) as session,
            session.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            yield answer

    def _connector(self, url: URL) -> aiohttp.TCPConnector:
        """What connects only where it may: a name is resolved once, and that is what it gets."""
        if url.origin() in self._configured:
            return aiohttp.TCPConnector(force_close=True)
        host = url.raw_host or ""
        if _is_number(host) and not self._allows(host):
            raise Unsafe(f"{host} is not on the open internet")
        return aiohttp.TCPConnector(resolver=self._guarded, use_dns_cache=False, force_close=True)

    def _may_see_it(self, url: URL) -> bool:
        if url.origin() in self._configured:
            return True
        host = (url.raw_host or "").lower()
        return (url.scheme, url.port) == ("https", 443) and any(
            host.endswith(each) if each.startswith(".") else host == each for each in self._hosts
        )


class _Guarded(AbstractResolver):
    """Gives a connection only addresses that it may be made to."""

    def __init__(self, names: Names, allows: Callable[[str], bool]) -> None:
        self._names = names
        self._allows = allows

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of the host; one that is not public spoils the others."""
        found = await self._names.resolve(host, port)
        if not found or not all(map(self._allows, found)):
            raise Unsafe(f"{host} is not on the open internet")
        return [_resolved(host, each, port) for each in found]

    async def close(self) -> None:
        """Nothing is kept open."""


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


def _parsed(address: str) -> URL:
    """The address as it will be called. Raises `Unsafe` for what is no plain web address."""
    try:
        url = URL(address)
        plain = url.scheme in ("http", "https") and url.raw_host and url.user is None
    except ValueError as error:
        raise Unsafe("not an address") from error
    if not plain or url.password is not None or len(address) > _LONGEST:
        raise Unsafe("not a plain web address")
    return url


def _is_number(host: str) -> bool:
    """True for what no resolver is asked about: an address in any of the forms C libraries take."""
    if ":" in host:
        return True
    try:
        socket.inet_aton(host)
    except (OSError, UnicodeError):
        return False
    return True


def _must_be_the_file(answer: aiohttp.ClientResponse, limit: int) -> None:
    said = f"{answer.url.host} answered {answer.status}"
    if answer.status in _GONE:
        raise DeliveryRejected(said, "file_gone")
    if answer.status >= 500 or answer.status in _LATER:
        raise TemporaryFailure(said)
    if answer.status != 200:
        raise DeliveryRejected(said, "rejected")
    if answer.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise DeliveryRejected(f"{said}, packed although we asked for it plain", "rejected")
    if (answer.content_length or 0) > limit:
        raise _too_large(limit)


async def _capped(answer: aiohttp.ClientResponse, limit: int) -> AsyncIterator[bytes]:
    seen = 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        seen += len(chunk)
        if seen > limit:
            raise _too_large(limit)
        yield chunk


def _too_large(limit: int) -> DeliveryRejected:
    return DeliveryRejected(f"more than {limit} bytes", "too_large")
