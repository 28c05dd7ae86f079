"""Making a request fail the way a fault says."""

import asyncio

from aiohttp import web

from bridge.simulators.slack.faults import Fault

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body></body></html>"
ERROR_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Oops</body></html>"


def drop(request: web.Request) -> web.StreamResponse:
    """Break the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    # Nothing of this is sent: the connection is gone.
    return web.Response(status=500)


async def fail(
    request: web.Request, fault: Fault, released: asyncio.Event, answer: web.Response | None = None
) -> web.StreamResponse:
    """The failing answer. `answer` is the true one, where the call took effect.

    What hangs does so until `released`.
    """
    match fault.kind:
        case "drop":
            return drop(request)
        case "hang":
            await released.wait()
            return drop(request)
        case "status":
            return web.Response(status=fault.status, text=ERROR_PAGE, content_type="text/html")
        case "not_json":
            return web.Response(text=ERROR_PAGE, content_type="text/html")
        case "rate_limited":
            headers = {"Retry-After": str(fault.retry_after)}
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=headers)
        case "error":
            return web.json_response({"ok": False, "error": fault.error})
        case "half_body":
            return await _half(request, answer)
        case "delay":
            await asyncio.sleep(fault.seconds)
            return answer or web.Response(status=500)


async def _half(request: web.Request, answer: web.Response | None) -> web.StreamResponse:
    whole = answer.body if answer is not None and isinstance(answer.body, bytes) else b'{"ok":true}'
    response = web.StreamResponse()
    response.content_type = "application/json"
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    return drop(request)
