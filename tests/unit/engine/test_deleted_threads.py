"""A thread that somebody deleted: its conversation goes on in another, with all that was said."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.commands.authorize import EntryPoint
from bridge.domain.binding import Binding, Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.delivery import CloseThread, DeliveryState, PostLine
from bridge.domain.errors import CredentialsRejected, DeliveryRejected
from bridge.domain.ids import MINUTE, SECOND, ExternalId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.domain.moves import BindRoom, UnbindRoom
from bridge.ports.calls import OutboundCall
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.workspace import BindingKey
from tests.fakes.office import OPERATOR, Office
from tests.fakes.sides import RecordingWorkspace
from tests.patience import until


class Deleting(RecordingWorkspace):
    """A workspace in which threads may be deleted; `robot` deletes every thread at once."""

    def __init__(self) -> None:
        super().__init__(capabilities=WorkspaceCapabilities(redraw_every=0))
        self.deleted: set[ThreadRef] = set()
        self.robot = False
        self.gone = RoomRef("")
        self.asked = False
        self.may_answer = asyncio.Event()

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        """Of the room that is gone it is said when `may_answer` is set."""
        if room != self.gone:
            return await super().open_thread(binding, room, card, members)
        self.asked = True
        await self.may_answer.wait()
        raise CredentialsRejected("the room was deleted")

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        if self.robot or thread in self.deleted:
            raise DeliveryRejected("not there any more", "thread_gone")
        return await super().post(thread, call)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Ana answers Alice, in a room of the queue."""
    office = await Office(workspace=Deleting()).open()
    queue = await office.queue("sales")
    await office.do(
        BindRoom(workspace=office.team, room=RoomRef("r1"), title="sales", queue=queue.id)
    )
    await office.agent("ana", "sales")
    await office.handed_over("help")
    await office.says("ana", "I am here")
    yield office
    await office.close()


def team(office: Office) -> Deleting:
    """The workspace."""
    assert isinstance(office.workspace, Deleting)
    return office.workspace


def bindings(office: Office) -> list[Binding]:
    """Every working thread of the conversation, oldest first."""
    found = (each for each in office.store.entities[Binding].values())
    return [b for b in found if isinstance(b, Binding) and b.purpose is Purpose.WORK]


async def deleted(office: Office) -> ThreadRef:
    """A minute later somebody deletes the thread."""
    await office.later(MINUTE)
    old = office.work_thread()
    team(office).deleted.add(old)
    return old


async def test_the_next_line_opens_a_thread_that_begins_with_every_line(office: Office) -> None:
    old = await deleted(office)

    await office.customer("are you there?")

    told = "\n".join(office.thread().words())
    assert office.work_thread() != old
    assert [told.count(words) for words in ("help", "I am here", "are you there?")] == [1, 1, 1]


async def test_the_holder_is_called_there_once_and_the_history_says_why(office: Office) -> None:
    await deleted(office)

    await office.customer("are you there?")
    await office.customer("hello?")

    calls = [post.mentions for post in office.thread().posts if post.mentions]
    assert calls == [("u-ana",)]
    assert office.events().count("delivery_failed") == 1
    assert "Somebody deleted" in office.thread().words()[-2]


async def test_the_old_thread_is_closed_and_the_answers_come_from_the_new_one(
    office: Office,
) -> None:
    old = await deleted(office)
    await office.customer("are you there?")

    await office.says("ana", "of course")

    first, second = bindings(office)
    closing = [
        each.state
        for each in office.store.all_deliveries.values()
        if isinstance(each.body, CloseThread) and each.binding == first.id
    ]
    assert (first.close_cause, second.closed_at) == ("thread_gone", None)
    assert (closing, team(office).threads[old].closed) == ([DeliveryState.SENT], True)
    assert "of course" in office.channel.words()


async def test_a_robot_that_deletes_every_thread_at_once_does_not_make_us_open_them_for_ever(
    office: Office,
) -> None:
    await deleted(office)
    team(office).robot = True

    await office.customer("are you there?")
    await office.customer("hello?")

    assert len(bindings(office)) == 2


async def test_when_the_robot_is_gone_the_next_line_brings_everything(office: Office) -> None:
    await deleted(office)
    team(office).robot = True
    await office.customer("are you there?")
    team(office).deleted.add(office.work_thread())
    team(office).robot = False
    await office.later(20 * SECOND)

    await office.customer("hello?")

    told = "\n".join(office.thread().words())
    assert [told.count(words) for words in ("help", "are you there?", "hello?")] == [1, 1, 1]


async def test_nothing_is_said_to_have_failed_for_anybody(office: Office) -> None:
    await deleted(office)

    await office.customer("are you there?")

    states = [
        each.state
        for each in office.store.all_deliveries.values()
        if isinstance(each.body, PostLine) and each.place == office.team
    ]
    assert DeliveryState.UNKNOWN not in states
    assert office.whispered("ana") == []


# --- the room itself --------------------------------------------------------------------------


async def test_a_thread_for_a_room_that_is_bound_no_more_opens_in_the_new_one(
    office: Office,
) -> None:
    await deleted(office)
    team(office).gone = RoomRef("r1")
    writing = asyncio.create_task(office.customer("are you there?"))
    await until(lambda: team(office).asked)
    queue = office.engine.desk.queue_by_name("sales")
    assert queue is not None

    new = BindRoom(workspace=office.team, room=RoomRef("r2"), title="new", queue=queue.id)
    for move in (new, UnbindRoom(workspace=office.team, room=RoomRef("r1"))):
        await office.engine.carry_out(move, OPERATOR, EntryPoint.CLI)
    team(office).may_answer.set()
    await writing

    assert office.thread().room == "r2"
    assert "are you there?" in "\n".join(office.thread().words())
