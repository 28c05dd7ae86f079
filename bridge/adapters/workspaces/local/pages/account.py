"""A person's own account: name on the pages, language, colours, password, sessions."""

import secrets

from aiohttp import web
from msgspec.structs import replace

from bridge.adapters.workspaces.local import inbound
from bridge.adapters.workspaces.local.pages.base import (
    SESSION_COOKIE,
    Access,
    Visit,
    fields,
    get,
    post,
    render,
    see_other,
    set_cookie,
)
from bridge.adapters.workspaces.local.pages.views import rail
from bridge.adapters.workspaces.local.passwords import weakness
from bridge.domain.ids import DAY, SECOND
from bridge.locales import LANGUAGES

THEMES = ("", "light", "dark")


async def account(visit: Visit) -> web.StreamResponse:
    """Show the account."""
    return await _show(visit, done=visit.request.query.get("done", ""))


async def save(visit: Visit) -> web.StreamResponse:
    """Keep colours and language; an agent's language is the desk's to know."""
    form, user = await fields(visit), visit.person
    language = form.get("language", "") if form.get("language") in LANGUAGES else ""
    theme = form.get("theme", "") if form.get("theme") in THEMES else ""
    if visit.seen is not None and language:
        await visit.site.sink.invoke(
            inbound.invoked(
                visit.site.id,
                user,
                secrets.token_hex(16),
                "language",
                arguments={"language": language},
            )
        )
    await visit.site.people.save(replace(user, language=language, theme=theme))
    return see_other("/desk/account?done=saved")


async def password(visit: Visit) -> web.StreamResponse:
    """Change the password; every other session ends."""
    form, site, user = await fields(visit), visit.site, visit.person
    if wait := site.by_account.wait(user.email):
        seconds = -(-wait // SECOND)
        return await _show(
            visit, status=429, problem=visit.say("local.sign_in.wait", seconds=seconds)
        )
    site.by_account.count(user.email)
    if not await site.people.passwords.fits(user.password, form.get("current", "")):
        return await _show(visit, status=403, problem=visit.say("local.account.wrong_password"))
    site.by_account.forget(user.email)
    if problem := weakness(form.get("password", ""), user.email):
        return await _show(visit, status=422, problem=visit.say(problem))
    kept = await site.people.passwords.hash(form["password"])
    changed = await site.people.end_sessions(replace(user, password=kept))
    response = see_other("/desk/account?done=password")
    cookie = await site.sessions.open(changed)
    age = site.settings.session_days * DAY // SECOND
    set_cookie(visit, response, SESSION_COOKIE, cookie, max_age=age)
    return response


async def _show(
    visit: Visit, *, status: int = 200, problem: str = "", done: str = ""
) -> web.Response:
    shown = await rail(visit) if visit.seen is not None else None
    return render(visit, "account.html", status=status, rail=shown, problem=problem, done=done)


PAGES = (
    get("/desk/account", Access.SIGNED_IN, account),
    post("/desk/account", Access.SIGNED_IN, save),
    post("/desk/account/password", Access.SIGNED_IN, password),
)
