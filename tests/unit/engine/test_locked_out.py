"""A place that does not take our token for a while: nothing is lost, people are told once."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bridge.delivery.pauses import Pauses
from bridge.domain.card import ConversationCard
from bridge.domain.conversation import Priority
from bridge.domain.delivery import DeliveryState, PostLine, Side
from bridge.domain.errors import DeliveryRejected, TemporaryFailure, TokenRejected
from bridge.domain.ids import MINUTE, SECOND, Address, ExternalId, ThreadRef
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.clock import MovableClock
from tests.captured import captured_log
from tests.fakes.clock import FixedClock
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel, RecordingWorkspace
from tests.patience import PATIENCE, until

_REFUSED = TokenRejected("401: the token is not taken")
_PLACE = (Side.CHANNEL, "web")


class Channel(RecordingChannel):
    """A channel that takes no call while it is `locked`; it counts how often somebody tries."""

    locked = False
    refused = 0

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        if self.locked:
            self.refused += 1
            raise _REFUSED
        return await super().send(to, call)


class Workspace(RecordingWorkspace):
    """A workspace that is as moody."""

    locked = False
    refused = 0

    async def post(self, thread: ThreadRef, call: OutboundCall) -> ExternalId | None:
        self._look()
        return await super().post(thread, call)

    async def redraw(self, thread: ThreadRef, card: ConversationCard) -> None:
        self._look()
        await super().redraw(thread, card)

    def _look(self) -> None:
        if self.locked:
            self.refused += 1
            raise _REFUSED


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
async def desk(channel: Channel, workspace: Workspace) -> AsyncIterator[Office]:
    """Ana has two customers."""
    office = await Office(channel=channel, workspace=workspace).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.handed_over(name="Bob")
    yield office
    await office.close()


async def say(desk: Office, *lines: str, number: int = 1) -> None:
    """Ana writes these, one after the other; it is not waited for that they arrive."""
    for line in lines:
        before = len(desk.store.messages)
        writing = asyncio.create_task(desk.says("ana", line, desk.work_thread(number)))
        await until(partial(_more, desk, before))
        writing.cancel()


def _more(desk: Office, than: int) -> bool:
    return len(desk.store.messages) > than


def notices(desk: Office, number: int = 1) -> int:
    """How often people in a thread were told that lines wait."""
    return sum("waits" in words for words in desk.thread(number).words())


async def test_a_burst_waits_and_goes_on_in_order(desk: Office, channel: Channel) -> None:
    lines = [f"line {number:02}" for number in range(20)]
    await say(desk, *lines[:5])
    await until(lambda: channel.words() == lines[:5])

    channel.locked = True
    await say(desk, *lines[5:15])
    await until(lambda: channel.refused == 1)
    desk.clock.forward(MINUTE)
    await until(lambda: channel.refused > 1)
    channel.locked = False
    desk.clock.forward(MINUTE)
    await say(desk, *lines[15:])

    await until(lambda: channel.words() == lines)
    assert desk.dispatcher.paused == {}


async def test_people_are_told_once_in_each_conversation(desk: Office, channel: Channel) -> None:
    channel.locked = True
    await say(desk, "one", "two", "three")
    await say(desk, "four", "five", number=2)
    await until(lambda: notices(desk) and notices(desk, 2))
    desk.clock.forward(MINUTE)
    await until(lambda: channel.refused > 1)

    channel.locked = False
    desk.clock.forward(MINUTE)

    await until(lambda: len(channel.words()) == 5)
    await desk.quiet()
    assert (notices(desk), notices(desk, 2)) == (1, 1)


async def test_the_next_time_they_are_told_again(desk: Office, channel: Channel) -> None:
    told = []
    for number in (1, 2):
        channel.locked = True
        await say(desk, f"line {number}")
        await until(lambda: desk.dispatcher.paused)
        channel.locked = False
        desk.clock.forward(MINUTE)
        await until(lambda: not desk.dispatcher.paused)
        await desk.quiet()
        told.append(notices(desk))

    assert told == [1, 2]


async def test_whoever_waits_does_not_insist(desk: Office, channel: Channel) -> None:
    channel.locked = True
    await say(desk, "one", "two")
    await until(lambda: desk.dispatcher.paused)
    await say(desk, "three", "four", number=2)
    await until(lambda: notices(desk, 2))

    assert channel.refused == 1  # the clock stands: nobody else has asked
    channel.locked = False
    desk.clock.forward(MINUTE)
    await until(lambda: len(channel.words()) == 4)


async def test_the_operator_is_told_once_and_once_that_it_is_over(
    desk: Office, channel: Channel
) -> None:
    with captured_log() as log:
        channel.locked = True
        await say(desk, "one", "two", "three")
        await until(lambda: desk.dispatcher.paused == {"channels.web": str(_REFUSED)})
        desk.clock.forward(MINUTE)
        await until(lambda: channel.refused > 1)
        channel.locked = False
        desk.clock.forward(MINUTE)
        await until(lambda: len(channel.words()) == 3)

        said = log.getvalue()
    assert (said.count("place_refuses_us"), said.count("place_takes_us_again")) == (1, 1)


async def test_tries_of_one_who_is_locked_out_do_not_use_up_his_tries(
    desk: Office, channel: Channel
) -> None:
    channel.locked = True
    await say(desk, "one")
    await until(lambda: channel.refused == 1)
    desk.clock.forward(MINUTE)
    await until(lambda: channel.refused == 2)
    await until(lambda: _line(desk)[0] is DeliveryState.PENDING)
    attempts = _line(desk)[1]
    channel.failures.append(TemporaryFailure("503", 0.001))
    channel.locked = False
    desk.clock.forward(MINUTE)

    await until(lambda: not channel.failures)
    desk.clock.forward(MINUTE)
    await until(lambda: channel.words() == ["one"])
    assert attempts == 1


def _line(desk: Office) -> tuple[DeliveryState, int]:
    (line,) = (
        each
        for each in desk.store.all_deliveries.values()
        if each.side is Side.CHANNEL and each.state is not DeliveryState.SENT
    )
    return line.state, line.attempts


async def test_lines_and_cards_of_a_workspace_come_when_it_takes_them_again(
    desk: Office, workspace: Workspace
) -> None:
    workspace.locked = True
    writing = [asyncio.create_task(desk.customer(f"hello {n}")) for n in range(3)]
    urgent = asyncio.create_task(desk.command("ana", "priority", "urgent", conversation="1"))
    await until(lambda: workspace.refused)
    await until(lambda: desk.conversation().priority is Priority.URGENT)

    workspace.locked = False

    def drawn() -> bool:
        desk.clock.forward(SECOND)
        return desk.thread().card.priority is Priority.URGENT

    await until(drawn)
    await asyncio.gather(*writing, urgent)
    assert desk.thread().words()[-3:] == ["hello 0", "hello 1", "hello 2"]


async def test_a_customer_does_not_wait_for_a_bot_that_refuses_us(desk: Office) -> None:
    assert desk.bot is not None
    desk.bot.replies.append(_REFUSED)

    await desk.customer("anybody there?", "Carla")

    assert desk.conversation(3).queue is not None
    assert desk.dispatcher.paused == {"bots.menu": str(_REFUSED)}


# --- who asks, and when -------------------------------------------------------------------------


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(FixedClock())


@pytest.fixture
def pauses(clock: MovableClock) -> Pauses:
    """Of a place that has just refused somebody."""
    pauses = Pauses(clock)
    pauses.heard(_PLACE, 1, _REFUSED)
    return pauses


def test_one_at_a_time_asks_and_less_and_less_often(pauses: Pauses, clock: MovableClock) -> None:
    waited = []
    for _ in range(9):
        seconds = 0
        while not pauses.may_try(_PLACE, "first"):
            clock.forward(SECOND)
            seconds += 1
        assert not pauses.may_try(_PLACE, "second")
        pauses.heard(_PLACE, "first", _REFUSED)
        waited.append(seconds)

    assert waited == [1, 2, 5, 10, 20, 30, 60, 60, 60]


def test_a_call_that_began_before_says_nothing_of_now(pauses: Pauses) -> None:
    pauses.heard(_PLACE, 2, None)

    assert pauses.holds(_PLACE)


@pytest.mark.parametrize("error", [DeliveryRejected("blocked"), TemporaryFailure("503")])
def test_what_fails_otherwise_says_nothing_either(
    pauses: Pauses, clock: MovableClock, error: DeliveryRejected | TemporaryFailure
) -> None:
    clock.forward(SECOND)
    assert pauses.may_try(_PLACE, 2)

    pauses.heard(_PLACE, 2, error)
    pauses.left(_PLACE, 2)

    assert pauses.holds(_PLACE)
    clock.forward(SECOND)
    assert pauses.may_try(_PLACE, 3)


def test_what_may_have_needed_no_call_does_not_say_that_calls_are_taken(
    pauses: Pauses, clock: MovableClock
) -> None:
    clock.forward(SECOND)
    assert pauses.may_try(_PLACE, 2)

    pauses.went_by(_PLACE, 2)

    assert pauses.holds(_PLACE)
    assert dict(pauses) == {}  # nor is anybody told that they are not
    clock.forward(SECOND)
    assert pauses.may_try(_PLACE, 3)
    pauses.heard(_PLACE, 3, _REFUSED)
    assert dict(pauses) == {"channels.web": str(_REFUSED)}


def test_a_card_asks_only_where_no_line_does(pauses: Pauses, clock: MovableClock) -> None:
    clock.forward(SECOND)

    assert not pauses.may_try(_PLACE, "card", 5.0)
    clock.forward(5 * SECOND)
    assert pauses.may_try(_PLACE, "card", 5.0)


def test_who_is_refused_while_others_are_not_locks_nobody_out(
    pauses: Pauses, clock: MovableClock
) -> None:
    clock.forward(SECOND)
    assert pauses.may_try(_PLACE, 2)
    pauses.heard(_PLACE, 2, None)

    assert not pauses.heard(_PLACE, 1, _REFUSED)  # as it was before
    assert not pauses.holds(_PLACE)
    assert pauses.heard(_PLACE, 3, _REFUSED)
    assert pauses.holds(_PLACE)


async def test_all_go_on_when_one_was_let_in(pauses: Pauses, clock: MovableClock) -> None:
    clock.forward(SECOND)
    await pauses.turn(_PLACE, 2)
    others = [asyncio.create_task(pauses.turn(_PLACE, each)) for each in (3, 4, 5)]

    pauses.heard(_PLACE, 2, None)

    await asyncio.gather(*others)
    assert not pauses.holds(_PLACE)


async def test_who_was_to_ask_and_did_not_leaves_it_to_the_next(
    pauses: Pauses, clock: MovableClock
) -> None:
    clock.forward(SECOND)
    await pauses.turn(_PLACE, 2)
    other = asyncio.create_task(pauses.turn(_PLACE, 3))
    pauses.left(_PLACE, 2)

    clock.forward(SECOND)

    await other
    assert not pauses.may_try(_PLACE, 4)


# --- a place that says so itself ----------------------------------------------------------------


async def test_nobody_asks_where_the_place_itself_says_when_it_is_over(
    pauses: Pauses, clock: MovableClock
) -> None:
    with captured_log() as log:
        pauses.shut(_PLACE, "no scope")
        clock.forward(MINUTE)
        waiting = asyncio.create_task(pauses.turn(_PLACE, 2))
        await asyncio.sleep(0)
        asked = pauses.may_try(_PLACE, 3)
        pauses.heard(_PLACE, 1, _REFUSED)  # it had begun before
        said = dict(pauses)
        pauses.open(_PLACE)

        assert await waiting
    assert (asked, said) == (False, {"channels.web": "no scope"})
    assert not pauses.holds(_PLACE)
    told = log.getvalue()
    assert (told.count("place_refuses_us"), told.count("place_takes_us_again")) == (0, 1)


def test_it_is_told_once_however_often_it_says_so(clock: MovableClock) -> None:
    pauses = Pauses(clock)

    with captured_log() as log:
        pauses.open(_PLACE)
        for said in ("no token", "no token", "no scope"):
            pauses.shut(_PLACE, said)
        known = dict(pauses)
        pauses.open(_PLACE)
        pauses.open(_PLACE)

    told = log.getvalue()
    assert known == {"channels.web": "no scope"}
    assert (told.count("place_refuses_us"), told.count("place_takes_us_again")) == (1, 1)


def test_that_it_began_says_nothing_of_a_pause_that_came_later(
    pauses: Pauses, clock: MovableClock
) -> None:
    pauses.open(_PLACE)

    assert pauses.holds(_PLACE)


async def test_a_stop_waits_for_nobody_who_is_locked_out(desk: Office, channel: Channel) -> None:
    channel.locked = True
    await say(desk, "one", "two")
    await until(lambda: desk.dispatcher.paused)

    async with asyncio.timeout(PATIENCE):
        await desk.dispatcher.stop(10 * PATIENCE)

    assert channel.refused == 1
    assert _waiting(desk) == ["one", "two"]


def _waiting(desk: Office) -> list[str]:
    """What is on disk to be sent to a customer by the next start, in its order."""
    rows = sorted(desk.store.all_deliveries.values(), key=lambda each: each.id)
    bodies = [
        each.body
        for each in rows
        if each.side is Side.CHANNEL and each.state is DeliveryState.PENDING
    ]
    return [each.content.words() for each in bodies if isinstance(each, PostLine)]
