"""What is posted when a chat workspace is measured, and the desk that it is measured with."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from bridge.app.storing import Database, migrate, open_database
from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.errors import NotFound, TemporaryFailure
from bridge.domain.ids import BindingId, ExternalId, Language, ThreadRef
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.channel import Accepted
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser
from bridge.ports.queries import Query, View
from bridge.ports.workspace import BindingKey, WorkspaceEvent

_numbers = count(1)


def conversation() -> tuple[BindingKey, ConversationCard]:
    """A new conversation that an agent holds: what its thread is opened with."""
    number = next(_numbers)
    card = ConversationCard(
        number=number,
        state=State.ASSIGNED,
        customer=f"Customer {number}",
        channel="Web chat",
        language=Language("en"),
    )
    return BindingKey(id=BindingId(number), number=number, purpose=Purpose.WORK), card


def line(text: str) -> OutboundCall:
    """A customer's line."""
    return OutboundCall(
        key=f"bench-{next(_numbers)}",
        kind=CallKind.POST,
        content=text_content(text),
        author=Author.CUSTOMER,
        name="Customer",
    )


def database_in(folder: Path) -> Database:
    """An empty one; the folder is made."""
    folder.mkdir(parents=True)
    migrate(folder / "desk.db")
    return open_database(folder / "desk.db", files_dir=folder / "files")


class Posts(Protocol):
    """A workspace, as far as lines are posted in it."""

    async def ready(self, thread: ThreadRef) -> bool:
        """See `Paced.ready`."""
        ...

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        """See `WorkspaceAdapter.post`."""
        ...


async def post(workspace: Posts, thread: ThreadRef) -> None:
    """Post a line, again when the platform says that it was one too many: the run counts it."""
    said = line("How long does the delivery take?")
    while True:
        await workspace.ready(thread)
        try:
            await workspace.post(thread, said)
        except TemporaryFailure as failure:
            await asyncio.sleep(failure.retry_after or 1.0)
        else:
            return


async def endless(workspace: Posts, thread: ThreadRef) -> None:
    """A conversation that always has more to say."""
    while True:
        await post(workspace, thread)


@asynccontextmanager
async def busy(*work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """All of this goes on as long as the block lasts; a failure of any fails the block."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Nobody:
    """A desk that takes everything and shows nothing: only sending is measured."""

    async def accept(self, event: WorkspaceEvent) -> Accepted:
        """Taken."""
        return Accepted()

    async def invoke(self, command: CommandInvoked) -> Answer:
        """Nobody asks."""
        return Answer(ok=True, code="ok", text=plain(""))

    async def ask(self, query: Query, by: WorkspaceUser) -> View:
        """There is nothing."""
        raise NotFound("nothing is shown here")

    async def typing(self, thread: ThreadRef, by: WorkspaceUser) -> None:
        """Nobody looks."""

    async def changes(self) -> AsyncIterator[str]:
        """Nothing changes."""
        hints: tuple[str, ...] = ()
        for hint in hints:
            yield hint
