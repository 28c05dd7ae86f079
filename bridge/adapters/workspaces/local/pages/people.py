"""The people page: who may sign in, who they are to the desk, invitations."""

import re
import secrets

from aiohttp import web
from msgspec.structs import replace

from bridge.adapters.workspaces.local import inbound
from bridge.adapters.workspaces.local.pages.base import (
    Access,
    Visit,
    fields,
    get,
    post,
    render,
    sorry,
)
from bridge.adapters.workspaces.local.pages.views import ask, queues, rail
from bridge.adapters.workspaces.local.people import User, tidy
from bridge.domain.errors import NotFound
from bridge.domain.ids import SourceKey, WorkspaceUserId
from bridge.domain.text import to_plain
from bridge.ports.commands import Answer
from bridge.ports.queries import AgentRow, Agents, ShowAgents
from bridge.ports.workspace import MemberChanged


async def people(visit: Visit) -> web.StreamResponse:
    """Everybody."""
    return await _page(visit)


async def invite(visit: Visit) -> web.StreamResponse:
    """A one-time link for a person, who is made an agent; the link is shown once."""
    form = await fields(visit)
    email = tidy(form.get("email", ""))
    if "@" not in email or len(email) > 200:
        return await _page(visit, problem=visit.say("local.people.bad_email"), status=422)
    user = await visit.site.people.add(email, form.get("name", "").strip()[:80])
    refusal = await _make_agent(visit, user, form)
    return await _link(visit, user) if refusal is None else refusal


async def agent(visit: Visit) -> web.StreamResponse:
    """Make somebody who can sign in an agent."""
    refusal = await _make_agent(visit, await _user(visit), await fields(visit))
    return await _page(visit) if refusal is None else refusal


async def link(visit: Visit) -> web.StreamResponse:
    """A fresh one-time link for somebody who lost his way in."""
    return await _link(visit, await _user(visit))


async def disable(visit: Visit) -> web.StreamResponse:
    """End every session of a person; he cannot sign in any more."""
    user = await _user(visit)
    if user.id == visit.person.id:
        return sorry(visit, 422, "local.people.not_yourself")
    viewer = await visit.site.viewer(user)
    handle = user.handle if viewer is None else viewer.home.agent.handle
    off = replace(user, active=False, generation=user.generation + 1, handle=handle)
    await _changed(visit, await visit.site.people.save(off))
    return await _page(visit)


async def enable(visit: Visit) -> web.StreamResponse:
    """Let a person sign in again."""
    on = replace(await _user(visit), active=True)
    await _changed(visit, await visit.site.people.save(on))
    return await _page(visit)


async def _make_agent(visit: Visit, user: User, form: dict[str, str]) -> web.Response | None:
    """Ask the desk, as the admin who is here; None when it was done."""
    wanted = form.get("handle", "").strip() or handle_of(user)
    words = {"user": user.id, "handle": wanted, "name": user.name, "email": user.email}
    made = await _run(visit, "people", {**words, "role": form.get("role", "")})
    if not made.ok:
        return await _page(visit, problem=to_plain(made.text), status=422)
    if queue := form.get("queue", ""):
        details = f"{queue} @{wanted.removeprefix('@')}"
        added = await _run(visit, "queues", {"action": "add", "details": details})
        if not added.ok:
            return await _page(visit, problem=to_plain(added.text), status=422)
    return None


async def _run(visit: Visit, command: str, arguments: dict[str, str]) -> Answer:
    key = secrets.token_hex(16)
    return await visit.site.sink.invoke(
        inbound.invoked(visit.site.id, visit.person, key, command, arguments=arguments)
    )


def handle_of(user: User) -> str:
    """What commands call this person: as before, else from his e-mail."""
    if user.handle:
        return user.handle
    name = user.email.split("@", maxsplit=1)[0].lower()
    return re.sub(r"[^a-z0-9._-]+", "-", name).strip("._-")[:32]


async def _link(visit: Visit, user: User) -> web.Response:
    invitation = await visit.site.people.invite(user)
    address = f"{visit.site.context.public_url}/desk/join/{invitation.token}"
    return await _page(visit, invited=user, address=address)


async def _page(
    visit: Visit,
    *,
    status: int = 200,
    problem: str = "",
    invited: User | None = None,
    address: str = "",
) -> web.Response:
    view = await ask(visit, ShowAgents())
    rows = view.rows if isinstance(view, Agents) else ()
    return render(
        visit,
        "people.html",
        status=status,
        rail=await rail(visit, "/desk/people"),
        viewer=visit.viewer,
        users=await visit.site.people.everybody(),
        agents=rows,
        linked=await _linked(visit, rows),
        problem=problem,
        queues=await queues(visit),
        invited=invited,
        address=address,
    )


async def _linked(visit: Visit, rows: tuple[AgentRow, ...]) -> dict[WorkspaceUserId, AgentRow]:
    """Which agent each person is, as the desk sees him when he asks for his home."""
    by_id = {row.id: row for row in rows}
    linked = {}
    for user in await visit.site.people.everybody():
        viewer = await visit.site.viewer(user) if user.active else None
        if viewer is not None and viewer.home.agent.id in by_id:
            linked[user.id] = by_id[viewer.home.agent.id]
    return linked


async def _user(visit: Visit) -> User:
    user = await visit.site.people.user(WorkspaceUserId(visit.request.match_info["user"]))
    if user is None:
        raise NotFound("no such person")
    return user


async def _changed(visit: Visit, user: User) -> None:
    await visit.site.sink.accept(
        MemberChanged(
            workspace=visit.site.id,
            source=(SourceKey(f"member:{user.id}:{user.generation}:{user.active}"),),
            user=user.seen_as(),
        )
    )


PAGES = (
    get("/desk/people", Access.ADMIN, people),
    post("/desk/people/invite", Access.ADMIN, invite),
    post("/desk/people/{user}/agent", Access.ADMIN, agent),
    post("/desk/people/{user}/link", Access.ADMIN, link),
    post("/desk/people/{user}/disable", Access.ADMIN, disable),
    post("/desk/people/{user}/enable", Access.ADMIN, enable),
)
