"""Files of a thread or conversation, for whoever may see it now; never run, never framed."""

from urllib.parse import quote

from aiohttp import web

from bridge.adapters.workspaces.local.pages.base import Access, Visit, get
from bridge.adapters.workspaces.local.pages.thread import visible
from bridge.adapters.workspaces.local.pages.views import ask
from bridge.domain.errors import NotFound
from bridge.domain.ids import FileId
from bridge.ports.queries import ShowConversation

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PLAYED = frozenset(
    {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/wav", "audio/webm", "video/mp4", "video/webm"}
)


async def of_thread(visit: Visit) -> web.StreamResponse:
    """A file that was shown in a thread."""
    head = await visible(visit)
    return await _send(visit, f"/desk/threads/{head.ref}")


async def of_conversation(visit: Visit) -> web.StreamResponse:
    """A file that was shown in a conversation's full text."""
    word = visit.request.match_info["number"]
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise NotFound(word)
    await ask(visit, ShowConversation(number=int(word), limit=1))
    return await _send(visit, f"/desk/conversations/{word}")


async def _send(visit: Visit, place: str) -> web.StreamResponse:
    """The file, if we showed it in this place: then its address carries our proof."""
    info, files = visit.request.match_info, visit.site.context.files
    id = FileId(info["file"])
    if not visit.site.guard.showed_file(info["key"], place, id):
        raise NotFound(id)
    file = await files.find(id)
    if file is None:
        raise NotFound(id)
    inline = file.mime in SHOWN | PLAYED
    disposition = "inline" if inline else "attachment"
    return web.FileResponse(
        files.path(id),
        headers={
            "Content-Type": file.mime if inline else "application/octet-stream",
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )


PAGES = (
    get("/desk/threads/{ref}/files/{file}/{key}", Access.AGENT, of_thread),
    get("/desk/conversations/{number}/files/{file}/{key}", Access.AGENT, of_conversation),
)
