"""A thread that cannot be opened: it is tried again, and what waits behind it is not lost."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bridge.delivery.policy import MOST_ATTEMPTS
from bridge.domain.binding import Binding, Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.delivery import (
    CloseThread,
    Delivery,
    DeliveryState,
    OpenThread,
    PostLine,
    PostTranscript,
)
from bridge.domain.errors import DeliveryRejected, Overloaded, TemporaryFailure
from bridge.domain.ids import MINUTE, BindingId, RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.workspace import BindingKey
from tests.fakes.office import Office
from tests.fakes.sides import RecordingWorkspace
from tests.patience import until

AT_ONCE = 0.001


class Refusing(RecordingWorkspace):
    """A workspace that refuses one thread (no monitor card) as often as `refusals` say.

    While `may_answer` is cleared it lets whoever wants a thread wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refusals: deque[Exception] = deque()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.wanted: list[BindingId] = []

    async def open_thread(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: tuple[WorkspaceUserId, ...],
    ) -> ThreadRef:
        if binding.purpose is not Purpose.MONITOR:
            self.wanted.append(binding.id)
            await self.may_answer.wait()
            if self.refusals and binding.id == self.wanted[0]:
                raise self.refusals.popleft()
        return await super().open_thread(binding, room, card, members)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A desk with a queue, and Ana in it."""
    office = await Office(workspace=Refusing()).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    yield office
    await office.close()


def team(office: Office) -> Refusing:
    """The workspace."""
    assert isinstance(office.workspace, Refusing)
    return office.workspace


def refuse(office: Office, *refusals: Exception) -> None:
    """The next thread is refused."""
    team(office).wanted.clear()
    team(office).refusals.extend(refusals)


def give_up(office: Office) -> None:
    """The next thread is tried as often as one is, in vain; the one after that opens."""
    refuse(office, *[TemporaryFailure("no", AT_ONCE)] * MOST_ATTEMPTS)


def promised(office: Office, kind: type) -> list[Delivery]:
    """What was promised for threads that are no monitor cards, by kind of call."""
    monitors = {
        each.id
        for each in office.store.entities[Binding].values()
        if isinstance(each, Binding) and each.purpose is Purpose.MONITOR
    }
    return [
        each
        for each in office.store.all_deliveries.values()
        if isinstance(each.body, kind) and each.binding not in monitors
    ]


async def test_what_waits_behind_a_thread_is_posted_when_it_opens(office: Office) -> None:
    refuse(office, TemporaryFailure("slow down", AT_ONCE))

    await office.handed_over("help")
    await office.customer("are you there?")

    assert office.thread().words()[-1] == "are you there?"


async def test_a_thread_that_is_refused_is_tried_again_and_the_operator_told(
    office: Office,
) -> None:
    refuse(office, DeliveryRejected("invalid blocks", "rejected"))

    with capture_logs() as logs:
        await office.handed_over("help")

    assert office.thread().words() != []
    assert ("thread_not_opened", "error") in [(each["event"], each["log_level"]) for each in logs]
    assert [each.state for each in promised(office, OpenThread)] == [DeliveryState.SENT]


async def test_a_thread_that_is_given_up_is_closed_and_another_opened(office: Office) -> None:
    give_up(office)

    await office.handed_over("help")
    await office.customer("are you there?")

    bindings = (b for b in office.store.entities[Binding].values() if isinstance(b, Binding))
    first, second = (b for b in bindings if b.purpose is not Purpose.MONITOR)
    assert (first.thread, first.close_cause) == (None, "no_thread")
    assert second.thread == office.work_thread()
    assert second.closed_at is None
    assert "delivery_failed" in office.events()


async def test_the_new_thread_begins_with_every_line_that_the_old_one_never_got(
    office: Office,
) -> None:
    give_up(office)
    team(office).may_answer.clear()
    handing = asyncio.create_task(office.handed_over("help"))
    await until(lambda: bool(team(office).wanted))
    writing = asyncio.create_task(office.customer("are you there?"))
    await until(lambda: bool(promised(office, PostLine)))

    team(office).may_answer.set()
    await asyncio.gather(handing, writing)

    told = "\n".join(office.thread().words())
    assert told.count("help") == 1
    assert told.count("are you there?") == 1
    states = {each.id: each.state for each in promised(office, PostLine)}
    assert set(states.values()) == {DeliveryState.CANCELLED, DeliveryState.SENT}
    assert sum(state is DeliveryState.SENT for state in states.values()) == 1  # the call, anew


async def test_the_new_thread_calls_the_holder_as_the_old_one_would_have(office: Office) -> None:
    give_up(office)

    await office.handed_over("help")

    assert [post.mentions for post in office.thread().posts if post.mentions] == [("u-ana",)]


async def test_what_waited_behind_a_thread_that_was_given_up_ends_without_trouble(
    office: Office,
) -> None:
    give_up(office)

    with capture_logs() as logs:
        await office.handed_over("help")

    states = [each.state for each in promised(office, PostTranscript)]
    assert states == [DeliveryState.CANCELLED, DeliveryState.SENT]
    assert [each["code"] for each in logs if each["event"] == "delivery_dead"] == ["given_up"]


async def test_where_nothing_was_opened_nothing_is_closed(office: Office) -> None:
    give_up(office)
    team(office).may_answer.clear()
    handing = asyncio.create_task(office.handed_over("help"))
    await until(lambda: bool(team(office).wanted))
    returning = asyncio.create_task(office.command("ana", "return-to-bot", "#1", confirmed="yes"))
    await until(lambda: bool(promised(office, CloseThread)))

    team(office).may_answer.set()
    await asyncio.gather(handing, returning)

    assert [each.state for each in promised(office, CloseThread)] == [DeliveryState.CANCELLED]
    assert len(promised(office, OpenThread)) == 1


async def test_the_thread_that_a_given_up_one_replaces_is_closed_all_the_same(
    office: Office,
) -> None:
    await office.queue("billing")
    await office.handed_over("help")
    old = office.work_thread()
    give_up(office)

    await office.command("ana", "transfer", "#1 billing")

    assert office.workspace.threads[old].closed
    assert office.thread().room != office.workspace.threads[old].room


async def test_a_line_in_a_thread_that_has_no_name_here_yet_is_asked_for_again(
    office: Office,
) -> None:
    team(office).may_answer.clear()
    opening = asyncio.create_task(office.handed_over("help"))
    await until(lambda: team(office).wanted)
    (binding,) = team(office).wanted
    thread = ThreadRef(f"t{binding}")

    with pytest.raises(Overloaded):
        await office.says("ana", "hello", thread=thread)
    team(office).may_answer.set()
    await opening
    await office.says("ana", "hello", thread=thread)

    assert "hello" in office.channel.words()


async def test_a_line_in_a_thread_that_ended_does_not_wait_for_another_to_open(
    office: Office,
) -> None:
    await office.handed_over("help")
    old = office.work_thread()
    await office.says("ana", "bye")
    await office.command("ana", "return-to-bot", "#1")
    await office.later(MINUTE)
    team(office).may_answer.clear()
    before = len(team(office).wanted)
    opening = asyncio.create_task(office.handed_over("me again"))
    await until(lambda: len(team(office).wanted) > before)

    saying = asyncio.create_task(office.says("ana", "one more thing", thread=old))
    await until(lambda: saying.done() or office.whispered("ana"))
    team(office).may_answer.set()
    await asyncio.gather(opening, saying)

    assert "one more thing" not in office.channel.words()


async def test_a_thread_that_does_not_open_keeps_nobody_elses_line_for_ever(
    office: Office,
) -> None:
    team(office).may_answer.clear()
    opening = asyncio.create_task(office.handed_over("help"))
    await until(lambda: team(office).wanted)
    office.clock.forward(2 * MINUTE)

    before = office.sources
    saying = asyncio.create_task(office.says("ana", "hello", thread=ThreadRef("elsewhere")))
    await until(lambda: office.sources > before)
    team(office).may_answer.set()
    await asyncio.gather(opening, saying)

    assert "hello" not in office.channel.words()
