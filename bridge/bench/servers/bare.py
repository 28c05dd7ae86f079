"""Baseline: takes a line and does nothing with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.adapters.channels.webchat.wire import NewMessage
from bridge.bench.servers.plain import plain_server


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    """Where customers write."""
    async with plain_server(_nothing) as url:
        yield url


async def _nothing(_customer: str, _message: NewMessage) -> None:
    pass
