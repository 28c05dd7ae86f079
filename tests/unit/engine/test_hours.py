"""Outside its hours, and without room, a queue does what its policy says; nobody is lost."""

import pytest
from msgspec.structs import replace

from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.delivery import BotEventKind
from bridge.domain.hours import Hours, read_hours
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, Language
from bridge.domain.moves import ChangeAgent, ChangeQueue
from bridge.domain.queue import ClosedPolicy
from bridge.ports.bot import HEARD, BotReply, Handoff
from bridge.ports.clock import MovableClock
from tests.fakes.clock import FixedClock
from tests.fakes.office import Office
from tests.fakes.sides import ScriptedBot
from tests.unit.engine.ruling import rule

# The clock begins on Friday, 15 January 2027, at 08:00 UTC: 05:00 in São Paulo.
WEEK = read_hours("mon-fri 08:00-18:00, America/Sao_Paulo")
OPENS_IN = 3 * HOUR
NEVER: Hours = Hours(zone="America/Sao_Paulo", week=((),) * 7)


@pytest.fixture
async def closed(office: Office) -> Office:
    """A desk whose queue opens in three hours."""
    await rule(office, hours=WEEK)
    return office


async def test_a_handover_at_night_is_kept_and_the_customer_told_when(closed: Office) -> None:
    await closed.agent("ana", "sales")

    await closed.handed_over()

    conversation = closed.conversation()
    assert conversation.state is State.PARKED
    assert closed.channel.words() == [
        "We are closed at the moment and open again today at 08:00. "
        "You keep your place: we answer you then."
    ]
    [event] = [each for each in closed.store.history if each.kind == "parked"]
    assert event.data["opens_at"] == "2027-01-15T11:00:00+00:00"


async def test_it_is_said_in_the_customers_language_and_the_queues_time(closed: Office) -> None:
    await rule(closed, hours=read_hours("mon 08:00-18:00, America/Sao_Paulo"))
    assert closed.bot is not None
    closed.bot.replies.append(BotReply(handoff=Handoff(queue="sales"), language=Language("pt_BR")))

    await closed.customer("oi")

    assert "voltamos seg 08:00" in closed.channel.words()[0]


async def test_who_was_kept_is_given_out_at_the_opening_with_his_place_by_time(
    closed: Office,
) -> None:
    await closed.agent("ana", "sales")
    await closed.handed_over()
    since = closed.conversation().since

    await closed.later(OPENS_IN - MINUTE)
    before = closed.conversation().state
    await closed.later(MINUTE)

    assert before is State.PARKED
    assert closed.conversation().state is State.ASSIGNED
    assert closed.conversation().since == since


async def test_at_the_opening_the_most_urgent_comes_first(closed: Office) -> None:
    ana = await closed.agent("ana", "sales")
    await closed.do(ChangeAgent(agent=ana.id, capacity=1))
    for number, name in enumerate(("Alice", "Bob", "Carol"), 1):
        await closed.handed_over("help", name)
        await closed.later(SECOND)
        assert closed.conversation(number).state is State.PARKED
    admin = await closed.agent("rita", admin=True)
    await closed.command("rita", "priority", "#3 urgent")

    await closed.later(OPENS_IN)

    states = [closed.conversation(number).state for number in (1, 2, 3)]
    assert states == [State.WAITING, State.WAITING, State.ASSIGNED], admin


async def test_a_thousand_at_the_opening_are_given_slot_by_slot(closed: Office) -> None:
    await closed.agent("ana", "sales")
    for number in range(100):
        await closed.handed_over("help", f"C{number}")

    await closed.later(OPENS_IN)

    states = [closed.conversation(number).state for number in range(1, 101)]
    assert states[:5] == [State.ASSIGNED] * 5
    assert set(states[5:]) == {State.WAITING}


async def test_what_a_kept_customer_writes_is_there_when_he_is_taken(closed: Office) -> None:
    await closed.agent("ana", "sales")
    await closed.handed_over("my order")

    await closed.customer("it is number 7")
    await closed.later(OPENS_IN)

    assert "it is number 7" in closed.thread().words()[0]


async def test_a_kept_one_may_be_taken(closed: Office) -> None:
    await closed.agent("ana", "sales")
    await closed.handed_over()

    answer = await closed.command("ana", "take", "#1")

    assert answer.ok, answer
    assert closed.holder() == "ana"


async def test_a_refusing_queue_leaves_him_with_a_bot_that_is_told_why(office: Office) -> None:
    bot = RefusedBot()
    office = await Office(bot=bot).open()
    await office.queue("sales")
    await rule(office, hours=WEEK, closed_policy=ClosedPolicy.REFUSE)
    bot.replies.append(BotReply(handoff=Handoff(queue="sales", reason="asked")))
    bot.replies.append(BotReply(messages=(text_content("Nobody is there. Leave a message?"),)))

    await office.customer("a person, please")

    assert office.conversation().state is State.BOT
    assert bot.calls[-1].kind is BotEventKind.HANDOFF_REFUSED
    assert (bot.calls[-1].cause, bot.calls[-1].queue) == ("queue_closed", "sales")
    assert office.channel.words() == ["Nobody is there. Leave a message?"]
    await office.close()


async def test_a_bot_that_insists_is_not_asked_for_ever(office: Office) -> None:
    bot = RefusedBot()
    office = await Office(bot=bot).open()
    await office.queue("sales")
    await rule(office, hours=WEEK, closed_policy=ClosedPolicy.REFUSE)
    handoff = BotReply(handoff=Handoff(queue="sales", reason="asked"))
    bot.replies.extend([handoff, handoff, handoff])

    await office.customer("a person, please")

    assert len(bot.calls) == 2
    assert office.channel.words() == ["We are closed at the moment and open again today at 08:00."]
    await office.close()


async def test_a_bot_that_hears_nothing_of_it_leaves_the_word_to_us(closed: Office) -> None:
    await rule(closed, closed_policy=ClosedPolicy.REFUSE)

    await closed.handed_over()
    await closed.handed_over("hello?")

    assert closed.conversation().state is State.BOT
    assert closed.channel.words() == ["We are closed at the moment and open again today at 08:00."]
    assert closed.events().count("handoff_refused") == 2


async def test_a_silent_bot_at_night_is_not_followed_by_a_false_promise(closed: Office) -> None:
    assert closed.bot is not None
    closed.bot.replies.append(RuntimeError("crashed"))

    await closed.customer("hello?")

    assert closed.conversation().state is State.PARKED
    assert [words for words in closed.channel.words() if "a person will answer" in words] == []
    assert len(closed.channel.words()) == 1


async def test_an_overflowing_queue_sends_him_to_the_first_that_is_open_and_has_room(
    closed: Office,
) -> None:
    desk = closed.engine.desk
    full, night, day = [await closed.queue(name) for name in ("full", "night", "day")]
    await rule(closed, "night", hours=WEEK, overflow=(day.id,))
    await rule(closed, "full", max_waiting=1)
    await closed.handed_over("first", "Bob", "full")
    overflow = (full.id, night.id)
    await rule(closed, closed_policy=ClosedPolicy.OVERFLOW, overflow=overflow)

    await closed.handed_over("help", "Alice")

    conversation = closed.conversation(2)
    assert (conversation.state, conversation.queue) == (State.WAITING, day.id)
    assert "overflowed" in closed.events(2)
    assert desk.waiting_in(full.id) == 1


async def test_overflow_that_goes_round_ends_where_it_began(closed: Office) -> None:
    night = await closed.queue("night")
    sales = closed.engine.desk.queue_by_name("sales")
    assert sales is not None
    await rule(closed, closed_policy=ClosedPolicy.OVERFLOW, overflow=(night.id,))
    await rule(closed, "night", hours=WEEK)
    # As it may have been set before anybody looked for circles.
    closed.engine.desk.queues.put(
        replace(closed.engine.desk.queues[night.id], overflow=(sales.id,))
    )

    await closed.handed_over()

    conversation = closed.conversation()
    assert (conversation.state, conversation.queue) == (State.PARKED, sales.id)


async def test_a_full_queue_refuses_and_one_more_place_is_enough(office: Office) -> None:
    await rule(office, max_waiting=1)
    await office.handed_over("one", "Alice")

    await office.handed_over("two", "Bob")
    await rule(office, max_waiting=2)
    await office.handed_over("three", "Carol")

    states = [office.conversation(number).state for number in (1, 2, 3)]
    assert states == [State.WAITING, State.BOT, State.WAITING]
    assert office.channel.words() == [
        "Everybody is busy right now. Please write again a little later."
    ]


async def test_a_queue_that_never_opens_keeps_nobody(office: Office) -> None:
    await rule(office, hours=NEVER)

    await office.handed_over()

    assert office.conversation().state is State.BOT
    assert "write again later" in office.channel.words()[0]


async def test_who_was_kept_waits_when_the_queue_will_never_open_any_more(closed: Office) -> None:
    await closed.agent("ana", "sales", available=False)
    await closed.handed_over()

    await rule(closed, hours=NEVER)
    await closed.later(SECOND)

    assert closed.conversation().state is State.WAITING


async def test_new_hours_hold_for_who_is_kept_already(closed: Office) -> None:
    await closed.agent("ana", "sales")
    await closed.handed_over()

    await rule(closed, always_open=True)
    await closed.later(SECOND)

    assert closed.conversation().state is State.ASSIGNED


async def test_who_waits_already_stays_when_it_closes(office: Office) -> None:
    await office.agent("ana", "sales", available=False)
    await office.handed_over()

    await rule(office, hours=WEEK)
    await office.later(MINUTE)

    assert office.conversation().state is State.WAITING


async def test_a_transfer_to_a_closed_queue_offers_to_wait_for_its_opening(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    night = await office.queue("night")
    await rule(office, "night", hours=WEEK)

    refused = await office.command("ana", "transfer", "#1 night he asked for it")
    [offer] = refused.offers
    parked = await office.command("ana", offer.command, **offer.arguments)

    assert (refused.ok, refused.code) == (False, "queue_outside_hours")
    assert offer.label == "Wait for the opening"
    assert parked.ok, parked
    assert (office.conversation().state, office.conversation().queue) == (State.PARKED, night.id)
    assert "open again today at 08:00" in office.channel.words()[-1]


async def test_a_transfer_keeps_its_since_over_the_night(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    since = office.conversation().since
    await office.queue("night")
    await rule(office, "night", hours=WEEK)

    await office.later(MINUTE)
    await office.command("ana", "transfer", "", conversation="1", target="night", park="yes")
    await office.later(OPENS_IN)

    assert office.conversation().state is State.WAITING
    assert office.conversation().since == since


async def test_a_closed_queue_is_not_put_out_of_use_while_it_keeps_somebody(
    closed: Office,
) -> None:
    await closed.handed_over()
    sales = closed.engine.desk.queue_by_name("sales")
    assert sales is not None

    outcome = await closed.do(ChangeQueue(queue=sales.id, active=False))

    assert (outcome.ok, outcome.code) == (False, "queue_not_empty")


async def test_an_opening_missed_while_nothing_ran_is_made_up_for() -> None:
    office = await Office(clock=MovableClock(FixedClock())).open()
    await office.queue("sales")
    await rule(office, hours=WEEK)
    await office.handed_over()
    await office.close()

    office.clock.forward(OPENS_IN + HOUR)
    again = await Office(store=office.store, clock=office.clock).open()
    await again.later(SECOND)

    assert again.conversation().state is State.WAITING
    await again.close()


async def test_an_opening_missed_altogether_is_waited_for_again() -> None:
    office = await Office(clock=MovableClock(FixedClock())).open()
    await office.queue("sales")
    await rule(office, hours=WEEK)
    await office.handed_over()
    await office.close()

    office.clock.forward(DAY)  # Saturday, 05:00 in São Paulo
    again = await Office(store=office.store, clock=office.clock).open()
    await again.later(SECOND)
    saturday = again.conversation().state
    await again.later(2 * DAY + OPENS_IN)

    assert saturday is State.PARKED
    assert again.conversation().state is State.WAITING
    await again.close()


class RefusedBot(ScriptedBot):
    """A bot that wants to know when nobody comes."""

    hears = HEARD | {BotEventKind.HANDOFF_REFUSED}
    observes = False
