"""The address at which a platform tells us what happened: proved, then stored, then its 200."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bridge.domain.errors import Overloaded, StorageUnavailable, TemporaryFailure, UntrustedRequest
from bridge.ports.http import read_body

log = structlog.get_logger("bridge.channels")


class WebhookDoor:
    """Lets in only whoever proves to be the platform; everybody else is counted."""

    def __init__(self, is_open: Callable[[], bool]) -> None:
        """`is_open` says whether the desk takes anything now."""
        self._is_open = is_open
        self.untrusted = 0
        """Requests that were not the platform's."""

    def not_trusted(self, why: str) -> web.Response:
        """Somebody else's; he is not told why."""
        self.untrusted += 1
        log.warning("webhook_not_trusted", why=why)
        return web.Response(status=401, text="not trusted")

    async def stored(self, taking: Callable[[], Awaitable[None]]) -> web.Response:
        """Take it: 200 when it is on disk, 503 when it is to be brought again.

        Raises `NotLeading` when it is for the process that runs the desk.
        """
        if not self._is_open():
            return _later()
        try:
            await taking()
        except (StorageUnavailable, Overloaded, TemporaryFailure) as error:
            log.warning("webhook_not_stored", why=str(error))
            return _later()
        return web.Response(text="ok")


async def whole_body(request: web.Request, most: int) -> bytes:
    """The bytes as they were sent. Raises `UntrustedRequest` for more than a platform ever does."""
    body = await read_body(request, most)
    if body is None:
        raise UntrustedRequest("more than a webhook has")
    return body


def _later() -> web.Response:
    return web.Response(status=503, text="later", headers={"Retry-After": "2"})
