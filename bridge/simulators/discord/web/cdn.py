"""The CDN: files by signed addresses that expire."""

from aiohttp import web

from bridge.simulators.discord.faults import Faults
from bridge.simulators.discord.state.message_shapes import signature
from bridge.simulators.discord.state.world import World
from bridge.simulators.discord.web import failing

DOWNLOAD = "GET /attachments"
"""The name of downloads for faults."""


class Cdn:
    """Serves `/attachments`."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def route(self, app: web.Application) -> None:
        """Add it to an application."""
        app.router.add_get("/attachments/{channel_id}/{file_id}/{name}", self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.for_call(DOWNLOAD, accepted=False)
        if fault is not None:
            return await failing.fail(request, fault, self._faults.released)
        file = self._world.files.get(request.match_info["file_id"])
        if file is None or not self._is_signed(request, file.id):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.content, headers={"Content-Type": file.content_type})

    def _is_signed(self, request: web.Request, file_id: str) -> bool:
        try:
            expires = int(request.query.get("ex", ""), 16)
        except ValueError:
            return False
        wanted = signature(self._world, file_id, expires)
        return self._world.now() < expires and request.query_string.rstrip("&") == wanted.rstrip(
            "&"
        )
