"""What every page has in common: who asks, whether he may, how answers look."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import quote

from aiohttp import web

from bridge.adapters.workspaces.local.pages.forms import is_parts, read_form
from bridge.adapters.workspaces.local.people import User
from bridge.adapters.workspaces.local.render import filesize
from bridge.adapters.workspaces.local.security import CSRF_FIELD, CSRF_HEADER
from bridge.adapters.workspaces.local.sessions import Session
from bridge.adapters.workspaces.local.site import Site
from bridge.adapters.workspaces.local.visibility import Viewer
from bridge.domain.errors import (
    DeliveryRejected,
    NotAuthorized,
    NotFound,
    Overloaded,
    StorageUnavailable,
    UntrustedRequest,
)
from bridge.locales import LANGUAGES, best_language, catalogue, say

log = logging.getLogger(__name__)

SESSION_COOKIE = "desk_session"
VISIT_COOKIE = "desk_visit"
_FORMS = ("text/html", "application/json")
_STATUS = {"malformed": 400, "too_large": 413}
_RETRY = "2"
"""Seconds after which to come back when nothing can be stored."""


class Access(IntEnum):
    """Who may open a page; more means fewer people."""

    ANYBODY = 0
    SIGNED_IN = 1
    AGENT = 2
    ADMIN = 3


@dataclass(kw_only=True, slots=True)
class Visit:
    """One request, with everything that was found out about who makes it."""

    request: web.Request
    site: Site
    cookie: str
    language: str
    session: Session | None = None
    user: User | None = None
    seen: Viewer | None = None
    unclear: bool = False
    """Whether the database could not say who asks."""

    @property
    def viewer(self) -> Viewer:
        """The agent who asks. Raises `NotAuthorized` for anybody else."""
        if self.seen is None:
            raise NotAuthorized("not an agent")
        return self.seen

    @property
    def person(self) -> User:
        """The person who is signed in. Raises `NotAuthorized` when nobody is."""
        if self.user is None:
            raise NotAuthorized("not signed in")
        return self.user

    @property
    def csrf(self) -> str:
        """The token that forms of this visit carry."""
        return self.site.guard.token(self.cookie)

    @property
    def wants_json(self) -> bool:
        """Whether a program asks."""
        return "application/json" in self.request.headers.get("Accept", "")

    @property
    def wants_part(self) -> bool:
        """Whether a script of ours asks, for a part of a page."""
        return "HX-Request" in self.request.headers

    def say(self, key: str, **data: object) -> str:
        """A text in the person's language."""
        return say(self.language, key, **data)


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One entry point: its address, who may open it, what it answers."""

    method: str
    path: str
    access: Access
    handler: Handler
    demo: bool = False


def get(path: str, access: Access, handler: Handler) -> Page:
    """A page that shows something and changes nothing."""
    return Page(method="GET", path=path, access=access, handler=handler)


def post(path: str, access: Access, handler: Handler) -> Page:
    """A page that changes something: it wants a token and our own origin."""
    return Page(method="POST", path=path, access=access, handler=handler)


def route(site: Site, page: Page) -> web.RouteDef:
    """A page as a route, with every check in front of it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        visit = await begin(site, request)
        try:
            response = await checked(visit, page)
        except web.HTTPException as answer:
            site.guard.protect(answer)
            raise
        if not response.prepared:
            site.guard.protect(response)
            remember(visit, response)
        return response

    return web.route(page.method, page.path, handle)


async def begin(site: Site, request: web.Request) -> Visit:
    """Find out who asks."""
    cookie = _cookie(request, SESSION_COOKIE)
    visit = Visit(request=request, site=site, cookie=cookie, language=_browser_language(request))
    if site.settings.language != "auto":
        visit.language = site.settings.language
    try:
        found = await site.sessions.who(cookie)
        if found is None:
            visit.cookie = _cookie(request, VISIT_COOKIE) or site.new_visit()
            return visit
        visit.session, visit.user = found
        if visit.user.language in LANGUAGES:
            visit.language = visit.user.language
        visit.seen = await site.viewer(visit.user)
        if visit.seen is not None:
            visit.language = visit.seen.language
    except StorageUnavailable as error:
        log.warning("cannot tell who asks: %s", error)
        visit.unclear = True
    return visit


async def checked(visit: Visit, page: Page) -> web.StreamResponse:
    """The page's answer, or why there is none."""
    try:
        if page.method != "GET":
            await prove(visit)
        if (refusal := admit(visit, page.access)) is not None:
            return refusal
        return await page.handler(visit)
    except UntrustedRequest:
        return sorry(visit, 403, "local.error.untrusted")
    except NotFound:
        return sorry(visit, 404, "local.error.not_found")
    except NotAuthorized:
        return sorry(visit, 403, "local.error.not_authorized")
    except DeliveryRejected as error:
        key = f"local.error.{error.code}"
        known = key in catalogue(visit.language)
        status, limit = _STATUS.get(error.code, 422), filesize(visit.site.max_file)
        return sorry(visit, status, key if known else "local.error.rejected", limit=limit)
    except (StorageUnavailable, Overloaded) as error:
        log.warning("%s refused: %s", page.path, error)
        return sorry(visit, 503, "local.error.unavailable")


async def prove(visit: Visit) -> None:
    """Make sure that a form of ours sent this. Raises `UntrustedRequest`."""
    request, guard = visit.request, visit.site.guard
    if not guard.same_origin(request):
        raise UntrustedRequest("not sent by a page of ours")
    token = request.headers.get(CSRF_HEADER, "")
    if not token and not is_parts(request):
        token = (await read_form(request)).get(CSRF_FIELD, "")
    if not guard.genuine(token, visit.cookie):
        raise UntrustedRequest("not shown by a page of ours")


def admit(visit: Visit, access: Access) -> web.StreamResponse | None:
    """Let the person in (None), or say where to go instead."""
    if access is Access.ANYBODY:
        return None
    if visit.unclear:
        raise StorageUnavailable("cannot tell who asks")
    if visit.user is None:
        return to_sign_in(visit)
    if access is Access.SIGNED_IN:
        return None
    if visit.seen is None:
        return render(visit, "no_agent.html", status=403)
    if access is Access.ADMIN and not visit.seen.admin:
        raise NotAuthorized("for admins")
    return None


def to_sign_in(visit: Visit) -> web.Response:
    """Ask to sign in, wherever the question came from."""
    if visit.wants_part:
        return web.Response(status=401, headers={"HX-Redirect": "/desk/sign-in"})
    if visit.wants_json or visit.request.method != "GET":
        return sorry(visit, 401, "local.error.signed_out")
    back = visit.request.rel_url.path_qs
    return see_other("/desk/sign-in" + ("" if back == "/desk" else f"?next={quote(back)}"))


def render(
    visit: Visit,
    template: str,
    shared: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    **data: object,
) -> web.Response:
    """A page or a part of one."""
    filled = {"visit": visit, "now": visit.site.clock.now(), **(shared or {}), **data}
    html = visit.site.renderer.page(template, visit.language, **filled)
    return web.Response(text=html, status=status, content_type="text/html")


def answer_json(value: object, status: int = 200) -> web.Response:
    """An answer to a program."""
    return web.Response(
        body=json.dumps(value, ensure_ascii=False).encode(),
        status=status,
        content_type="application/json",
    )


def sorry(visit: Visit, status: int, key: str, **data: object) -> web.Response:
    """Say why not: a sentence to scripts, JSON to programs, a page to people."""
    sentence = visit.say(key, **data)
    if visit.wants_json:
        response = answer_json({"error": sentence, "code": key.rpartition(".")[2]}, status)
    elif visit.wants_part:
        response = web.Response(text=sentence, status=status, content_type="text/plain")
    else:
        response = render(visit, "sorry.html", status=status, sentence=sentence)
    if status == 503:
        response.headers["Retry-After"] = _RETRY
    return response


def see_other(to: str) -> web.Response:
    """Go and look there."""
    return web.Response(status=303, headers={"Location": to})


def remember(visit: Visit, response: web.StreamResponse) -> None:
    """Give a browser without a session the cookie that its forms are tied to."""
    new = visit.request.cookies.get(VISIT_COOKIE) != visit.cookie
    nobody = visit.session is None and not visit.unclear
    if nobody and new and response.content_type in _FORMS:
        set_cookie(visit, response, VISIT_COOKIE, visit.cookie, max_age=None)


def set_cookie(
    visit: Visit, response: web.StreamResponse, name: str, value: str, max_age: int | None
) -> None:
    """A cookie that no script reads and no foreign page sends."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/desk",
        httponly=True,
        samesite="Lax",
        secure=visit.site.guard.secure(visit.request),
    )


async def fields(visit: Visit) -> dict[str, str]:
    """The text fields of a form."""
    return await read_form(visit.request)


def _cookie(request: web.Request, name: str) -> str:
    """A cookie of ours; what we cannot have made is none."""
    value = request.cookies.get(name, "")
    return value if value.isascii() else ""


def _browser_language(request: web.Request) -> str:
    return best_language(request.headers.get("Accept-Language", ""))
