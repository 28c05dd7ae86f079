"""Uploading bytes to the address that was given, and downloading them with a token."""

from dataclasses import replace

from aiohttp import web

from bridge.simulators.slack.acts.house import House
from bridge.simulators.slack.faults import Faults
from bridge.simulators.slack.state.records import StoredFile
from bridge.simulators.slack.web.failing import LOGIN_PAGE, fail


class FileRoutes:
    """Serves the bytes of files."""

    def __init__(self, house: House, faults: Faults) -> None:
        self._house = house
        self._faults = faults

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The second step of an upload: the bytes, raw or as a form."""
        fault = self._faults.before("upload", web_api=False)
        if fault is not None:
            return await fail(request, fault, self._faults.released)
        answer = await self._take(request)
        fault = self._faults.after("upload", web_api=False)
        if fault is not None:
            return await fail(request, fault, self._faults.released, answer)
        return answer

    async def _take(self, request: web.Request) -> web.Response:
        world = self._house.world
        file = world.files.get(request.match_info["key"].partition("-")[0])
        if file is None or file.completed:
            return web.Response(status=404, text="file_not_found")
        content = await _content(request)
        if len(content) != file.size:
            return web.Response(status=400, text="length mismatch")
        world.files[file.id] = replace(file, content=content)
        await self._house.ledger.append("upload", file.owner, file=file.id, length=len(content))
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes. Without a token that may read it: the page to sign in."""
        fault = self._faults.before("download", web_api=False)
        if fault is not None:
            return await fail(request, fault, self._faults.released)
        file = self._house.world.files.get(request.match_info["key"].partition("-")[2])
        if not self._may_read(request):
            raise web.HTTPFound(f"/?redir={request.path}")
        if file is None or file.content is None:
            return web.Response(status=404, text="File not found")
        answer = _bytes(file, attached="/download/" in request.path)
        fault = self._faults.after("download", web_api=False)
        if fault is not None:
            return await fail(request, fault, self._faults.released, answer)
        return answer

    def _may_read(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        return any(
            given == f"Bearer {app.bot_token}"
            and app.access == "granted"
            and "files:read" in app.scopes
            for app in self._house.world.apps.values()
        )


async def login(request: web.Request) -> web.Response:
    """What a stranger sees: 200, and HTML."""
    return web.Response(text=LOGIN_PAGE, content_type="text/html")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for part in form.values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


def _bytes(file: StoredFile, *, attached: bool) -> web.Response:
    headers = {"Content-Type": file.mimetype, "X-Content-Type-Options": "nosniff"}
    if attached:
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=file.content, headers=headers)
