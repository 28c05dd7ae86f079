"""The Socket Mode connection: kept up, watched, and replaced when it is alive but deaf."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient

from bridge.adapters.common.echoes import Echoes
from bridge.adapters.common.standing import Standing
from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.workspaces.slack.errors import refusal
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.domain.errors import CredentialsRejected, DeskbridgeError, TemporaryFailure
from bridge.domain.ids import SECOND

log = structlog.get_logger("bridge.slack")

DEAF_AFTER = 45 * SECOND
"""A post of ours comes back within moments; when it has not by then, nothing does."""

_LOOK_EVERY = 15.0
_PING_EVERY = 5.0
_FIRST_CONNECTION = 15.0
_SOCKET = "socket"
_SHARED = "sockets"


class Connection:
    """One connection, from `open` to `close`. `connected` is awaited at every new one."""

    def __init__(
        self,
        app_token: str,
        echoes: Echoes,
        standing: Standing,
        connected: Callable[[], Awaitable[None]],
    ) -> None:
        """Not connected yet."""
        self._app_token = app_token
        self._echoes = echoes
        self._standing = standing
        self._connected = connected
        self._handler: AsyncSocketModeHandler | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._greeted = asyncio.Event()

    async def open(self, app: AsyncApp) -> None:
        """Connect; returns when Slack has greeted us, and events come.

        Raises `CredentialsRejected` when Slack does not take the app-level token and
        `TemporaryFailure` when it cannot be reached; then it may be opened again later.
        """
        address = await self._address(app)
        handler = AsyncSocketModeHandler(app, self._app_token, ping_interval=_PING_EVERY)
        handler.client.message_listeners.append(self._heard)
        handler.client.wss_uri = address
        self._handler = handler
        self._tasks = [
            begun(_connect(handler), "slack socket"),
            begun(self._watch(), "slack socket watch"),
        ]
        with suppress(TimeoutError):
            await asyncio.wait_for(self._greeted.wait(), _FIRST_CONNECTION)

    async def _address(self, app: AsyncApp) -> str:
        """Where to connect to, once. The SDK's own way would log each refusal as an error."""
        try:
            answer = await app.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            raise _refused(error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TemporaryFailure(f"cannot reach Slack: {error!r}") from error
        return str(answer["url"])

    async def close(self) -> None:
        """Disconnect; nothing is received from now on."""
        await ended(*self._tasks)
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own

    async def _heard(self, _: AsyncBaseSocketModeClient, message: Payload, __: str | None) -> None:
        """Frames that are no events: `hello` begins every connection."""
        if message.get("type") != "hello":
            return
        several = int(message.get("num_connections") or 1)
        if several <= 1:
            self._standing.right(_SHARED)
        else:
            detail = f"{several} connections use this app; each event comes to one of them only"
            fix = "stop the other desk, or give it an app of its own"
            self._standing.wrong(_SHARED, detail, fix, warning=True)
        self._standing.right(_SOCKET)
        await self._connected()
        self._greeted.set()

    # --- watching -----------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                await self.look()
            except (SlackApiError, DeskbridgeError, OSError) as error:
                log.warning("socket_not_replaced", why=str(error))

    async def look(self) -> None:
        """Replace the connection when our own posts do not come back through it."""
        handler = self._handler
        if handler is None:
            return
        if not await handler.client.is_connected():
            self._standing.wrong(_SOCKET, "the socket is down", "nothing: it is tried again")
            # An address is good for one connection; the SDK would dial a used one for ever.
            handler.client.wss_uri = None
        elif (waited := self._echoes.deaf_for()) > DEAF_AFTER:
            log.warning("socket_deaf", waited_ms=waited)
            self._echoes.give_up()
            await handler.client.connect_to_new_endpoint(force=True)


async def _connect(handler: AsyncSocketModeHandler) -> None:
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own


def _refused(error: SlackApiError) -> DeskbridgeError:
    data = error.response.data
    if not isinstance(data, dict) or "error" not in data:
        return TemporaryFailure(f"Slack answered HTTP {error.response.status_code}")
    said = refusal("apps.connections.open", data)
    if isinstance(said, CredentialsRejected):
        return CredentialsRejected(f"{said} (the app-level token, xapp-, with connections:write)")
    return said
