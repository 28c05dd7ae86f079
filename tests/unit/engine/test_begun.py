"""A call that can be made at once is `sending` in the transaction that promises it."""

import asyncio

import pytest

from bridge.domain.content import text_content
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Address, ExternalId, SourceKey, WorkspaceUserId
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.commands import WorkspaceUser
from bridge.ports.store import Changes, Committed
from bridge.ports.workspace import AgentDeleted, AgentPosted
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel

ANA = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="ana")


class WatchedChannel(RecordingChannel):
    """Notes what the disk says of a promise while its call is made; a call waits for `open`."""

    def __init__(self) -> None:
        super().__init__()
        self.store: MemoryStore | None = None
        self.seen: list[DeliveryState] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        assert self.store is not None
        self.seen += [d.state for d in self.store.all_deliveries.values() if f"d{d.id}" == call.key]
        await self.open.wait()
        return await super().send(to, call)


class SlowStore(MemoryStore):
    """A commit ends when it `may_end`, though it is on disk before."""

    def __init__(self) -> None:
        super().__init__()
        self.written = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def commit(self, changes: Changes) -> Committed:
        committed = await super().commit(changes)
        if not self.may_end.is_set():
            self.written.set()
        await self.may_end.wait()
        return committed


async def hand_over(office: Office) -> Office:
    """Ana holds Alice's conversation."""
    await office.open()
    watched(office).store = office.store
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    return office


@pytest.fixture
async def held() -> Office:
    """Ana holds Alice's conversation."""
    return await hand_over(Office(channel=WatchedChannel()))


def watched(office: Office) -> WatchedChannel:
    assert isinstance(office.channel, WatchedChannel)
    return office.channel


def replies(office: Office) -> list[Delivery]:
    """What was promised to the customer, in order."""
    found = office.store.all_deliveries.values()
    return [d for d in found if d.side is Side.CHANNEL and isinstance(d.body, PostLine)]


def posted(office: Office, line: str) -> AgentPosted:
    return AgentPosted(
        workspace=office.team,
        source=(SourceKey(f"post:{line}"),),
        user=ANA,
        thread=office.work_thread(),
        external_id=ExternalId(line),
        content=text_content(line),
    )


async def test_the_first_call_of_an_idle_lane_costs_one_commit_before_it_and_one_after(
    held: Office,
) -> None:
    before = held.store.commits

    await held.says("ana", "hello")

    assert watched(held).seen == [DeliveryState.SENDING]
    assert held.store.commits - before == 2
    await held.close()


async def test_what_waits_behind_another_call_stays_pending(held: Office) -> None:
    watched(held).open.clear()

    await held.agents.accept(posted(held, "first"))
    await held.agents.accept(posted(held, "second"))
    waiting = [delivery.state for delivery in replies(held)]
    watched(held).open.set()
    await held.quiet()

    assert waiting == [DeliveryState.SENDING, DeliveryState.PENDING]
    assert held.channel.words() == ["first", "second"]
    assert watched(held).seen == [DeliveryState.SENDING, DeliveryState.SENDING]
    await held.close()


async def test_two_lines_of_one_batch_go_out_in_order(held: Office) -> None:
    await asyncio.gather(
        held.agents.accept(posted(held, "first")), held.agents.accept(posted(held, "second"))
    )
    await held.quiet()

    assert held.channel.words() == ["first", "second"]
    assert {delivery.state for delivery in replies(held)} == {DeliveryState.SENT}
    await held.close()


async def test_a_line_that_is_deleted_in_the_batch_that_brought_it_is_never_sent(
    held: Office,
) -> None:
    deleted = AgentDeleted(
        workspace=held.team,
        source=(SourceKey("delete"),),
        user=ANA,
        thread=held.work_thread(),
        external_id=ExternalId("gone"),
    )

    await asyncio.gather(held.agents.accept(posted(held, "gone")), held.agents.accept(deleted))
    await held.quiet()

    assert held.channel.words() == []
    assert replies(held)[0].state is DeliveryState.CANCELLED
    await held.close()


async def test_a_commit_that_fails_begins_no_call(held: Office) -> None:
    held.store.broken = True
    with pytest.raises(StorageUnavailable):
        await held.agents.accept(posted(held, "hello"))
    begun = list(watched(held).seen)

    held.store.broken = False
    await held.agents.accept(posted(held, "hello"))
    await held.quiet()

    assert begun == []
    assert held.channel.words() == ["hello"]
    await held.close()


async def test_what_is_promised_while_the_sender_stops_is_left_for_the_next_start(
    held: Office,
) -> None:
    await held.dispatcher.stop(1)

    await held.agents.accept(posted(held, "later"))
    await held.engine.stop()

    assert held.channel.words() == []
    assert replies(held)[-1].state is DeliveryState.PENDING


async def test_a_commit_that_outlasts_the_sender_leaves_no_doubt_behind() -> None:
    """It wrote `sending`, and then nobody was there to make the call."""
    store = SlowStore()
    held = await hand_over(Office(channel=WatchedChannel(), store=store))
    store.may_end.clear()
    accepting = asyncio.create_task(held.agents.accept(posted(held, "later")))
    await store.written.wait()
    written = replies(held)[-1].state

    await held.dispatcher.stop(1)
    store.may_end.set()
    await accepting
    await held.engine.stop()

    assert written is DeliveryState.SENDING
    assert held.channel.words() == []
    assert replies(held)[-1].state is DeliveryState.PENDING
