"""Updates that Telegram brings: proved by the secret, and on disk before it gets its 200.

https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import hmac
from collections.abc import Callable

import structlog
from aiohttp import web

from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.inbound import WANTED, Arrived, Reader
from bridge.adapters.channels.telegram.receiving import Receiving
from bridge.adapters.channels.telegram.state import CONNECT, State, led_to
from bridge.adapters.common.channels.webhook_door import WebhookDoor, whole_body
from bridge.adapters.common.tasks import begun, ended
from bridge.adapters.common.turns import Turns
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    StorageUnavailable,
    TemporaryFailure,
    UntrustedRequest,
)

log = structlog.get_logger("bridge.telegram")

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
MOST = 1024 * 1024
"""Bytes of one update; Telegram's have a few thousand."""
_AGAIN = 60.0


class Door(WebhookDoor):
    """The webhook's address."""

    def __init__(
        self, reader: Reader, receiving: Receiving, secret: str, is_open: Callable[[], bool]
    ) -> None:
        """Without a secret nobody comes in."""
        super().__init__(is_open)
        self._reader = reader
        self._receiving = receiving
        self._secret = secret
        self._turns = Turns()

    async def webhook(self, request: web.Request) -> web.Response:
        """An update."""
        if not self._knows(request.headers.getall(SECRET, [])):
            return self.not_trusted("the secret is missing, doubled or another one")
        try:
            arrived = self._reader.read(await whole_body(request, MOST))
        except (UntrustedRequest, ValueError) as error:
            log.warning("webhook_without_update", why=type(error).__name__)
            return web.Response(status=400, text="no update")
        return await self.stored(lambda: self._take(arrived))

    async def _take(self, arrived: Arrived) -> None:
        async with self._turns.turn(str(arrived.chat), f"{arrived.id:020}"):
            await self._receiving.take(arrived)

    def _knows(self, given: list[str]) -> bool:
        if not self._secret or len(given) != 1:
            return False
        return hmac.compare_digest(self._secret.encode(), given[0].encode("utf-8", "replace"))


class Registration:
    """Tells Telegram the webhook's address, and tries until it is known there."""

    def __init__(
        self,
        client: Client,
        state: State,
        url: str,
        secret: str,
        connections: int,
        leading: asyncio.Event,
    ) -> None:
        """Nothing is told yet; who runs the desk tells it."""
        self._client = client
        self._state = state
        self._url = url
        self._secret = secret
        self._connections = connections
        self._leading = leading
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to tell it."""
        self._task = begun(self._until_known(), "telegram webhook")

    async def close(self) -> None:
        """Leave it as it is: what comes meanwhile waits at Telegram."""
        task, self._task = self._task, None
        if task is not None:
            await ended(task)

    async def _until_known(self) -> None:
        await self._leading.wait()
        while True:
            if await self._told():
                return
            await asyncio.sleep(_AGAIN)

    async def _told(self) -> bool:
        """One try. A webhook that somebody else set is left alone."""
        try:
            there = (await self._client.webhook()).url
            if there not in ("", self._url, await self._state.webhook()):
                await self._state.wrong(led_to(there), CONNECT)
                return False
            await self._state.keep_webhook(self._url)
            await self._client.set_webhook(self._url, self._secret, WANTED, self._connections)
        except CredentialsRejected as error:
            await self._state.refused(error)
        except DeliveryRejected as error:
            fix = "Telegram wants https on port 443, 80, 88 or 8443: set [server] public_url"
            await self._state.wrong(f"Telegram does not take the webhook: {error}", fix)
        except (TemporaryFailure, StorageUnavailable) as error:
            log.warning("webhook_not_told", why=str(error))
        else:
            await self._state.well()
            log.info("webhook_told", url=self._url)
            return True
        return False
