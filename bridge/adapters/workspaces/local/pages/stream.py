"""The live stream of one open page: lines as HTML, hints about everything else."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress

from aiohttp import web

from bridge.adapters.workspaces.local.entries import (
    Whispered,
    read_private_entry,
    read_thread_entry,
)
from bridge.adapters.workspaces.local.live import Page
from bridge.adapters.workspaces.local.pages.base import Access, Visit, get
from bridge.adapters.workspaces.local.pages.views import actions
from bridge.adapters.workspaces.local.shown import Painter, line_id
from bridge.adapters.workspaces.local.timeline import touched
from bridge.adapters.workspaces.local.whispers import read
from bridge.domain.errors import NotAuthorized, NotFound, StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.ports.adapter_store import Entry

_LOOK = 1.0
"""Seconds after which we look whether the page is still there."""
_GATHER = 0.3
"""Seconds in which several hints become one."""
_WAITING = 200
_END = ""


async def live(visit: Visit) -> web.StreamResponse:
    """Server-sent events for one page; `thread` names the one it shows, `after` where it is."""
    ref = ThreadRef(visit.request.query.get("thread", ""))
    if ref and not visit.viewer.may_see(await visit.site.threads.head(ref)):
        raise NotFound(ref)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    visit.site.guard.protect(response)
    page = await visit.site.hub.open(visit.person, ref)
    try:
        await response.prepare(visit.request)
        await Stream(visit, response, page, ref).run()
    except ConnectionResetError:
        pass  # the page was closed, which is how streams end
    finally:
        visit.site.hub.leave(page)
    return response


class Stream:
    """One page's stream. `at` is how far it has been told: seqs of the thread and the person."""

    def __init__(
        self, visit: Visit, response: web.StreamResponse, page: Page, ref: ThreadRef
    ) -> None:
        """Begin where the page was rendered, or where the browser lost us."""
        self._visit = visit
        self._site = visit.site
        self._response = response
        self._page = page
        self._ref = ref
        last = visit.request.headers.get("Last-Event-ID") or visit.request.query.get("after", "")
        self._thread_at, self._private_at = _position(last)
        self._frames: asyncio.Queue[str] = asyncio.Queue(_WAITING)

    async def run(self) -> None:
        """Tell until the page goes away, signs out, or falls behind."""
        await self._response.write(self._hello().encode())
        sources = [self._private(), self._news(), *([self._thread()] if self._ref else [])]
        pumps = [asyncio.create_task(self._pump(source)) for source in sources]
        try:
            await self._tell()
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _tell(self) -> None:
        silent, look = 0.0, min(_LOOK, self._site.pace.ping)
        while not self._gone():
            try:
                frame = await asyncio.wait_for(self._frames.get(), look)
            except TimeoutError:
                silent += look
                if silent < self._site.pace.ping:
                    continue
                frame = await self._sign_of_life()
            silent = 0.0
            if frame == _END:
                return
            await self._response.write(frame.encode())

    async def _pump(self, source: AsyncIterator[str]) -> None:
        """Hand on what a source tells; where one ends, the stream ends, and the page comes back."""
        with suppress(StorageUnavailable):
            async for frame in source:
                await self._frames.put(frame)
        await self._frames.put(_END)

    async def _sign_of_life(self) -> str:
        if await self._still_allowed():
            return _frame("now", self._site.clock.now())
        await self._frames.put(_END)
        return _GONE

    def _gone(self) -> bool:
        transport = self._visit.request.transport
        return transport is None or transport.is_closing()

    def _hello(self) -> str:
        return f"retry: 1500\n{_frame('now', self._site.clock.now())}"

    # --- what is told -----------------------------------------------------------------------

    async def _thread(self) -> AsyncGenerator[str, None]:
        threads, ref = self._site.threads, self._ref
        follower = threads.follow(ref)
        async for entry in _after(follower, self._thread_at, lambda last: threads.since(ref, last)):
            self._thread_at = entry.seq
            if not await self._still_allowed():
                yield _GONE
                return
            if frame := await self._of_thread(entry):
                yield frame

    async def _of_thread(self, entry: Entry) -> str:
        head = await self._site.threads.head(self._ref)
        told = read_thread_entry(entry.body)
        seq = touched(entry.seq, told)
        painter = Painter(self._site.renderer, self._visit.viewer)
        if seq is None:
            buttons = await actions(self._visit, head)
            html = painter.card(head, self._site.commands, buttons)
            return self._numbered("card", {"html": html, "mode": self._visit.viewer.mode(head)})
        timeline = await self._site.threads.timeline(self._ref)
        line = timeline.line(seq)
        if line is None:
            return ""
        html = painter.line(line, timeline, head)
        return self._numbered("line", {"id": line_id(seq), "html": html, "by": line.author.value})

    async def _private(self) -> AsyncGenerator[str, None]:
        whispers, user = self._site.whispers, self._visit.person.id
        follower = whispers.follow(user)
        async for entry in _after(
            follower, self._private_at, lambda last: whispers.since(user, last)
        ):
            self._private_at = entry.seq
            yield self._of_person(entry)

    def _of_person(self, entry: Entry) -> str:
        told = read_private_entry(entry.body)
        if not isinstance(told, Whispered):
            return self._numbered("dismissed", {"id": f"w{told.whisper}"})
        painter = Painter(self._site.renderer, self._visit.viewer)
        html = painter.whisper(read(entry.seq, told))
        here = told.thread is None or told.thread == self._ref
        return self._numbered("whisper", {"id": f"w{entry.seq}", "html": html, "here": here})

    async def _news(self) -> AsyncGenerator[str, None]:
        while True:
            words, typing = await self._page.news()
            if "bye" in words:
                return
            if not await self._still_allowed():
                yield _GONE
                return
            if typing:
                yield self._numbered("typing", typing)
            if words:
                yield self._numbered("desk", words)
            await asyncio.sleep(_GATHER)

    def _numbered(self, event: str, data: object) -> str:
        return _frame(event, data, f"{self._thread_at}.{self._private_at}")

    async def _still_allowed(self) -> bool:
        """Whether the person is signed in, an agent, and may see what the page shows."""
        session = self._visit.session
        try:
            found = None if session is None else await self._site.sessions.valid(session.digest)
            viewer = None if found is None else await self._site.viewer(found[1])
            if viewer is None:
                return False
            self._visit.seen = viewer
            return not self._ref or viewer.may_see(await self._site.threads.head(self._ref))
        except (NotAuthorized, NotFound, StorageUnavailable):
            return False


async def _after(
    follower: AsyncIterator[Entry], last: int, missed: Callable[[int], Awaitable[Sequence[Entry]]]
) -> AsyncGenerator[Entry, None]:
    """What was missed, then what comes; each once. The follower must have begun before."""
    while entries := await missed(last):
        for entry in entries:
            last = entry.seq
            yield entry
    async for entry in follower:
        if entry.seq > last:
            last = entry.seq
            yield entry


def _frame(event: str, data: object, id: str = "") -> str:
    named = f"id: {id}\n" if id else ""
    return f"{named}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _position(word: str) -> tuple[int, int]:
    thread, _, private = word.partition(".")
    numbers = [
        int(n) if n.isascii() and n.isdigit() and len(n) < 19 else 0 for n in (thread, private)
    ]
    return numbers[0], numbers[1]


_GONE = _frame("gone", {})

PAGES = (get("/desk/live", Access.AGENT, live),)
