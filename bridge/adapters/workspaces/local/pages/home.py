"""Where an agent begins: what he holds, who waits for him, and the rooms of his queues."""

from aiohttp import web

from bridge.adapters.workspaces.local.pages.base import Access, Visit, get, render, see_other
from bridge.adapters.workspaces.local.pages.views import rail, room_title
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.domain.binding import Purpose
from bridge.domain.errors import NotFound
from bridge.domain.ids import RoomRef

PAGE = 40


async def start(_visit: Visit) -> web.StreamResponse:
    """The home page."""
    return see_other("/desk/home")


async def home(visit: Visit) -> web.StreamResponse:
    """What he holds and who waits; the lists refresh themselves."""
    whispers, told = await visit.site.whispers.open(visit.person.id)
    template = "parts/home_lists.html" if visit.wants_part else "home.html"
    return render(
        visit,
        template,
        viewer=visit.viewer,
        home=visit.viewer.home,
        rail=await rail(visit),
        whispers=[each for each in whispers if each.thread is None],
        after=f"0.{told}",
    )


async def room(visit: Visit) -> web.StreamResponse:
    """A room: what waits, what is answered, what has ended."""
    ref = RoomRef(visit.request.match_info["room"])
    if not visit.viewer.may_enter(ref):
        raise NotFound(ref)
    before = visit.request.query.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    opened, older = await visit.site.threads.opened_in(ref, number, PAGE)
    open_now = await visit.site.threads.open_in(ref) if number is None else []
    ended = [head for head in opened if head.closed_at is not None]
    shown = await rail(visit)
    template = "parts/room_lists.html" if visit.wants_part else "room.html"
    return render(
        visit,
        template,
        viewer=visit.viewer,
        rail=shown,
        room=ref,
        title=room_title(visit, shown, ref),
        waiting=_seen(visit, open_now, Purpose.WAITING),
        working=_seen(visit, open_now, Purpose.WORK),
        watched=_seen(visit, open_now, Purpose.MONITOR),
        ended=[head for head in ended if visit.viewer.may_see(head)],
        older=older,
    )


async def rail_part(visit: Visit) -> web.StreamResponse:
    """The rail again, because something in it changed."""
    at = visit.request.query.get("at", "")
    return render(visit, "parts/rail.html", rail=await rail(visit, at), viewer=visit.viewer)


def _seen(visit: Visit, heads: list[ThreadHead], purpose: Purpose) -> list[ThreadHead]:
    seen = [h for h in heads if h.purpose is purpose and visit.viewer.may_see(h)]
    return sorted(seen, key=lambda h: (h.card.priority, h.card.waiting_since or h.opened_at))


PAGES = (
    get("/desk", Access.AGENT, start),
    get("/desk/home", Access.AGENT, home),
    get("/desk/rooms/{room}", Access.AGENT, room),
    get("/desk/part/rail", Access.AGENT, rail_part),
)
