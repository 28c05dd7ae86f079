"""A card that nobody needs any more by the time it is there is taken away all the same."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.domain.binding import Purpose
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import Strategy, Visibility
from tests.fakes.office import Office
from tests.fakes.slow_workspace import SlowWorkspace
from tests.patience import until

CARDS = (Purpose.WAITING, Purpose.MONITOR)


@pytest.fixture
async def slow() -> AsyncIterator[Office]:
    office = await Office(workspace=SlowWorkspace()).open()
    await office.queue("sales")
    yield office
    await office.close()


async def test_a_card_that_was_not_there_yet_when_it_was_closed_is_closed(slow: Office) -> None:
    workspace = slow.workspace
    assert isinstance(workspace, SlowWorkspace)
    queue = slow.engine.desk.queue_by_name("sales")
    assert queue is not None
    private = ChangeQueue(queue=queue.id, visibility=Visibility.ASSIGNEE, strategy=Strategy.MANUAL)
    await slow.do(private)
    await slow.agent("ana", "sales")
    handing_over = asyncio.create_task(slow.handed_over())
    await until(lambda: workspace.opening == len(CARDS))

    taking = asyncio.create_task(slow.command("ana", "take", "#1"))
    await until(lambda: slow.holder() == "ana")
    workspace.through.set()
    await asyncio.gather(handing_over, taking)
    await slow.quiet()

    closed = {thread.binding.purpose: thread.closed for thread in workspace.threads.values()}
    assert closed == {Purpose.WAITING: True, Purpose.MONITOR: False, Purpose.WORK: False}
