"""Bolt, with all of our work in its first middleware: nothing is acknowledged before it is done.

Bolt acknowledges an event before its listener runs, answers 200 when it cannot authorize, and
drops what comes from the app itself. A middleware before all that sees everything, and what it
answers is final. Its other middlewares are off: HTTP requests are proved in `routes`.
"""

from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.domain.errors import DeskbridgeError

log = structlog.get_logger("bridge.slack")

Take = Callable[[Payload], Awaitable[Payload | None]]


class _Taking(AsyncMiddleware):
    """Hands every payload to the intake; the answer is the ack, a failure is none."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        try:
            said = await self._take(req.body)
        except DeskbridgeError as error:
            log.warning("not_taken", kind=req.body.get("type"), why=str(error))
            return BoltResponse(status=503, body="", headers={"Retry-After": "1"})
        return BoltResponse(status=200, body="" if said is None else said)


def bolt_app(web: AsyncWebClient, take: Take) -> AsyncApp:
    """The app that both the socket and the HTTP routes dispatch to."""
    return AsyncApp(
        client=web,
        before_authorize=_Taking(take),
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
    )
