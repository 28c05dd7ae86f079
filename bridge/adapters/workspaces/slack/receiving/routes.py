"""HTTP mode: Slack's requests, proved before anything of them is read."""

from urllib.parse import parse_qsl

import msgspec
import structlog
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.receiving.signature import VALID_FOR, verify
from bridge.domain.errors import UntrustedRequest
from bridge.domain.ids import Instant
from bridge.ports.clock import Clock

log = structlog.get_logger("bridge.slack")

MAX_BODY = 1024 * 1024
"""Slack's own payloads are far smaller; nothing longer is read."""


class HttpDoor:
    """`/slack/<id>/events`, for events, commands and everything interactive alike."""

    def __init__(self, id: str, secret: str, clock: Clock) -> None:
        """Shut until `open`; `secret` is the app's signing secret."""
        self.path = f"/slack/{id}/events"
        self._secret = secret
        self._clock = clock
        self._app: AsyncApp | None = None
        self._taken: dict[str, Instant] = {}

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The one address that the app's settings at Slack name three times."""
        return (web.post(self.path, self._post),)

    def open(self, app: AsyncApp) -> None:
        """Dispatch to this app from now on."""
        self._app = app

    async def _post(self, request: web.Request) -> web.Response:
        try:
            body = await self._proved(request)
        except UntrustedRequest as error:
            log.warning("request_refused", path=self.path, why=str(error))
            return web.Response(status=401)
        if self._app is None:
            return web.Response(status=503, headers={"Retry-After": "1"})
        try:
            payload = decode(body, request.content_type)
        except (ValueError, msgspec.DecodeError):
            return web.Response(status=400)
        # Bolt's own reading of forms loses a command whose text has the word "payload".
        asked = AsyncBoltRequest(body=payload, mode="socket_mode")
        answer = await self._app.async_dispatch(asked)
        if answer.status == 200:
            self._remember(request.headers["X-Slack-Signature"])
        return _response(answer)

    async def _proved(self, request: web.Request) -> bytes:
        """The body, signed by Slack and not taken before. Raises `UntrustedRequest`."""
        signatures = request.headers.getall("X-Slack-Signature", [])
        stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        if request.headers.get("Content-Encoding") or (request.content_length or 0) > MAX_BODY:
            raise UntrustedRequest("Slack sends nothing like that")
        body = await _read(request)
        verify(self._secret, stamps, signatures, body, self._clock.now())
        if signatures[0] in self._taken:
            raise UntrustedRequest("the very same request was taken before")
        return body

    def _remember(self, signature: str) -> None:
        """Slack signs a request anew when it sends it again: the same one twice is a replay."""
        now = self._clock.now()
        self._taken[signature] = now
        while (first := next(iter(self._taken))) and now - self._taken[first] > 2 * VALID_FOR:
            del self._taken[first]


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise UntrustedRequest("the body is too long")
    return bytes(body)


def decode(body: bytes, content_type: str) -> Payload:
    """An event is JSON, a command a form, everything else JSON in a form's field.

    Raises `ValueError` or `msgspec.DecodeError` for what is none of them.
    """
    if content_type == "application/json":
        return msgspec.json.decode(body, type=Payload)
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return msgspec.json.decode(form["payload"], type=Payload) if "payload" in form else form


def _response(answer: BoltResponse) -> web.Response:
    headers = {key: values[0] for key, values in answer.headers.items() if key != "set-cookie"}
    return web.Response(status=answer.status, body=(answer.body or "").encode(), headers=headers)
