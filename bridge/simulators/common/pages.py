"""`/workspace/`: the page on which a person works in a simulated workspace."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from aiohttp import hdrs, web

_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    hdrs.CACHE_CONTROL: "no-cache",
}
_FRONT = "workspace.html"
_SHARED = "bridge.simulators.common"


class WorkspacePage:
    """Serves the page's files as they are. Everything that it knows it asks of `/sim`.

    What all simulated workspaces share stands beside a simulator's own files, under one address.
    """

    def __init__(self, package: str) -> None:
        """Read the files of `package`, the simulator's, and the shared ones."""
        self._files = {**_read(_SHARED), **_read(package)}

    def route(self, app: web.Application) -> None:
        """Add its addresses to an application."""
        app.router.add_get("/workspace", self._way)
        app.router.add_get("/workspace/{name:[a-z-]*\\.?[a-z]*}", self._file)

    async def _way(self, _request: web.Request) -> web.Response:
        return web.Response(status=308, headers={hdrs.LOCATION: "/workspace/"})

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"] or _FRONT
        if name not in self._files:
            return web.Response(status=404, text="There is no such file.")
        kind = _TYPES[name.rpartition(".")[2]]
        return web.Response(
            body=self._files[name], content_type=kind, charset="utf-8", headers=_HEADERS
        )


@cache
def _read(package: str) -> Mapping[str, bytes]:
    folder = files(package).joinpath("page")
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
