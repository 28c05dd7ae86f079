"""`GET /sim/changes`: everything that happens, as server-sent events."""

import asyncio

from aiohttp import web

from bridge.simulators.common.changes import END, Changes, Happening
from bridge.simulators.common.wire import dump, without_none

QUIET = 15.0
"""Seconds after which a comment is sent, so that nobody thinks the line is dead."""


async def stream(request: web.Request, changes: Changes) -> web.StreamResponse:
    """One `data:` line per happening: `{kind, channel, user, ts}`. Begins with `hello`."""
    queue: asyncio.Queue[Happening] = asyncio.Queue()
    stop = changes.listen(queue.put_nowait)
    response = web.StreamResponse(headers={"Cache-Control": "no-store"})
    response.content_type = "text/event-stream"
    try:
        await response.prepare(request)
        await response.write(b'data: {"kind":"hello"}\n\n')
        while (line := await _next(queue)) is not None:
            await response.write(line)
        return response
    except ConnectionError:
        return response  # Whoever looked is gone.
    finally:
        stop()


async def _next(queue: asyncio.Queue[Happening]) -> bytes | None:
    """The next line; None when there is no more."""
    try:
        one = await asyncio.wait_for(queue.get(), QUIET)
    except TimeoutError:
        return b": still here\n\n"
    if one.kind == END:
        return None
    said = {"kind": one.kind, "channel": one.channel, "user": one.user, "ts": one.ts}
    return f"data: {dump(without_none(said))}\n\n".encode()
