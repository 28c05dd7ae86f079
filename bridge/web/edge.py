"""What every request passes: who it is from, its id, its limits, its log line, its errors."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import count

import structlog
from aiohttp import hdrs, web
from multidict import CIMultiDict, istr

from bridge.domain.errors import Overloaded
from bridge.ports.brief import Brief, head
from bridge.ports.http import CLIENT_ADDRESS
from bridge.ports.tracing import current_request
from bridge.web.connections import Connections
from bridge.web.health import PROBES, Health, Phase
from bridge.web.metrics import HttpMetrics
from bridge.web.problems import INTERNAL, Problem, Refused, answer, problem_of
from bridge.web.sharing import Sharing
from bridge.web.trust import Trust

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger("bridge.http")

MAX_BODY = 1024 * 1024
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY_SECONDS = 30.0
_LARGE_BODY_SECONDS = 300.0
_SLOW_SECONDS = 1.0
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with it a browser posts forms with `Origin: null`, even to us.
    "Referrer-Policy": "same-origin",
}
_INSIST = {"Strict-Transport-Security": "max-age=31536000"}
_POLICY = "Content-Security-Policy"
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_REQUEST_ID = istr("X-Request-Id")

# Ids of requests are told apart, not kept secret: a counter is enough and costs nothing.
_PROCESS = secrets.token_hex(4)
_COUNT = count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeOptions:
    """`address_key` turns client addresses into names that say nothing outside this desk."""

    trust: Trust
    metrics: HttpMetrics
    address_key: bytes
    connections: Connections
    https: bool = False
    log_all: bool = False
    sharing: Sharing | None = None
    """None where one process is the whole desk."""


class Edge:
    """The outermost middleware."""

    def __init__(
        self,
        options: EdgeOptions,
        health: Health,
        page: Callable[[web.Request, Problem], web.Response],
    ) -> None:
        """`page` shows a problem to somebody with a browser."""
        self._options = options
        self._health = health
        self._page = page
        always = _COMMON | _INSIST if options.https else _COMMON
        self._with_data = CIMultiDict({**always, _POLICY: _DATA_POLICY})
        self._brief = head(self._with_data) + f"{_REQUEST_ID}: ".encode()
        self._with_page = CIMultiDict({**always, _POLICY: _PAGE_POLICY})
        trust, sharing = options.trust, options.sharing
        self._client = trust.client if sharing is None else partial(sharing.client, trust)

    def install(self, app: web.Application) -> None:
        """Put it around every route of the application."""
        app.middlewares.insert(0, self._pass)
        app.on_response_prepare.append(self._headers)

    # Every line of a customer passes here and pays for each coroutine between it and its handler:
    # so there is one, and what it does besides awaiting are plain functions.
    @web.middleware
    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        hands_in = self._arrived(request)
        watch = _watch_body(request)
        try:
            _refuse_encodings(request)
            response = await self._timely(request, handler)(request)
        except ConnectionError as error:
            if request.transport is None or request.transport.is_closing():
                raise  # the client went away, and aiohttp knows what to do
            response = self._explain(request, error)
        except Exception as error:  # noqa: BLE001 - the last one who can still answer
            response = self._explain(request, error)
        finally:
            self._options.connections.rests(request.protocol)
            if hands_in:
                self._health.leave()
            if watch is not None:
                watch.cancel()
        if type(response) is Brief:
            response.add(b"%b%b\r\n" % (self._brief, current_request.get().encode()))
        elif response.headers.get(hdrs.CONTENT_TYPE, "").startswith("text/event-stream"):
            return response  # how long one lasted says nothing
        self._note(request, response.status, time.perf_counter() - started)
        return response

    def _arrived(self, request: web.Request) -> bool:
        """Say who it is and begin to count; true when something is handed in, not only read."""
        options = self._options
        request[CLIENT_ADDRESS] = self._client(request)
        current_request.set(f"{_PROCESS}{next(_COUNT):08x}")
        options.connections.asks(request.protocol)
        if request.method in _READING:
            return False
        self._health.enter()
        return True

    def _explain(self, request: web.Request, error: Exception) -> web.Response:
        problem = problem_of(error)
        if problem is None:
            route = route_of(request)
            log.error("request_failed", route=route, method=request.method, exc_info=error)
            problem = INTERNAL
        if request.writer.output_size > 0:
            raise ConnectionAbortedError("the answer had begun already") from error
        response = self._refuse(request, problem)
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
        return response

    def _timely(self, request: web.Request, handler: Handler) -> Handler:
        """Who serves it. Before we are ready nobody does; when we stop, nothing new is taken."""
        phase, sharing = self._health.phase, self._options.sharing
        if sharing is not None:
            return sharing.handler(request, handler, phase)
        if phase is Phase.READY or request.path in PROBES:
            return handler
        if phase is not Phase.DRAINING or request.method not in _READING:
            raise Overloaded("Not now: this desk is starting or stopping.")
        return handler

    def _refuse(self, request: web.Request, problem: Problem) -> web.Response:
        return self._page(request, problem) if wants_page(request) else answer(problem)

    async def _headers(self, request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        page = headers.get(hdrs.CONTENT_TYPE, "").startswith("text/html")
        headers.merge(self._with_page if page else self._with_data)  # what is there stays
        headers.setdefault(_REQUEST_ID, current_request.get() or "-")

    def _note(self, request: web.Request, status: int, seconds: float) -> None:
        method, route = request.method, route_of(request)
        self._options.metrics.answered(method, route, status, seconds)
        if status < 400 and seconds <= _SLOW_SECONDS and not self._options.log_all:
            return
        if request.path in PROBES and self._health.phase is Phase.STANDBY:
            return  # asked every second, for as long as another process runs the desk
        write = log.warning if status >= 500 else log.info
        write(
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            client=self._name(request[CLIENT_ADDRESS]),
        )

    def _name(self, address: str) -> str:
        """The same client has the same name; the address itself is nobody's business."""
        return hmac.digest(self._options.address_key, address.encode(), "sha256").hex()[:8]


def route_of(request: web.Request) -> str:
    """The template of the route: never what was in its place, never the query."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"


def wants_page(request: web.Request) -> bool:
    """True for somebody with a browser, as opposed to a program."""
    return (
        request.method in _READING
        and not request.path.startswith("/v1/")
        and "text/html" in request.headers.get("Accept", "")
    )


def _refuse_encodings(request: web.Request) -> None:
    """A small body that unpacks to a large one is refused before it is touched."""
    encoding = request.headers.get(hdrs.CONTENT_ENCODING)
    if encoding is not None and encoding.lower() not in ("", "identity"):
        raise Refused(415, "unsupported_encoding", "Send the body as it is, not compressed.")


def _watch_body(request: web.Request) -> asyncio.TimerHandle | None:
    """Closes the connection of a client who never finishes sending."""
    content = request.content
    if content.is_eof():
        return None
    length = request.content_length
    seconds = _BODY_SECONDS if length is not None and length <= MAX_BODY else _LARGE_BODY_SECONDS

    def give_up() -> None:
        if not content.is_eof() and request.transport is not None:
            request.transport.close()

    return asyncio.get_running_loop().call_later(seconds, give_up)
