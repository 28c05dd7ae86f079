"""How the press of our button reaches us while an app is connected: by a socket, or by HTTP."""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.adapters.workspaces.slack.errors import refusal
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.receiving.routes import MAX_BODY, decode
from bridge.adapters.workspaces.slack.receiving.signature import verify
from bridge.domain.errors import TemporaryFailure, UntrustedRequest
from bridge.ports.clock import Clock

Heard = Callable[[Payload], None]


class NotListening(TemporaryFailure):
    """Another program listens where the desk will: the desk itself, for one."""


class Ear(Protocol):
    """Hears everything that Slack sends to the app, and acknowledges it."""

    async def open(self, heard: Heard) -> None:
        """Listen from now on. Raises `NotListening`, or as a call."""
        ...

    async def close(self) -> None:
        """Listen no more."""
        ...


class SocketEar:
    """Socket Mode."""

    def __init__(self, slack: SlackClient, app_token: str) -> None:
        """Not connected yet."""
        self._socket = SocketModeClient(app_token=app_token, web_client=slack.web)

    async def open(self, heard: Heard) -> None:
        """Connect."""

        async def take(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            response = SocketModeResponse(envelope_id=request.envelope_id)
            await socket.send_socket_mode_response(response)
            heard(request.payload)

        self._socket.socket_mode_request_listeners.append(take)
        try:
            await self._socket.connect()  # type: ignore[no-untyped-call]  # the SDK's own
        except SlackApiError as error:
            data = error.response.data
            said = data if isinstance(data, dict) else {}
            raise refusal("apps.connections.open", said) from error

    async def close(self) -> None:
        """Disconnect."""
        await self._socket.close()  # type: ignore[no-untyped-call]  # the SDK's own


class HttpEar:
    """A server that stands, for the while, where the desk will: Slack comes by the same way."""

    def __init__(self, url: str, place: tuple[str, int], secret: str, clock: Clock) -> None:
        """`url` is what Slack calls, `place` the host and port to which that leads."""
        self._path = urlsplit(url).path
        self._place = place
        self._secret = secret
        self._clock = clock
        self._heard: Heard | None = None
        self._runner: web.AppRunner | None = None
        self.refused = 0
        """How many requests had another secret's signature, or none."""

    async def open(self, heard: Heard) -> None:
        """Listen. Raises `NotListening`."""
        self._heard = heard
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(self._path, self._post)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, *self._place).start()
        except OSError as error:
            await runner.cleanup()
            raise NotListening(str(error.strerror or error)) from error
        self._runner = runner

    async def close(self) -> None:
        """Give the place back to the desk."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        signatures = request.headers.getall("X-Slack-Signature", [])
        try:
            verify(self._secret, stamps, signatures, body, self._clock.now())
        except UntrustedRequest:
            self.refused += 1
            return web.Response(status=401)
        try:
            payload = decode(body, request.content_type)
        except (ValueError, msgspec.DecodeError):
            return web.Response(status=400)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": payload.get("challenge")})
        if self._heard is not None:
            self._heard(payload)
        return web.Response()
