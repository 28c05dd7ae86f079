"""A call begins only when the desk knows what the call before it in its lane has brought.

The call is over, its lane has no work, and its end still waits to be decided: behind a batch that
is being looked up, or for a disk that had no room.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

import pytest

from bridge.domain.binding import Purpose
from bridge.domain.content import text_content
from bridge.domain.ids import Address, ExternalId, SourceKey, ThreadRef, WorkspaceUserId
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import Strategy, Visibility
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.commands import CommandInvoked, WorkspaceUser
from bridge.ports.store import Changes, Committed, Facts, Needs
from bridge.ports.workspace import AgentEdited, AgentPosted
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel
from tests.fakes.slow_workspace import SlowWorkspace
from tests.patience import until

ANA = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="ana")
LINE = ExternalId("line")

L = TypeVar("L", AgentPosted, AgentEdited)


async def _a_while() -> None:
    """Long enough for whatever needs no disk."""
    for _ in range(20):
        await asyncio.sleep(0)


class SlowStore(MemoryStore):
    """A look-up ends when it `may_answer`; it and a commit take a while, as on a disk."""

    def __init__(self) -> None:
        super().__init__()
        self.looking = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def load(self, needs: Needs) -> Facts:
        if not self.may_answer.is_set():
            self.looking.set()
        await self.may_answer.wait()
        await _a_while()
        return await super().load(needs)

    async def commit(self, changes: Changes) -> Committed:
        await _a_while()
        return await super().commit(changes)


class SlowChannel(RecordingChannel):
    """A call takes until it is let through."""

    def __init__(self) -> None:
        super().__init__()
        self.through = asyncio.Event()
        self.through.set()
        self.begun = 0

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        self.begun += 1
        await self.through.wait()
        return await super().send(to, call)


@pytest.fixture
async def slow() -> AsyncIterator[Office]:
    """A desk whose every side takes as long as a test wants; Ana takes what she is given."""
    office = Office(store=SlowStore(), workspace=SlowWorkspace(), channel=SlowChannel())
    await office.open()
    queue = await office.queue("sales")
    private = ChangeQueue(queue=queue.id, visibility=Visibility.ASSIGNEE, strategy=Strategy.MANUAL)
    await office.do(private)
    await office.agent("ana", "sales")
    yield office
    await office.close()


def store(office: Office) -> SlowStore:
    assert isinstance(office.store, SlowStore)
    return office.store


def workspace(office: Office) -> SlowWorkspace:
    assert isinstance(office.workspace, SlowWorkspace)
    return office.workspace


def channel(office: Office) -> SlowChannel:
    assert isinstance(office.channel, SlowChannel)
    return office.channel


def taken(office: Office) -> CommandInvoked:
    """Ana takes it in a thread that the desk has to look up."""
    return CommandInvoked(
        workspace=office.team,
        source=(SourceKey("take"),),
        user=ANA,
        command="take",
        text="#1",
        thread=ThreadRef("opened, and not known yet"),
    )


def posted(office: Office) -> AgentPosted:
    return _line(office, AgentPosted, "helo")


def edited(office: Office) -> AgentEdited:
    return _line(office, AgentEdited, "hello")


def _line(office: Office, kind: type[L], text: str) -> L:
    return kind(
        workspace=office.team,
        source=(SourceKey(kind.__name__),),
        user=ANA,
        thread=office.work_thread(),
        external_id=LINE,
        content=text_content(text),
    )


async def test_a_card_is_closed_though_nobody_knew_yet_where_it_is(slow: Office) -> None:
    handing_over = asyncio.create_task(slow.handed_over())
    await until(lambda: workspace(slow).opening == 2)
    store(slow).may_answer.clear()
    taking = asyncio.create_task(slow.agents.invoke(taken(slow)))
    await store(slow).looking.wait()

    workspace(slow).through.set()
    await until(lambda: slow.engine.waiting == 2)
    store(slow).may_answer.set()
    await asyncio.gather(handing_over, taking)
    await slow.quiet()

    threads = workspace(slow).threads.values()
    closed = {thread.binding.purpose: thread.closed for thread in threads}
    assert closed == {Purpose.WAITING: True, Purpose.MONITOR: False, Purpose.WORK: False}


async def test_a_line_that_is_edited_as_it_arrives_is_edited_there(slow: Office) -> None:
    workspace(slow).through.set()
    await slow.handed_over()
    await slow.command("ana", "take", "#1")
    channel(slow).through.clear()
    begun = channel(slow).begun
    await slow.agents.accept(posted(slow))
    await until(lambda: channel(slow).begun > begun)
    store(slow).may_answer.clear()
    editing = asyncio.create_task(slow.agents.accept(edited(slow)))
    await store(slow).looking.wait()

    channel(slow).through.set()
    await until(lambda: slow.engine.waiting == 1)
    store(slow).may_answer.set()
    await editing
    await slow.quiet()

    calls = [call for _, call in channel(slow).calls][-2:]
    assert [call.kind for call in calls] == [CallKind.POST, CallKind.EDIT]
    assert calls[1].content == text_content("hello")


async def test_a_line_that_arrived_while_the_disk_was_full_can_be_edited(slow: Office) -> None:
    workspace(slow).through.set()
    await slow.handed_over()
    await slow.command("ana", "take", "#1")
    channel(slow).through.clear()
    begun = channel(slow).begun
    await slow.agents.accept(posted(slow))
    await until(lambda: channel(slow).begun > begun)
    store(slow).broken = True
    channel(slow).through.set()
    await until(lambda: slow.engine.stats.storage_failures)

    store(slow).broken = False
    await slow.agents.accept(edited(slow))
    await slow.quiet()

    calls = [call for _, call in channel(slow).calls][-2:]
    assert [call.kind for call in calls] == [CallKind.POST, CallKind.EDIT]
