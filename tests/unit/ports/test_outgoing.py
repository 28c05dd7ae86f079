"""The last look before a request: who was replaced while he waited for a connection sends none."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bridge.ports.outgoing import Connector, NotOurs
from tests.patience import until


class Platform:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        await self.let.wait()
        return web.Response()


@pytest.fixture
async def platform() -> AsyncIterator[tuple[Platform, str]]:
    made = Platform()
    app = web.Application()
    app.router.add_get("/{name}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield made, site.name
    await runner.cleanup()


def telling(waits: asyncio.Event) -> aiohttp.TraceConfig:
    """Sets the event when a request waits for a connection."""

    async def queued(*_: object) -> None:
        waits.set()

    trace = aiohttp.TraceConfig()
    trace.on_connection_queued_start.append(queued)
    return trace


@pytest.mark.parametrize("replaced", [False, True], ids=["ours", "another's"])
async def test_a_call_that_waited_while_another_took_over_is_not_made(
    platform: tuple[Platform, str], replaced: bool
) -> None:
    made, url = platform
    taken_over: list[bool] = []
    waits = asyncio.Event()
    connector = Connector(lambda: bool(taken_over), limit=1)
    traces = [telling(waits)]
    async with aiohttp.ClientSession(url, connector=connector, trace_configs=traces) as http:
        first = asyncio.create_task(http.get("/first"))
        await until(lambda: made.asked)
        second = asyncio.create_task(http.get("/second"))
        await until(waits.is_set)

        taken_over += [True] * replaced
        made.let.set()
        async with await first as answered:
            status = answered.status
        failure = (await asyncio.gather(second, return_exceptions=True))[0]

        assert status == 200  # what was under way goes on
        assert made.asked == ["/first"] + ["/second"] * (not replaced)
        assert isinstance(failure, NotOurs) is replaced
        if isinstance(failure, aiohttp.ClientResponse):
            failure.close()
