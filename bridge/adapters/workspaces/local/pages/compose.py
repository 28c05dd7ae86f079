"""What people write: lines, edits, deletions, reactions; commands typed in the composer."""

from dataclasses import dataclass, field

from aiohttp import web
from msgspec.structs import replace

from bridge.adapters.workspaces.local import inbound
from bridge.adapters.workspaces.local.entries import Accepted, Deleted, Edited, Posted, Reacted
from bridge.adapters.workspaces.local.pages import forms
from bridge.adapters.workspaces.local.pages.answers import answer, open_instead
from bridge.adapters.workspaces.local.pages.base import Access, Visit, fields, post, sorry
from bridge.adapters.workspaces.local.pages.thread import visible
from bridge.adapters.workspaces.local.pages.views import ask, message_json
from bridge.adapters.workspaces.local.render import to_json
from bridge.adapters.workspaces.local.shown import PALETTE, Painter, line_id
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.adapters.workspaces.local.timeline import Line
from bridge.domain.content import Content, File
from bridge.domain.errors import DeliveryRejected, NotAuthorized, NotFound
from bridge.domain.message import Author
from bridge.ports.commands import ArgumentKind
from bridge.ports.markdown import parse
from bridge.ports.queries import Choices, Complete

_TEXT = forms.MOST_TEXT
_FILES = 10


@dataclass(kw_only=True, slots=True)
class Draft:
    """What the composer sent."""

    key: str = ""
    text: str = ""
    quoted: str = ""
    files: list[File] = field(default_factory=list)


async def write(visit: Visit) -> web.StreamResponse:
    """A line or a command; the same key twice does it once."""
    head = await visible(visit)
    draft = await _draft(visit, head)
    typed = None if draft.files else inbound.typed_command(draft.text, visit.site.commands)
    if typed is not None:
        return open_instead(visit, head, typed) or await answer(
            visit, draft.key, typed.command, text=typed.text, thread=head.ref
        )
    if not head.writable:
        return sorry(visit, 409, "local.error.closed")
    if not draft.text.strip() and not draft.files:
        return sorry(visit, 422, "local.error.empty")
    line = await _post(visit, head, draft)
    return await _line_answer(visit, head, line)


async def resend(visit: Visit) -> web.StreamResponse:
    """Hand over a line that the desk has not taken yet."""
    head = await visible(visit)
    line = await _own_line(visit, head)
    if not line.accepted:
        await _hand_over(visit, head, line)
    return await _line_answer(visit, head, await _line(visit, head, line.seq))


async def edit(visit: Visit) -> web.StreamResponse:
    """Change one's own line, on the customer's side too."""
    head = await visible(visit)
    line = await _own_line(visit, head)
    form = await fields(visit)
    key, raw = _key(form), form.get("text", "")
    if not raw.strip() and not line.content.files:
        return sorry(visit, 422, "local.error.empty")
    content = replace(line.content, text=parse(raw))
    event = inbound.edited(visit.site.id, visit.person, head.ref, key, line, content)
    await visit.site.sink.accept(event)
    entry = Edited(line=line.seq, content=content, raw=raw)
    await visit.site.threads.append(head.ref, f"edit:{visit.person.id}:{key}", entry)
    return await _line_answer(visit, head, await _line(visit, head, line.seq))


async def delete(visit: Visit) -> web.StreamResponse:
    """Take one's own line back, on the customer's side too."""
    head = await visible(visit)
    line = await _own_line(visit, head)
    event = inbound.deleted(visit.site.id, visit.person, head.ref, line)
    await visit.site.sink.accept(event)
    entry = Deleted(line=line.seq)
    await visit.site.threads.append(head.ref, f"delete:{line.seq}", entry)
    return await _line_answer(visit, head, await _line(visit, head, line.seq))


async def react(visit: Visit) -> web.StreamResponse:
    """React to a line, or take the reaction back when it is there."""
    head = await visible(visit)
    line = await _line(visit, head, _seq(visit))
    form = await fields(visit)
    key, emoji, user = _key(form), form.get("emoji", ""), visit.person
    if emoji not in PALETTE or line.deleted or not head.writable:
        return sorry(visit, 422, "local.error.cannot_react")
    removed = any(each.emoji == emoji and each.user == user.id for each in line.reactions)
    event = inbound.reacted(visit.site.id, user, head.ref, key, line, emoji, removed=removed)
    await visit.site.sink.accept(event)
    entry = Reacted(line=line.seq, emoji=emoji, name=user.name, user=user.id, removed=removed)
    await visit.site.threads.append(head.ref, f"react:{user.id}:{key}", entry)
    return await _line_answer(visit, head, await _line(visit, head, line.seq))


async def _post(visit: Visit, head: ThreadHead, draft: Draft) -> Line:
    user = visit.person
    entry = Posted(
        at=visit.site.clock.now(),
        author=Author.AGENT,
        name=visit.viewer.home.agent.name,
        content=Content(text=parse(draft.text), files=tuple(draft.files)),
        user=user.id,
        raw=draft.text,
        quoted=await _quotable(visit, head, draft.quoted),
    )
    seq = await visit.site.threads.append(head.ref, _post_key(visit, draft.key), entry)
    line = await _line(visit, head, seq)
    if not line.accepted:
        await _hand_over(visit, head, line)
    return await _line(visit, head, seq)


async def _hand_over(visit: Visit, head: ThreadHead, line: Line) -> None:
    """Let the desk take a line that is in our journal; doing it again does nothing."""
    mentions = await _mentions(visit, line.raw)
    event = inbound.posted(visit.site.id, visit.person, head.ref, line, mentions=mentions)
    taken = await visit.site.sink.accept(event)
    entry = Accepted(line=line.seq, message=taken.message)
    await visit.site.threads.append(head.ref, f"accepted:{line.seq}", entry)


async def _mentions(visit: Visit, text: str) -> bool:
    for handle in inbound.called(text):
        view = await ask(visit, Complete(kind=ArgumentKind.AGENT, prefix=handle))
        if isinstance(view, Choices) and any(
            option.value.lower().lstrip("@") == handle for option in view.options
        ):
            return True
    return False


async def _draft(visit: Visit, head: ThreadHead) -> Draft:
    draft = Draft()
    if forms.is_parts(visit.request):
        await _read_parts(visit, head, draft)
    else:
        form = await fields(visit)
        draft.key, draft.text = form.get("key", ""), form.get("text", "")
        draft.quoted = form.get("quoted", "")
    draft.text = draft.text.replace("\r\n", "\n")
    _check_key(draft.key)
    if len(draft.text) > _TEXT // 4:
        raise DeliveryRejected("the text is too long", "too_long")
    return draft


async def _read_parts(visit: Visit, head: ThreadHead, draft: Draft) -> None:
    """Read the parts in order; the key comes first, so a repeated upload is not kept twice."""
    async for part in forms.parts(visit.request):
        if part.filename is None:
            text = forms.words(await forms.small(part))
            if part.name in ("key", "text", "quoted"):
                setattr(draft, part.name, text)
        elif await _known(visit, head, _check_key(draft.key)):
            continue
        elif len(draft.files) == _FILES:
            raise DeliveryRejected("too many files at once", "too_many_files")
        else:
            name = forms.tidy(part.filename)
            file = await visit.site.context.files.save(
                forms.chunks(part), name, visit.site.max_file
            )
            draft.files.append(file)


async def _known(visit: Visit, head: ThreadHead, key: str) -> bool:
    return await visit.site.threads.appended(head.ref, _post_key(visit, key)) is not None


async def _quotable(visit: Visit, head: ThreadHead, quoted: str) -> int | None:
    if not quoted.isascii() or not quoted.isdigit():
        return None
    timeline = await visit.site.threads.timeline(head.ref)
    line = timeline.line(int(quoted))
    return None if line is None or line.deleted else line.seq


async def _own_line(visit: Visit, head: ThreadHead) -> Line:
    line = await _line(visit, head, _seq(visit))
    if line.user != visit.person.id:
        raise NotAuthorized("somebody else's line")
    if line.deleted or not head.writable:
        raise DeliveryRejected("it cannot be changed any more", "closed")
    return line


async def _line(visit: Visit, head: ThreadHead, seq: int) -> Line:
    line = (await visit.site.threads.timeline(head.ref)).line(seq)
    if line is None:
        raise NotFound(f"no line {seq}")
    return line


async def _line_answer(visit: Visit, head: ThreadHead, line: Line) -> web.Response:
    timeline = await visit.site.threads.timeline(head.ref)
    painter = Painter(visit.site.renderer, visit.viewer)
    body = {
        "kind": "line",
        "id": line_id(line.seq),
        "seq": line.seq,
        "message": message_json(line),
        "html": painter.line(line, timeline, head),
    }
    return web.Response(body=to_json(body), content_type="application/json")


def _post_key(visit: Visit, key: str) -> str:
    return f"agent:{visit.person.id}:{key}"


def _key(form: dict[str, str]) -> str:
    return _check_key(form.get("key", ""))


def _check_key(key: str) -> str:
    if inbound.KEY.fullmatch(key) is None:
        raise DeliveryRejected("the key is missing or malformed", "bad_key")
    return key


def _seq(visit: Visit) -> int:
    word = visit.request.match_info["seq"]
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise NotFound(word)
    return int(word)


PAGES = (
    post("/desk/threads/{ref}/messages", Access.AGENT, write),
    post("/desk/threads/{ref}/messages/{seq}/resend", Access.AGENT, resend),
    post("/desk/threads/{ref}/messages/{seq}/edit", Access.AGENT, edit),
    post("/desk/threads/{ref}/messages/{seq}/delete", Access.AGENT, delete),
    post("/desk/threads/{ref}/messages/{seq}/react", Access.AGENT, react),
)
