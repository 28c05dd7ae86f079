"""A wait that lasts is widened, queue by queue; after the last one the queue says what happens."""

from bridge.domain.conversation import State
from bridge.domain.delivery import BotEventKind
from bridge.domain.hours import read_hours
from bridge.domain.ids import HOUR, MINUTE, SECOND
from bridge.domain.queue import OverflowEnd, Strategy
from tests.fakes.office import Office
from tests.unit.engine.ruling import rule

# The clock begins on Friday, 15 January 2027, at 08:00 UTC: 05:00 in São Paulo.
WEEK = read_hours("mon-fri 08:00-18:00, America/Sao_Paulo")


async def two_steps(office: Office, *, end: OverflowEnd = OverflowEnd.WAIT) -> None:
    """Sales goes over into help after five minutes, and into night after ten."""
    help_, night = [await office.queue(name) for name in ("help", "night")]
    steps = (help_.id, night.id)
    await rule(office, max_wait=5 * MINUTE, overflow=steps, overflow_end=end)
    await rule(office, notify_after=0, starvation=0)


def widened(office: Office) -> list[str]:
    queues = (office.engine.desk.queue(queue) for queue in office.conversation().widened)
    return [queue.name for queue in queues if queue is not None]


def queue_of(office: Office) -> str:
    queue = office.conversation().queue
    found = None if queue is None else office.engine.desk.queue(queue)
    return "" if found is None else found.name


async def test_after_each_max_wait_one_more_queue_is_tried(office: Office) -> None:
    await two_steps(office)
    await office.handed_over()

    steps = [widened(office)]
    for _ in range(4):
        await office.later(5 * MINUTE)
        steps.append(widened(office))

    assert steps == [[], ["help"], ["help", "night"], ["help", "night"], ["help", "night"]]
    assert office.events().count("overflowed") == 2
    assert office.conversation().state is State.WAITING


async def test_who_takes_it_from_there_has_it_in_his_own_queue(office: Office) -> None:
    await two_steps(office)
    await office.handed_over()
    since = office.conversation().since

    await office.later(5 * MINUTE)
    await office.agent("hugo", "help")

    assert (office.holder(), queue_of(office)) == ("hugo", "help")
    assert office.conversation().widened == ()
    assert office.conversation().since == since
    assert office.thread().room == "help"


async def test_its_own_queue_comes_first_still(office: Office) -> None:
    await two_steps(office)
    ana = await office.agent("ana", "sales", available=False)
    await office.agent("hugo", "help", available=False)
    await office.handed_over()
    await office.later(5 * MINUTE)

    await office.command("ana", "available", "on")

    assert (office.holder(), queue_of(office)) == (ana.handle, "sales")


async def test_the_room_of_the_added_queue_has_the_card_and_its_members_may_take(
    office: Office,
) -> None:
    await two_steps(office)
    await rule(office, "help", strategy=Strategy.MANUAL)
    await office.agent("hugo", "help")
    await office.handed_over()
    before = await office.command("hugo", "take", "#1")

    await office.later(5 * MINUTE)
    rooms = [
        thread.room
        for thread in office.workspace.threads.values()
        if thread.binding.purpose == "waiting" and not thread.closed
    ]
    after = await office.command("hugo", "take", "#1")

    assert before.code == "not_member"
    assert rooms == ["sales", "help"]
    assert after.ok, after
    assert queue_of(office) == "help"
    closed = [t.room for t in office.workspace.threads.values() if t.closed]
    assert closed == ["sales"]


async def test_a_queue_that_is_closed_or_out_of_use_is_passed_over(office: Office) -> None:
    await two_steps(office)
    await rule(office, "help", active=False)
    await office.handed_over()

    await office.later(5 * MINUTE)

    assert widened(office) == ["night"]


async def test_a_closed_queue_joins_when_it_opens(office: Office) -> None:
    await two_steps(office)
    await rule(office, "help", hours=WEEK)
    await rule(office, "night", active=False)
    await office.handed_over()

    await office.later(HOUR)
    before = widened(office)
    await office.later(2 * HOUR)

    assert (before, widened(office)) == ([], ["help"])


async def test_after_the_last_one_the_bot_has_him_again_and_he_is_told(office: Office) -> None:
    await two_steps(office, end=OverflowEnd.BOT)
    await office.handed_over()
    assert office.bot is not None

    for _ in range(3):
        await office.later(5 * MINUTE)

    conversation = office.conversation()
    assert (conversation.state, conversation.queue, conversation.since) == (State.BOT, None, None)
    assert office.channel.words() == ["We are sorry: nobody could answer you so far."]
    assert office.bot.calls[-1].kind is BotEventKind.HANDOFF_RETURNED
    assert office.bot.calls[-1].cause == "wait_expired"
    assert [t.room for t in office.workspace.threads.values() if not t.closed] == ["monitor"]


async def test_who_asks_again_waits_as_if_for_the_first_time(office: Office) -> None:
    await two_steps(office, end=OverflowEnd.BOT)
    await office.handed_over()
    for _ in range(3):
        await office.later(5 * MINUTE)

    await office.handed_over("please!")
    await office.later(SECOND)

    assert office.conversation().state is State.WAITING
    assert widened(office) == []


async def test_without_a_bot_nobody_is_sent_back_to_one() -> None:
    office = await Office(bot=None).open()
    await office.queue("sales")
    await rule(office, max_wait=MINUTE, overflow_end=OverflowEnd.BOT)
    await office.customer("hello")

    await office.later(HOUR)

    assert office.conversation().state is State.WAITING
    await office.close()


async def test_the_steps_missed_while_nothing_ran_are_made_up_for(office: Office) -> None:
    await two_steps(office)
    await office.handed_over()
    await office.close()

    office.clock.forward(HOUR)
    again = await Office(store=office.store, clock=office.clock).open()
    await again.later(SECOND)

    assert widened(again) == ["help", "night"]
    await again.close()


async def test_a_transfer_begins_the_steps_of_the_new_queue(office: Office) -> None:
    await two_steps(office)
    await office.agent("hugo", "help")
    await office.handed_over()
    await office.later(5 * MINUTE)
    await office.queue("third")

    await office.command("hugo", "transfer", "#1 third")

    assert (queue_of(office), office.conversation().widened) == ("third", ())


async def test_an_agent_of_the_added_queue_sees_it_among_those_who_wait(office: Office) -> None:
    await two_steps(office)
    await rule(office, "help", strategy=Strategy.MANUAL)
    await office.agent("hugo", "help")
    await office.handed_over()
    await office.later(5 * MINUTE)

    answer = await office.command("hugo", "queues", "help")

    assert "#1 Alice" in str(answer.text)
