"""Addresses under which another program may fetch one file for a while."""

import hmac
from collections.abc import Callable
from typing import Final

from aiohttp import hdrs, web

from bridge.domain.content import File
from bridge.domain.errors import NotFound
from bridge.domain.ids import DAY, SECOND, FileId
from bridge.ports.clock import Clock
from bridge.ports.files import FileStore

VALID: Final = 7 * DAY


class FileLinks:
    """Makes links that work for a week and serves what they lead to; nobody can guess one."""

    def __init__(
        self, prefix: str, base: str, secret: bytes, files: Callable[[], FileStore], clock: Clock
    ) -> None:
        """`prefix` is the path of the adapter that gives the links, `base` the desk's address."""
        self._prefix = prefix
        self._base = base
        self._secret = secret
        self._files = files
        self._clock = clock

    def link(self, file: File) -> str:
        """An address for this file."""
        until = (self._clock.now() + VALID) // SECOND
        return f"{self._base}{self._prefix}/files/{file.id}/{until}/{self._sign(file.id, until)}"

    def route(self) -> web.RouteDef:
        """What serves the links."""
        path = self._prefix + r"/files/{file:[0-9a-f]{32}}/{until:\d{1,12}}/{proof:[0-9a-f]{32}}"
        return web.get(path, self._serve)

    def _sign(self, file: str, until: int) -> str:
        return hmac.digest(self._secret, f"{file}/{until}".encode(), "sha256").hex()[:32]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        file, until = FileId(request.match_info["file"]), int(request.match_info["until"])
        if not hmac.compare_digest(self._sign(file, until), request.match_info["proof"]):
            raise NotFound("There is no such file.")
        found = await self._files().find(file)
        if found is None or until * SECOND < self._clock.now():
            raise NotFound("There is no such file any more.")
        response = web.FileResponse(self._files().path(file))
        response.content_type = found.mime
        response.headers[hdrs.CONTENT_DISPOSITION] = "attachment"
        return response
