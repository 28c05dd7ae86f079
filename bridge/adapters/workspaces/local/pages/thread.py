"""One thread: its card, its lines, the composer."""

from aiohttp import web

from bridge.adapters.workspaces.local.pages.base import (
    Access,
    Visit,
    get,
    post,
    render,
)
from bridge.adapters.workspaces.local.pages.views import actions, message_json, rail
from bridge.adapters.workspaces.local.render import to_json
from bridge.adapters.workspaces.local.shown import PALETTE, ShownLine, show
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.adapters.workspaces.local.timeline import Timeline
from bridge.adapters.workspaces.local.whispers import Whisper
from bridge.domain.errors import NotFound
from bridge.domain.ids import ThreadRef

PAGE = 80


async def visible(visit: Visit) -> ThreadHead:
    """The thread of this address. Raises `NotFound` also when it is not for this person."""
    ref = ThreadRef(visit.request.match_info["ref"])
    head = await visit.site.threads.head(ref)
    if not visit.viewer.may_see(head):
        raise NotFound(ref)
    return head


async def thread(visit: Visit) -> web.StreamResponse:
    """The whole page; programs get the same as JSON."""
    head = await visible(visit)
    timeline = await visit.site.threads.timeline(head.ref)
    lines, more = timeline.page(None, PAGE)
    if visit.wants_json:
        return _as_json(head, timeline)
    whispers, told = await visit.site.whispers.open(visit.person.id)
    mine = [each for each in whispers if each.thread in (None, head.ref)]
    shown = [show(line, timeline, head, visit.person.id) for line in lines]
    return render(
        visit,
        "thread.html",
        head=head,
        card=head.card,
        actions=await actions(visit, head),
        viewer=visit.viewer,
        known=set(visit.site.commands),
        lines=_merged(shown, mine),
        more=more,
        first=lines[0].seq if lines else 0,
        palette=PALETTE,
        ref=head.ref,
        after=f"{timeline.last}.{told}",
        max_file=visit.site.max_file,
        rail=await rail(visit),
    )


async def earlier(visit: Visit) -> web.StreamResponse:
    """Lines before the first one that is shown."""
    head = await visible(visit)
    timeline = await visit.site.threads.timeline(head.ref)
    lines, more = timeline.page(_number(visit.request.query.get("before")), PAGE)
    shown = [show(line, timeline, head, visit.person.id) for line in lines]
    return render(
        visit,
        "parts/lines.html",
        lines=shown,
        more=more,
        first=lines[0].seq if lines else 0,
        ref=head.ref,
        palette=PALETTE,
    )


async def typing(visit: Visit) -> web.StreamResponse:
    """The person is typing; the other side may show it."""
    head = await visible(visit)
    if head.writable:
        await visit.site.sink.typing(head.ref, visit.person.seen_as())
    return web.Response(status=204)


async def dismiss(visit: Visit) -> web.StreamResponse:
    """Put a private line away."""
    seq = _number(visit.request.match_info["seq"])
    if seq is None:
        raise NotFound("no such line")
    await visit.site.whispers.dismiss(visit.person.id, seq)
    return web.Response(status=200, content_type="text/html")


def _merged(lines: list[ShownLine], whispers: list[Whisper]) -> list[ShownLine | Whisper]:
    """Lines and private lines in the order they came; older private lines than shown are left out
    unless nothing older is shown at all."""
    return sorted(
        [*lines, *whispers],
        key=lambda each: each.seq if isinstance(each, Whisper) else each.line.seq,
    )


def _number(word: str | None) -> int | None:
    return int(word) if word and word.isascii() and word.isdigit() and len(word) < 19 else None


def _as_json(head: ThreadHead, timeline: Timeline) -> web.Response:
    body = to_json(
        {
            "ref": head.ref,
            "number": head.number,
            "purpose": head.purpose,
            "writable": head.writable,
            "closed": head.closed_at is not None,
            "card": head.card,
            "messages": [message_json(line) for line in timeline.lines()],
        }
    )
    return web.Response(body=body, content_type="application/json")


PAGES = (
    get("/desk/threads/{ref}", Access.AGENT, thread),
    get("/desk/threads/{ref}/messages", Access.AGENT, earlier),
    post("/desk/threads/{ref}/typing", Access.AGENT, typing),
    post("/desk/whispers/{seq}/dismiss", Access.AGENT, dismiss),
)
