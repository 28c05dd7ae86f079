"""An alarm for every conversation that has a deadline, and no more than that."""

from msgspec.structs import replace

from bridge.domain.conversation import Conversation, State
from bridge.domain.ids import HOUR, Instant, after
from bridge.engine.control.alarms import Alarms
from bridge.engine.control.timers import next_due
from tests.fakes.office import Office


async def answered(office: Office) -> tuple[Alarms, Conversation]:
    """Ana has answered and waits for the customer."""
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "hello")
    conversation = office.engine.desk.conversation_by_number(1)
    assert conversation is not None
    return Alarms(office.engine.desk), conversation


def moved(office: Office, conversation: Conversation, millis: int) -> Conversation:
    """Ana wrote again so much later."""
    assert conversation.last_our_at is not None
    later = replace(conversation, last_our_at=after(conversation.last_our_at, millis))
    office.engine.desk.conversations.admit(later)
    return later


async def another(office: Office, like: Conversation, millis: int) -> Conversation:
    """A conversation that waits as this one does, since so much later."""
    await office.customer("hello", name="Bruno")
    found = office.engine.desk.conversation_by_number(2)
    assert found is not None
    other = replace(moved(office, like, millis), id=found.id, number=2, identity=found.identity)
    office.engine.desk.conversations.admit(other)
    office.engine.desk.conversations.admit(like)
    return other


def due_of(office: Office, conversation: Conversation) -> Instant:
    due = next_due(office.engine.desk, conversation, Instant(0))
    assert due is not None
    return due


async def test_a_busy_conversation_has_one_alarm(office: Office) -> None:
    alarms, conversation = await answered(office)

    for minute in range(100):
        alarms.look(moved(office, conversation, minute * 60_000))

    assert len(alarms) == 1


async def test_an_alarm_for_a_deadline_that_moved_away_waits_for_the_new_one(
    office: Office,
) -> None:
    alarms, conversation = await answered(office)
    alarms.look(conversation)
    first = due_of(office, conversation)
    later = moved(office, conversation, HOUR)
    alarms.look(later)

    told = [alarms.due(first), alarms.due(after(first, HOUR - 1)), alarms.due(after(first, HOUR))]

    assert told == [[], [], [conversation.id]]


async def test_a_deadline_that_came_nearer_is_kept(office: Office) -> None:
    alarms, conversation = await answered(office)
    alarms.look(moved(office, conversation, HOUR))
    alarms.look(moved(office, conversation, 0))

    assert alarms.due(due_of(office, conversation)) == [conversation.id]


async def test_an_alarm_of_a_conversation_that_is_gone_is_forgotten(office: Office) -> None:
    alarms, conversation = await answered(office)
    alarms.look(conversation)
    office.engine.desk.conversations.release(conversation.id)

    assert alarms.due(after(due_of(office, conversation), 30 * 24 * HOUR)) == []
    assert len(alarms) == 0


async def test_deadlines_of_the_same_minute_are_told_each_at_its_own_moment(
    office: Office,
) -> None:
    alarms, conversation = await answered(office)
    first = due_of(office, conversation)
    other = await another(office, conversation, 1)
    alarms.look(conversation)
    alarms.look(other)

    told = [alarms.due(moment) for moment in (after(first, -1), first, after(first, 1))]

    assert told == [[], [conversation.id], [other.id]]


async def test_a_conversation_that_ends_takes_its_alarm_with_it(office: Office) -> None:
    alarms, conversation = await answered(office)
    alarms.look(conversation)

    alarms.look(replace(conversation, state=State.ENDED))

    assert len(alarms) == 0
