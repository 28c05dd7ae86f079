"""Coming in and going out: sign-in, the first admin's set-up, invitations, the demo's short cut."""

from aiohttp import web

from bridge.adapters.workspaces.local.pages.base import (
    SESSION_COOKIE,
    Access,
    Page,
    Visit,
    answer_json,
    fields,
    get,
    post,
    render,
    see_other,
    set_cookie,
)
from bridge.adapters.workspaces.local.passwords import weakness
from bridge.adapters.workspaces.local.people import AlreadyKnown, User, tidy
from bridge.adapters.workspaces.local.security import address, on_loopback
from bridge.domain.errors import NotFound
from bridge.domain.ids import DAY, SECOND, Millis, SourceKey, WorkspaceUserId
from bridge.ports.workspace import MemberChanged


async def sign_in_form(visit: Visit) -> web.StreamResponse:
    """Ask for e-mail and password."""
    if visit.user is not None:
        return see_other(_next(visit.request.query.get("next", "")))
    first = not await visit.site.people.anybody_joined() and not visit.site.context.demo
    return _form(visit, next=visit.request.query.get("next", ""), first=first)


async def sign_in(visit: Visit) -> web.StreamResponse:
    """Compare the password, as often as the throttle allows."""
    form = await fields(visit)
    email, site = tidy(form.get("email", "")), visit.site
    keys = ((site.by_address, address(visit.request)), (site.by_account, email))
    wait = max(throttle.wait(key) for throttle, key in keys)
    if wait:
        return _form(visit, form, status=429, problem="local.sign_in.wait", wait=wait)
    for throttle, key in keys:
        throttle.count(key)
    user = await site.people.named(email)
    kept = user.password if user is not None and user.active else ""
    fits = await site.people.passwords.fits(kept, form.get("password", ""))
    if user is None or not fits:
        return _form(visit, form, status=403, problem="local.sign_in.wrong")
    site.by_account.forget(email)
    return await _enter(visit, user, _next(form.get("next", "")))


async def setup_form(visit: Visit) -> web.StreamResponse:
    """Ask for the set-up token, until somebody can sign in."""
    if await visit.site.people.anybody_joined():
        return see_other("/desk/sign-in")
    return _join_page(visit)


async def join_form(visit: Visit) -> web.StreamResponse:
    """Show an invitation."""
    try:
        invited = await visit.site.people.invited(visit.request.match_info["token"])
    except NotFound:
        return render(visit, "join_used.html", status=404)
    return _join_page(visit, invited=invited)


async def join(visit: Visit) -> web.StreamResponse:
    """Use a set-up token or an invitation: choose a name and a password, and be signed in."""
    form, site = await fields(visit), visit.site
    token = visit.request.match_info.get("token") or form.get("token", "").strip()
    if wait := site.by_address.wait(address(visit.request)):
        return _join_page(visit, form, problem="local.sign_in.wait", status=429, wait=wait)
    site.by_address.count(address(visit.request))
    try:
        invited = await site.people.invited(token)
    except NotFound:
        return _join_page(visit, form, problem="local.join.bad_token", status=403)
    if "token" not in visit.request.match_info and not invited.nameless:
        return see_other(f"/desk/join/{token}")  # an invitation, typed where a set-up token goes
    own = invited.nameless
    email = tidy(form.get("email", "")) if own else invited.email
    problem = weakness(form.get("password", ""), email)
    if own and "@" not in email:
        problem = "local.join.email_missing"
    if problem is not None:
        return _join_page(visit, form, status=422, problem=problem, invited=invited)
    try:
        user = await site.people.join(token, form.get("name", "").strip(), email, form["password"])
    except AlreadyKnown:
        return _join_page(visit, form, status=422, problem="local.join.known", invited=invited)
    await _tell(visit, user)
    return await _enter(visit, user, "/desk")


async def sign_out(visit: Visit) -> web.StreamResponse:
    """End this session."""
    await visit.site.sessions.close(visit.cookie)
    return _left()


async def sign_out_everywhere(visit: Visit) -> web.StreamResponse:
    """End every session of this person."""
    await visit.site.people.end_sessions(visit.person)
    return _left()


async def demo_sign_in(visit: Visit) -> web.StreamResponse:
    """Be one of the demo's people; in the demo, on this machine, only."""
    site = visit.site
    user = await site.people.user(WorkspaceUserId(f"demo-{visit.request.match_info['handle']}"))
    if not site.context.demo or not on_loopback(visit.request) or user is None:
        raise NotFound("no such person in the demo")
    return await _enter(visit, user, _next(visit.request.query.get("next", "")))


async def session(visit: Visit) -> web.StreamResponse:
    """What a program needs to go on: who is signed in, and the token its forms carry."""
    user, seen = visit.user, visit.seen
    return answer_json(
        {
            "user": None if user is None else {"id": user.id, "name": user.name},
            "agent": None if seen is None else seen.home.agent.handle,
            "role": None if seen is None else seen.home.agent.role.value,
            "available": None if seen is None else seen.home.agent.available,
            "language": visit.language,
            "csrf": visit.csrf,
            "now": visit.site.clock.now(),
        }
    )


def _form(
    visit: Visit,
    form: dict[str, str] | None = None,
    *,
    status: int = 200,
    problem: str = "",
    wait: int = 0,
    next: str = "",
    first: bool = False,
) -> web.Response:
    filled = form or {"next": next}
    sentence = visit.say(problem, seconds=_seconds(wait)) if problem else ""
    response = render(
        visit, "sign_in.html", status=status, form=filled, problem=sentence, first=first
    )
    if wait:
        response.headers["Retry-After"] = str(_seconds(wait))
    return response


def _join_page(
    visit: Visit,
    form: dict[str, str] | None = None,
    *,
    status: int = 200,
    problem: str = "",
    wait: int = 0,
    invited: User | None = None,
) -> web.Response:
    """The page that asks for name and password, and for a token where none is in the address."""
    token = visit.request.match_info.get("token", "")
    return render(
        visit,
        "join.html",
        status=status,
        token=token,
        invited=invited,
        setup=not token or (invited is not None and invited.nameless),
        problem=visit.say(problem, seconds=_seconds(wait)) if problem else "",
        form=form or {},
    )


async def _enter(visit: Visit, user: User, to: str) -> web.Response:
    if visit.session is not None:
        await visit.site.sessions.close(visit.cookie)
    cookie = await visit.site.sessions.open(user)
    response = see_other(to)
    days = visit.site.settings.session_days
    set_cookie(visit, response, SESSION_COOKIE, cookie, max_age=days * DAY // SECOND)
    return response


def _left() -> web.Response:
    response = see_other("/desk/sign-in")
    response.del_cookie(SESSION_COOKIE, path="/desk")
    return response


async def _tell(visit: Visit, user: User) -> None:
    await visit.site.sink.accept(
        MemberChanged(
            workspace=visit.site.id,
            source=(SourceKey(f"member:{user.id}:{user.generation}"),),
            user=user.seen_as(),
        )
    )


def _next(wanted: str) -> str:
    """Where to go after signing in: only ever a page of ours."""
    ours = wanted == "/desk" or wanted.startswith(("/desk/", "/desk?"))
    return wanted if ours and "\\" not in wanted and "//" not in wanted else "/desk"


def _seconds(wait: Millis | int) -> int:
    return -(-wait // SECOND)


PAGES = (
    get("/desk/sign-in", Access.ANYBODY, sign_in_form),
    post("/desk/sign-in", Access.ANYBODY, sign_in),
    get("/desk/setup", Access.ANYBODY, setup_form),
    post("/desk/setup", Access.ANYBODY, join),
    get("/desk/join/{token}", Access.ANYBODY, join_form),
    post("/desk/join/{token}", Access.ANYBODY, join),
    post("/desk/sign-out", Access.SIGNED_IN, sign_out),
    post("/desk/sign-out-everywhere", Access.SIGNED_IN, sign_out_everywhere),
    get("/desk/session", Access.ANYBODY, session),
    *(
        Page(
            method=method,
            path="/desk/demo/sign-in/{handle}",
            access=Access.ANYBODY,
            handler=demo_sign_in,
            demo=True,
        )
        for method in ("GET", "POST")
    ),
)
