"""The real Bolt, connected over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp

from bridge.simulators.slack import App, SlackSimulator

Body = dict[str, Any]  # Bolt's own type of what a listener gets


@asynccontextmanager
async def connected(
    slack: SlackSimulator, app: App, bolt: AsyncApp
) -> AsyncIterator[AsyncSocketModeHandler]:
    """Bolt with one live socket."""
    handler = AsyncSocketModeHandler(bolt, app.app_token, ping_interval=1.0)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # the SDK's own
    try:
        await asyncio.wait_for(slack.sockets(app).arrived.wait(), 20)
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the SDK's own


def keeps(seen: list[Body]) -> Callable[..., Awaitable[None]]:
    """A listener that keeps what it was given."""

    async def keep(body: Body, ack: AsyncAck) -> None:
        seen.append(body)
        await ack()

    return keep
