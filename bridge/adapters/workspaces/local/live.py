"""Which pages are open, and what they are told: hints to all, connection changes to the desk."""

import asyncio
import logging
import secrets

from bridge.adapters.workspaces.local.people import User
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import SourceKey, ThreadRef, WorkspaceId, WorkspaceUserId
from bridge.domain.value import Value
from bridge.ports.workspace import ConnectionChanged, WorkspaceSink

log = logging.getLogger(__name__)


class Pace(Value):
    """Seconds: `grace` without a page until a person counts as gone; a sign of life each `ping`."""

    grace: float = 10.0
    ping: float = 15.0


class Page:
    """One open page; it remembers what it has not been told yet."""

    def __init__(self, user: User, thread: ThreadRef) -> None:
        """Nothing to tell yet. `thread` is empty on a page that shows none."""
        self.user = user
        self.thread = thread
        self._hints: set[str] = set()
        self._typing = ""
        self._rung = asyncio.Event()

    def hint(self, what: frozenset[str]) -> None:
        """Something changed; several changes become one hint."""
        self._hints |= what
        self._rung.set()

    def types(self, name: str) -> None:
        """The customer of its thread is typing."""
        self._typing = name
        self._rung.set()

    async def news(self) -> tuple[list[str], str]:
        """Wait for news: what changed, and who is typing."""
        await self._rung.wait()
        self._rung.clear()
        news = sorted(self._hints), self._typing
        self._hints, self._typing = set(), ""
        return news


class Hub:
    """Knows every open page of this process."""

    def __init__(self, workspace: WorkspaceId, grace: float) -> None:
        """Nobody is there yet."""
        self._workspace = workspace
        self._grace = grace
        self._pages: dict[WorkspaceUserId, set[Page]] = {}
        self._connected: dict[WorkspaceUserId, User] = {}
        self._leaving: dict[WorkspaceUserId, asyncio.Task[None]] = {}
        self._sink: WorkspaceSink | None = None
        self._following: asyncio.Task[None] | None = None

    def connect(self, sink: WorkspaceSink) -> None:
        """From now on the desk is told who comes and goes."""
        self._sink = sink
        self._following = asyncio.create_task(self._follow(sink))

    async def close(self) -> None:
        """Tell nobody anything any more; open streams end."""
        self._sink = None
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        for task in self._leaving.values():
            task.cancel()
        self._leaving.clear()
        self.hint(frozenset({"bye"}))

    def hint(self, what: frozenset[str]) -> None:
        """Tell every page what changed."""
        for pages in self._pages.values():
            for page in pages:
                page.hint(what)

    def typing(self, thread: ThreadRef, name: str) -> None:
        """Tell the pages that show this thread."""
        for pages in self._pages.values():
            for page in pages:
                if page.thread == thread:
                    page.types(name)

    async def open(self, user: User, thread: ThreadRef) -> Page:
        """A page was opened; the first one connects the person."""
        page = Page(user, thread)
        self._pages.setdefault(user.id, set()).add(page)
        leaving = self._leaving.pop(user.id, None)
        if leaving is not None:
            leaving.cancel()
        if user.id not in self._connected:
            self._connected[user.id] = user
            await self._tell(user, connected=True)
        return page

    def leave(self, page: Page) -> None:
        """A page was closed; the last one disconnects the person after a moment's grace."""
        user = page.user
        pages = self._pages.get(user.id, set())
        pages.discard(page)
        if not pages and self._sink is not None:
            self._pages.pop(user.id, None)
            self._leaving[user.id] = asyncio.create_task(self._leave(user))

    async def _follow(self, sink: WorkspaceSink) -> None:
        async for word in sink.changes():
            self.hint(frozenset({word}))

    async def _leave(self, user: User) -> None:
        await asyncio.sleep(self._grace)
        self._leaving.pop(user.id, None)
        if self._connected.pop(user.id, None) is not None:
            await self._tell(user, connected=False)

    async def _tell(self, user: User, *, connected: bool) -> None:
        if self._sink is None:
            return
        event = ConnectionChanged(
            workspace=self._workspace,
            source=(SourceKey(f"connection:{secrets.token_hex(16)}"),),
            user=user.seen_as(),
            connected=connected,
        )
        try:
            await self._sink.accept(event)
        except (StorageUnavailable, Overloaded) as error:
            # The next page that is opened or closed says it again; nothing else hangs on it.
            log.warning("connection of %s not told: %s", user.id, error)
            if connected:
                self._connected.pop(user.id, None)
