"""What the demo's page sends, and nobody else's."""

from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from aiohttp import hdrs, web

from bridge.domain.value import Value
from bridge.settings.sections import is_loopback
from bridge.web.problems import Refused

Shape = TypeVar("Shape", bound=Value)


def ours(request: web.Request) -> None:
    """Raises `Refused` for another site's page, whatever name it made lead here."""
    if (
        not is_loopback(_host(request))
        or request.headers.get(hdrs.ORIGIN) != f"http://{request.host}"
    ):
        raise Refused(403, "forbidden_origin", "Only the demo's own page may do this.")


def by_its_own_name(request: web.Request) -> None:
    """Raises `Refused` for a foreign name that was made to lead here."""
    if not is_loopback(_host(request)):
        raise Refused(403, "forbidden_origin", "Ask for 127.0.0.1 or localhost.")


async def body(request: web.Request, shape: type[Shape]) -> Shape:
    """What our own page sends. Raises `Refused`."""
    ours(request)
    raw = await request.read()
    if b"\\u0000" in raw:
        raise Refused(400, "malformed", "Nobody's name has a NUL.")
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, "malformed", f"This is not what the request needs: {error}") from error


def answer(value: object) -> web.Response:
    """JSON for our page."""
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")


def _host(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:  # that is no name of a host
        return ""
