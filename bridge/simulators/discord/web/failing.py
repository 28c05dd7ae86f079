"""Failing on purpose, in the ways in which the network and Discord fail."""

import asyncio
import contextlib

from aiohttp import web

from bridge.simulators.common.wire import JsonObject, dump
from bridge.simulators.discord.faults import Fault

PAGE = "<html><body>Sorry.</body></html>"


def cloudflare() -> web.Response:
    """Banned before Discord saw the request: no `Via`, and a page."""
    return web.Response(status=429, text="error code: 1015", content_type="text/html")


async def fail(request: web.Request, fault: Fault, released: asyncio.Event) -> web.StreamResponse:
    """The answer of a call that is to fail."""
    match fault.kind:
        case "hang":
            await released.wait()
            return _dropped(request)
        case "status":
            return web.Response(status=fault.status, text=PAGE, content_type="text/html")
        case "error":
            body: JsonObject = {"message": fault.message, "code": fault.code}
            return _json(body, fault.status)
        case "rate_limited":
            return _too_many(fault)
        case "cloudflare":
            return cloudflare()
        case _:
            return _dropped(request)


def _too_many(fault: Fault) -> web.Response:
    body: JsonObject = {
        "message": "You are being rate limited.",
        "retry_after": fault.retry_after,
        "global": fault.scope == "global",
    }
    answer = _json(body, 429)
    answer.headers["Via"] = "1.1 google"
    answer.headers["Retry-After"] = str(int(fault.retry_after) + 1)
    answer.headers["X-RateLimit-Scope"] = fault.scope
    return answer


def _json(body: JsonObject, status: int) -> web.Response:
    headers = {"Content-Type": "application/json"}
    return web.Response(body=dump(body).encode(), status=status, headers=headers)


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """An answer that breaks off in the middle."""
    whole = answer.body if isinstance(answer.body, bytes) else b""
    broken = web.StreamResponse(status=answer.status)
    broken.headers["Content-Type"] = "application/json"
    broken.content_length = len(whole)
    with contextlib.suppress(ConnectionError):
        await broken.prepare(request)
        await broken.write(whole[: len(whole) // 2])
    if request.transport is not None:
        request.transport.abort()
    return broken
