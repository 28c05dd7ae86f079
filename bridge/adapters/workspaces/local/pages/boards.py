"""Boards: conversations with their filters, one conversation in full, its events, the queues."""

from aiohttp import web

from bridge.adapters.workspaces.local.pages.base import Access, Visit, answer_json, get, render
from bridge.adapters.workspaces.local.pages.filters import Wanted, read_filter
from bridge.adapters.workspaces.local.pages.views import ask, queues, rail
from bridge.adapters.workspaces.local.render import to_json
from bridge.domain.conversation import Priority, State
from bridge.domain.errors import NotFound
from bridge.domain.ids import MessageId
from bridge.ports.commands import ArgumentKind
from bridge.ports.queries import (
    Choices,
    Complete,
    Conversations,
    ConversationView,
    History,
    ListConversations,
    Option,
    ShowConversation,
    ShowEvents,
)

_LINES = 100


async def conversations(visit: Visit) -> web.StreamResponse:
    """All conversations for an admin, an agent's own and waiting ones for him."""
    wanted = read_filter(visit.request.query, visit.site.clock.now())
    view = await ask(visit, ListConversations(filter=wanted.filter))
    if not isinstance(view, Conversations):
        raise NotFound("no list")
    if visit.wants_json:
        return web.Response(body=to_json(view), content_type="application/json")
    if visit.wants_part:
        return render(visit, "parts/board.html", board=view, wanted=wanted, viewer=visit.viewer)
    return render(
        visit,
        "conversations.html",
        board=view,
        wanted=wanted,
        viewer=visit.viewer,
        rail=await rail(visit),
        states=[state.value for state in State],
        priorities=[priority.word for priority in Priority],
        queue_options=await _options(visit, ArgumentKind.QUEUE),
        agent_options=await _options(visit, ArgumentKind.AGENT),
    )


async def conversation(visit: Visit) -> web.StreamResponse:
    """One conversation with its full text, to be read and taken over."""
    number = _number(visit.request.match_info["number"])
    word = visit.request.query.get("before", "")
    before = MessageId(_number(word)) if word else None
    view = await ask(visit, ShowConversation(number=number, before=before, limit=_LINES))
    if not isinstance(view, ConversationView):
        raise NotFound(f"no conversation {number}")
    if visit.wants_json:
        return web.Response(body=to_json(view), content_type="application/json")
    data = {
        "view": view,
        "card": view.card,
        "viewer": visit.viewer,
        "known": set(visit.site.commands),
    }
    if visit.wants_part:
        return render(visit, "parts/full_again.html", data, again=before is None)
    return render(visit, "conversation.html", data, rail=await rail(visit))


async def events(visit: Visit) -> web.StreamResponse:
    """A conversation's history, in sentences."""
    number = _number(visit.request.match_info["number"])
    view = await ask(visit, ShowEvents(number=number))
    if not isinstance(view, History):
        raise NotFound(f"no conversation {number}")
    if visit.wants_json:
        said = {"number": number, "sentences": list(view.sentences), "remarks": list(view.remarks)}
        return answer_json(said)
    rows = list(zip(view.events, view.sentences, strict=True))
    return render(visit, "parts/events.html", number=number, rows=rows, remarks=view.remarks)


async def queue_board(visit: Visit) -> web.StreamResponse:
    """The queues: who is connected, who is not, what each holds, who waits."""
    wanted = visit.request.query.get("queue", "").strip()
    rows = await queues(visit)
    shown = [row for row in rows if wanted.lower() in f"{row.name} {row.title}".lower()]
    if visit.wants_json:
        return web.Response(body=to_json(shown), content_type="application/json")
    data = {"rows": shown, "wanted": wanted, "viewer": visit.viewer}
    if visit.wants_part:
        return render(visit, "parts/queue_board.html", data)
    return render(visit, "queues.html", data, rail=await rail(visit))


async def _options(visit: Visit, kind: ArgumentKind) -> tuple[Option, ...]:
    view = await ask(visit, Complete(kind=kind))
    return view.options if isinstance(view, Choices) else ()


def _number(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise NotFound(word)
    return int(word)


PAGES = (
    get("/desk/conversations", Access.AGENT, conversations),
    get("/desk/conversations/{number}", Access.AGENT, conversation),
    get("/desk/conversations/{number}/events", Access.AGENT, events),
    get("/desk/queues", Access.AGENT, queue_board),
)

__all__ = ["PAGES", "Wanted"]
