"""An aiohttp server with one handler that checks the signature and decodes the line."""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
from aiohttp import web

from bridge.adapters.channels.webchat.wire import NewMessage
from bridge.bench.load.lines import CUSTOMER, SECRET, SIGNATURE

PATH = "/chat/site/messages"

Take = Callable[[str, NewMessage], Awaitable[None]]

_BACKLOG = 1024
_decode = msgspec.json.Decoder(NewMessage).decode
_key = SECRET.encode()


@asynccontextmanager
async def plain_server(take: Take) -> AsyncIterator[str]:
    """Where customers write; `take` gets the customer and his line before he is answered."""

    async def write(request: web.Request) -> web.Response:
        customer = request.headers[CUSTOMER]
        expected = hmac.digest(_key, customer.encode(), "sha256").hex()
        if not hmac.compare_digest(expected, request.headers[SIGNATURE]):
            return web.Response(status=401)
        message = _decode(await request.read())
        await take(customer, message)
        answer = msgspec.json.encode({"id": message.id})
        return web.Response(body=answer, content_type="application/json")

    app = web.Application()
    app.add_routes([web.post(PATH, write)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=_BACKLOG).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}{PATH}"
    await runner.cleanup()
