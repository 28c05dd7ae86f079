"""Styles, scripts and icons; their addresses change with them, so browsers keep them."""

from aiohttp import web

from bridge.adapters.workspaces.local.pages.base import Access, Visit, get
from bridge.adapters.workspaces.local.render import ASSETS, version
from bridge.domain.errors import NotFound

_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_FOR_EVER = "public, max-age=31536000, immutable"


async def asset(visit: Visit) -> web.StreamResponse:
    """One file of ours, and no other."""
    name = visit.request.match_info["name"]
    if not name.isprintable():
        raise NotFound("no such file")
    path = (ASSETS / name).resolve()
    if not path.is_relative_to(ASSETS) or not path.is_file() or path.suffix not in _TYPES:
        raise NotFound(name)
    current = visit.request.match_info["version"] == version()
    headers = {
        "Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8",
        "Cache-Control": _FOR_EVER if current else "no-cache",
    }
    return web.FileResponse(path, headers=headers)


PAGES = (get("/desk/assets/{version}/{name:.+}", Access.ANYBODY, asset),)
