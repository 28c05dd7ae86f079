"""Baseline: passes each line on to the team's platform, and keeps nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bridge.adapters.channels.webchat.wire import NewMessage
from bridge.bench.servers.plain import plain_server
from bridge.bench.servers.posting import post


@asynccontextmanager
async def relay(platform: str) -> AsyncIterator[str]:
    """Where customers write. The line is at the platform before its writer has his answer."""

    async def take(customer: str, message: NewMessage) -> None:
        await post(http, platform, thread=customer, name=message.name, text=message.text)

    async with aiohttp.ClientSession() as http, plain_server(take) as url:
        yield url
