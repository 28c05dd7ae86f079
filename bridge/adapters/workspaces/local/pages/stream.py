"""The live stream of one open page: lines as HTML, hints about everything else."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress

from aiohttp import web

from bridge.adapters.workspaces.local.entries import (
    Closed,
    Whispered,
    read_private_entry,
    read_thread_entry,
)
from bridge.adapters.workspaces.local.live import Page
from bridge.adapters.workspaces.local.pages.base import Access, Visit, get
from bridge.adapters.workspaces.local.shown import Painter, line_id
from bridge.adapters.workspaces.local.timeline import touched
from bridge.adapters.workspaces.local.whispers import read
from bridge.domain.errors import NotAuthorized, NotFound, StorageUnavailable
from bridge.domain.ids import ThreadRef
from bridge.ports.adapter_store import Entry

PING = 15.0
_GATHER = 0.3
_WAITING = 200


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
    await response.prepare(visit.request)
    page = await visit.site.hub.open(visit.person, ref)
    try:
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
        pumps = [asyncio.create_task(self._pump_private()), asyncio.create_task(self._pump_hints())]
        if self._ref:
            pumps.append(asyncio.create_task(self._pump_thread()))
        try:
            await self._tell(pumps)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _tell(self, pumps: list[asyncio.Task[None]]) -> None:
        while not any(pump.done() for pump in pumps):
            try:
                frame = await asyncio.wait_for(self._frames.get(), PING)
            except TimeoutError:
                if not await self._still_allowed():
                    await self._response.write(_frame("gone", {}).encode())
                    return
                frame = _frame("now", self._site.clock.now())
            await self._response.write(frame.encode())

    def _hello(self) -> str:
        return f"retry: 1500\n{_frame('now', self._site.clock.now())}"

    # --- what is told -----------------------------------------------------------------------

    async def _pump_thread(self) -> None:
        threads, ref = self._site.threads, self._ref
        follower = threads.follow(ref)
        with suppress(StorageUnavailable):
            async for entry in _after(
                follower, self._thread_at, lambda last: threads.since(ref, last)
            ):
                self._thread_at = entry.seq
                await self._thread_entry(entry)

    async def _thread_entry(self, entry: Entry) -> None:
        head = await self._site.threads.head(self._ref)
        if head.hidden or not await self._still_allowed():
            await self._frames.put(_frame("gone", {}))
            return
        told = read_thread_entry(entry.body)
        seq = touched(entry.seq, told)
        painter = Painter(self._site.renderer, self._visit.viewer)
        if seq is None:
            html = painter.card(head, self._site.commands)
            again = "reload" if isinstance(told, Closed) else "card"
            await self._put(again, {"html": html, "writable": head.writable})
            return
        timeline = await self._site.threads.timeline(self._ref)
        line = timeline.line(seq)
        if line is not None:
            html = painter.line(line, timeline, head)
            new = seq == entry.seq
            author = line.author.value
            await self._put("line", {"id": line_id(seq), "html": html, "new": new, "by": author})

    async def _pump_private(self) -> None:
        user = self._visit.person.id
        whispers = self._site.whispers
        follower = whispers.follow(user)
        with suppress(StorageUnavailable):
            async for entry in _after(
                follower, self._private_at, lambda last: whispers.since(user, last)
            ):
                self._private_at = entry.seq
                await self._private_entry(entry)

    async def _private_entry(self, entry: Entry) -> None:
        told = read_private_entry(entry.body)
        if not isinstance(told, Whispered):
            await self._put("dismissed", {"id": f"w{told.whisper}"})
            return
        painter = Painter(self._site.renderer, self._visit.viewer)
        here = told.thread is None or told.thread == self._ref
        html = painter.whisper(read(entry.seq, told))
        body = {"id": f"w{entry.seq}", "html": html, "here": here, "thread": told.thread}
        await self._put("whisper", body)

    async def _pump_hints(self) -> None:
        while True:
            words, typing = await self._page.news()
            if "bye" in words:
                return
            if typing:
                await self._put("typing", typing)
            if not words:
                continue
            if self._ref and not await self._still_allowed():
                await self._frames.put(_frame("gone", {}))
                return
            await self._put("desk", words)
            await asyncio.sleep(_GATHER)

    async def _put(self, event: str, data: object) -> None:
        await self._frames.put(_frame(event, data, f"{self._thread_at}.{self._private_at}"))

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


PAGES = (get("/desk/live", Access.AGENT, live),)
