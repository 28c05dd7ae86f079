"""How a command's answer comes back: as a line only its asker sees, a toast, a form or a page."""

from urllib.parse import quote, urlencode

from aiohttp import web

from bridge.adapters.workspaces.local import inbound
from bridge.adapters.workspaces.local.pages.base import Visit
from bridge.adapters.workspaces.local.render import to_json
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.domain.ids import ThreadRef
from bridge.domain.text import to_plain
from bridge.ports.commands import Answer

_TOAST = 160
_FORMS = frozenset({"transfer", "priority", "ticket", "template"})
"""Commands that ask for what they need in a form when nothing follows them."""


async def answer(
    visit: Visit,
    key: str,
    command: str,
    *,
    text: str = "",
    arguments: dict[str, str] | None = None,
    thread: ThreadRef | None = None,
    number: int | None = None,
    confirmed: bool = False,
) -> web.Response:
    """Run a command and give what its asker is told."""
    given = await visit.site.sink.invoke(
        inbound.invoked(
            visit.site.id,
            visit.person,
            key,
            command,
            text=text,
            arguments=arguments,
            thread=thread,
            number=number,
            confirmed=confirmed,
        )
    )
    return answered(visit, given, thread, number)


def answered(
    visit: Visit, given: Answer, thread: ThreadRef | None, number: int | None
) -> web.Response:
    """An answer for our scripts and for programs: words, HTML, and whether a toast will do."""
    words = to_plain(given.text)
    html = visit.site.renderer.page(
        "parts/answer.html", visit.language, answer=given, thread=thread, number=number
    )
    body = {
        "kind": "answer",
        "ok": given.ok,
        "code": given.code,
        "text": words,
        "brief": given.ok and not given.offers and len(words) <= _TOAST and "\n" not in words,
        "offers": given.offers,
        "html": html,
    }
    return web.Response(body=to_json(body), content_type="application/json")


def open_instead(visit: Visit, head: ThreadHead, typed: inbound.Typed) -> web.Response | None:
    """A form or a page, for commands that are kinder so."""
    to = _page(head, typed)
    if to is not None:
        return _go(*to)
    bare = typed.command in _FORMS and not inbound.rest_of(typed.text)
    if bare or inbound.wants_form(visit.site.commands[typed.command], typed.text):
        query = urlencode({"thread": head.ref})
        return _go("form", f"/desk/forms/{typed.command}?{query}")
    return None


def _page(head: ThreadHead, typed: inbound.Typed) -> tuple[str, str] | None:
    words = typed.text.split()
    if typed.command == "events" and not words:
        return "form", f"/desk/conversations/{head.number}/events"
    if typed.command == "conversations" and not words:
        return "page", "/desk/conversations"
    if typed.command == "queues" and not words:
        return "page", "/desk/queues"
    return None


def _go(kind: str, to: str) -> web.Response:
    return web.Response(
        body=to_json({"kind": kind, "url": quote(to, safe="/?=&%")}),
        content_type="application/json",
    )
