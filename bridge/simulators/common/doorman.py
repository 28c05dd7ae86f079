"""Who may steer a simulator: this machine's own pages and programs, under its own name."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

OURS = ("/sim/", "/workspace")
_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


@web.middleware
async def only_by_its_own_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    """403 for a foreign name that was made to lead here: its pages would read the tokens."""
    if request.path.startswith(OURS) and _host(request) not in _NAMES:
        return web.Response(status=403, text="Ask for 127.0.0.1 or localhost.")
    return await handler(request)


def _host(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:  # that is no name of a host
        return ""
