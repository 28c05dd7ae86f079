"""What every request passes: origin, proof of identity, limits, size; and how it is answered."""

import math
from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus

import msgspec
from aiohttp import hdrs, web
from multidict import CIMultiDict

from bridge.adapters.channels.webchat.identity import CUSTOMER, SIGNATURE, Identities
from bridge.adapters.channels.webchat.limits import Buckets, network
from bridge.adapters.channels.webchat.settings import Limits
from bridge.adapters.channels.webchat.strangers import Strangers
from bridge.adapters.channels.webchat.wire import Refusal, Shape, parse
from bridge.domain.errors import DeskbridgeError, Overloaded, StorageUnavailable, UntrustedRequest
from bridge.domain.ids import Address
from bridge.ports.brief import Brief, head
from bridge.ports.http import CLIENT_ADDRESS, read_body

FILE_NAME = "X-Deskbridge-Name"
MAX_JSON = 64 * 1024
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": ", ".join(
        ("Authorization", "Content-Type", "Last-Event-ID", CUSTOMER, SIGNATURE, FILE_NAME)
    ),
    "Access-Control-Max-Age": "7200",
}
_ALWAYS = {"Vary": "Origin", "Cache-Control": "no-store"}
_JSON = head({hdrs.CONTENT_TYPE: "application/json"})

_NOT_WELCOME = Refusal(403, "forbidden_origin", "This site may not embed the chat.")
_ENCODED = Refusal(415, "encoded", "Send the body as it is, without an encoding.")
_FORESEEN = (Refusal, UntrustedRequest, Overloaded, StorageUnavailable)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Origins:
    """Which sites' pages may talk to us."""

    def __init__(self, allowed: tuple[str, ...], own: str) -> None:
        """`own` is our public address, always allowed."""
        self._allowed = frozenset((*allowed, own.lower()))
        self._everybody = "*" in allowed

    def allow(self, origin: str, host: str) -> bool:
        """True for an allowed site, and for a page that came from the very host it talks to."""
        if not origin.isascii():
            return False  # no browser sends it, and no header could say it back
        if self._everybody or origin in self._allowed:
            return True
        scheme, _, authority = origin.partition("://")
        return scheme in ("http", "https") and authority == host


class Gate:
    """Guards the handlers of one web chat."""

    def __init__(
        self,
        origins: Origins,
        identities: Identities,
        limits: Limits,
        now: Callable[[], float],
        strangers: Strangers,
    ) -> None:
        """`now` gives seconds."""
        self._origins = origins
        self._strangers = strangers
        self._identities = identities
        self._visitors = Buckets(limits.visitor_per_second, now)
        self._networks = Buckets(limits.network_per_second, now)
        self._newcomers = Buckets(limits.new_visitors_per_second, now)
        self._everybody = Buckets(limits.total_per_second, now)

    def guard(self, handler: Handler) -> Handler:
        """The handler behind the checks that need no body; a refusal becomes its JSON."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._welcomes(request):
                return refused(_NOT_WELCOME)
            origin = request.headers.get(hdrs.ORIGIN)
            if request.method == hdrs.METH_OPTIONS:
                return web.Response(status=204, headers={**_headers(origin), **_PREFLIGHT})
            if hdrs.CONTENT_ENCODING in request.headers:
                return refused(_ENCODED, _headers(origin))
            try:
                response = await handler(request)
            except _FORESEEN as error:
                response = refused(_refusal_of(error))
            if isinstance(response, Brief):
                response.add(_head(origin))
            elif not response.prepared:
                response.headers.update(_headers(origin))
            return response

        return guarded

    def headers(self, request: web.Request) -> dict[str, str]:
        """The headers of every answer to this request's origin."""
        return _headers(request.headers.get(hdrs.ORIGIN))

    def _welcomes(self, request: web.Request) -> bool:
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None or self._origins.allow(origin.lower(), request.host.lower()):
            return True
        self._strangers.note(origin)
        return False

    async def welcome(self, request: web.Request) -> web.Response:
        """Whether the asking site may embed the chat: all that every site may know."""
        headers = CIMultiDict({**_ALWAYS, "Access-Control-Allow-Origin": "*"})
        return _json({"allowed": self._welcomes(request)}, HTTPStatus.OK, headers)

    def admit(self, request: web.Request) -> Address:
        """Who this is. Raises `UntrustedRequest`, or `Refusal` when he asks too often."""
        _slow_down(self._networks.take(network(client(request))))
        address = self._identities.recognise(request.headers)
        _slow_down(self._visitors.take(address) or self._everybody.take(""))
        return address

    def admit_newcomer(self, request: web.Request) -> None:
        """Let somebody without an identity in. Raises `Refusal` when there are too many."""
        where = network(client(request))
        _slow_down(
            self._networks.take(where) or self._newcomers.take(where) or self._everybody.take("")
        )


def _slow_down(wait: float) -> None:
    """Refuse who has to wait."""
    if wait:
        raise Refusal(429, "too_many", "Too many requests; try again later.", wait)


def _headers(origin: str | None) -> dict[str, str]:
    if origin is None:
        return _ALWAYS
    return {
        **_ALWAYS,
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
    }


@lru_cache(maxsize=1_024)
def _head(origin: str | None) -> bytes:
    """The same, for an answer of ours to a site that is welcome."""
    return _JSON + head(_headers(origin))


def _refusal_of(error: DeskbridgeError) -> Refusal:
    match error:
        case Refusal():
            return error
        case UntrustedRequest():
            return Refusal(401, "untrusted", f"{error}.")
        case Overloaded():
            return Refusal(503, "overloaded", "Too busy; try again.", error.retry_after)
        case _:
            return Refusal(503, "storage_unavailable", "Nothing was stored; try again.", 2)


def client(request: web.Request) -> str:
    """The address that the web layer found, behind whatever proxies it trusts."""
    return request.get(CLIENT_ADDRESS) or request.remote or ""


async def read_json(request: web.Request, decoder: msgspec.json.Decoder[Shape]) -> Shape:
    """The request's body in its shape. Raises `Refusal`; never holds more than its limit."""
    raw = await read_body(request, MAX_JSON)
    if raw is None:
        raise Refusal(413, "too_large", f"The body has at most {MAX_JSON} bytes.")
    return parse(decoder, raw)


def refused(refusal: Refusal, headers: dict[str, str] | None = None) -> web.Response:
    """The JSON of a refusal, with Retry-After where coming back helps."""
    error = {"error": {"code": refusal.code, "message": str(refusal)}}
    all_headers = CIMultiDict(headers if headers is not None else _ALWAYS)
    if refusal.retry_after:
        all_headers[hdrs.RETRY_AFTER] = str(math.ceil(refusal.retry_after))
    return _json(error, HTTPStatus(refusal.status), all_headers)


def _json(data: object, status: int, headers: CIMultiDict[str]) -> web.Response:
    body = msgspec.json.encode(data)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def answer(data: object) -> web.StreamResponse:
    """A JSON answer to what was asked; `Gate.guard` adds its headers."""
    return Brief(data if isinstance(data, bytes) else msgspec.json.encode(data))
