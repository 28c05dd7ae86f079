"""A customer leaves: nobody waits, rings or works for him any more, and everybody knows why."""

import pytest

from bridge.app.metering import desk_numbers
from bridge.commands.authorize import EntryPoint
from bridge.commands.history import sentence
from bridge.domain.contact import Identity, Refuses
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import BotEventKind
from bridge.domain.events import EventKind
from bridge.domain.hours import read_hours
from bridge.domain.ids import DAY, SECOND, Address, SourceKey
from bridge.domain.moves import ChangeAgent, CreateTemplate, Outcome, StartConversation
from bridge.domain.queue import Visibility
from bridge.engine.state.desk import agent_actor
from bridge.engine.state.options import DeskOptions
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.channel import Accepted, CustomerLeft, WishesChanged
from tests.fakes.office import Office
from tests.fakes.sides import ScriptedBot
from tests.unit.engine.ruling import rule

ALICE = Address("addr-Alice")


class CuriousBot(ScriptedBot):
    """A bot that hears of everything."""

    hears = frozenset(BotEventKind)
    observes = False


async def leaves(
    office: Office, name: str = "Alice", *, blocked: bool = False, key: str = "left"
) -> Accepted:
    """A customer ends it, or blocks us."""
    accepted = await office.customers.accept(
        CustomerLeft(
            channel=office.web,
            source=(SourceKey(f"{key}:{name}"),),
            address=Address(f"addr-{name}"),
            blocked=blocked,
        )
    )
    await office.quiet()
    return accepted


async def wishes(office: Office, refuses: Refuses) -> None:
    office.sources += 1
    source = (SourceKey(f"wish:{office.sources}"),)
    await office.customers.accept(
        WishesChanged(channel=office.web, source=source, address=ALICE, refuses=refuses)
    )
    await office.quiet()


def ended_as(office: Office, number: int = 1) -> tuple[State, str]:
    conversation = office.conversation(number)
    return conversation.state, conversation.end_cause


def refuses(office: Office) -> Refuses:
    (found,) = office.store.entities[Identity].values()
    assert isinstance(found, Identity)
    return found.refuses


async def writes_first(office: Office, template: str = "news") -> Outcome:
    """Ana writes to Alice by a template."""
    found = next(each for each in office.engine.desk.templates() if each.name == template)
    ana = office.engine.desk.agent_by_handle("ana")
    assert ana is not None
    move = StartConversation(channel=office.web, address=ALICE, template=found.id, name="Alice")
    outcome = await office.engine.carry_out(move, agent_actor(ana), EntryPoint.COMMAND)
    await office.quiet()
    return outcome


# --- who waits ----------------------------------------------------------------------------------


async def test_who_leaves_while_he_waits_has_abandoned_the_queue(office: Office) -> None:
    await office.handed_over()

    await leaves(office)

    assert ended_as(office) == (State.ENDED, "abandoned")
    assert office.events()[-1] == EventKind.ENDED
    threads = office.workspace.threads.values()
    assert all(thread.closed and thread.hidden and not thread.posts for thread in threads)


async def test_nobody_is_given_a_customer_who_left(office: Office) -> None:
    await office.handed_over(name="Alice")
    await office.handed_over(name="Bruno")
    await leaves(office, "Alice")

    await office.agent("ana", "sales")

    assert office.holder(1) == ""
    assert office.holder(2) == "ana"


async def test_an_offer_ends_with_the_customer_who_left_and_is_held_against_nobody(
    office: Office,
) -> None:
    await rule(office, offer_timeout=30 * SECOND)
    ana = await office.agent("ana", "sales")
    await office.handed_over()
    assert office.conversation().state is State.OFFERED

    await leaves(office)
    answer = await office.command("ana", "take", "#1")
    await office.later(60 * SECOND)

    assert ended_as(office) == (State.ENDED, "abandoned")
    assert answer.code == "ended"
    assert office.engine.desk.load(ana.id) == 0
    assert office.engine.desk.agents[ana.id].missed == 0
    assert office.events()[-2:] == [EventKind.OFFER_ENDED, EventKind.ENDED]


async def test_who_leaves_while_he_is_kept_is_not_let_in_at_the_opening(office: Office) -> None:
    await rule(office, hours=read_hours("sun 8-12, UTC"))  # it is a Friday
    await office.agent("ana", "sales")
    await office.handed_over()
    assert office.conversation().state is State.PARKED

    await leaves(office)
    await office.later(3 * DAY)

    assert ended_as(office) == (State.ENDED, "abandoned")
    assert office.holder() == ""


# --- who has a person ---------------------------------------------------------------------------


async def test_an_agent_whose_customer_ends_it_is_told_and_gets_the_next_one(
    office: Office,
) -> None:
    ana = await office.agent("ana", "sales")
    await office.do(ChangeAgent(agent=ana.id, capacity=1))
    await office.handed_over(name="Alice")
    await office.handed_over(name="Bruno")
    thread = office.thread(1)

    await leaves(office, "Alice")

    assert ended_as(office, 1) == (State.ENDED, "customer_closed")
    assert thread.words()[-1] == "Alice ended the conversation."
    assert thread.closed
    assert office.holder(2) == "ana"


async def test_an_agent_whose_thread_goes_with_it_is_told_privately(office: Office) -> None:
    await rule(office, visibility=Visibility.ASSIGNEE)
    await office.agent("ana", "sales")
    await office.handed_over()
    thread = office.thread()

    await leaves(office)

    assert thread.hidden
    assert office.whispered("ana")[-1] == "Alice ended the conversation."


async def test_what_the_agent_writes_then_does_not_cross(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    thread = office.work_thread()
    await leaves(office)

    await office.says("ana", "Still there?", thread)

    assert "Still there?" not in office.channel.words()


async def test_the_bot_is_told_and_not_asked_to_go_on() -> None:
    bot = CuriousBot()
    office = await Office(bot=bot).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    bot.replies.extend([BotReply(), BotReply(handoff=Handoff(queue="sales"))])
    await office.customer("a person please")

    await leaves(office)

    assert bot.calls[-1].kind is BotEventKind.CONVERSATION_ENDED
    assert bot.calls[-1].cause == "customer_closed"
    assert BotEventKind.HANDOFF_RETURNED not in [call.kind for call in bot.calls]
    await office.close()


async def test_who_only_talked_to_the_bot_may_be_done_too(office: Office) -> None:
    await office.customer("hello")

    await leaves(office)

    assert ended_as(office) == (State.ENDED, "customer_closed")
    assert all(thread.closed for thread in office.workspace.threads.values())


async def test_who_comes_back_begins_anew_with_the_bot(office: Office) -> None:
    await office.handed_over()
    await leaves(office)

    await office.customer("me again")

    assert office.conversation(2).state is State.BOT
    assert ended_as(office, 1) == (State.ENDED, "abandoned")


async def test_leaving_told_twice_does_not_end_what_began_since(office: Office) -> None:
    await office.handed_over()
    await leaves(office)
    await office.customer("me again")

    again = await leaves(office)

    assert again.duplicate
    assert office.conversation(2).state is State.BOT


async def test_a_stranger_who_leaves_leaves_nothing_behind(office: Office) -> None:
    await leaves(office, "Nobody")

    assert office.store.entities[Identity] == {}
    assert office.store.entities[Conversation] == {}


# --- what is told of it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Alice left before anybody answered"),
        ("pt_BR", "Alice saiu antes de alguém atender"),
    ],
)
async def test_the_history_says_so(office: Office, language: str, words: str) -> None:
    await office.handed_over()

    await leaves(office)

    assert sentence(office.store.history[-1], language) == words


async def test_it_is_counted_by_queue(office: Office) -> None:
    await office.handed_over(name="Alice")
    await office.handed_over(name="Bruno")
    await leaves(office, "Alice")
    await leaves(office, "Bruno")

    families = {each.name: each for each in desk_numbers(office.engine, office.dispatcher)}

    (sample,) = families["deskbridge_conversations_ended"].samples
    assert sample.labels == {"cause": "abandoned", "queue": "sales"}
    assert sample.value == 2


# --- who wants nothing --------------------------------------------------------------------------


async def test_who_blocked_us_is_not_written_to_until_he_writes(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.do(CreateTemplate(name="news", language="en", body="News for you"))
    await office.handed_over()
    thread = office.thread()

    await leaves(office, blocked=True)
    refused = await writes_first(office)
    await office.customer("I changed my mind")
    allowed = await writes_first(office)

    assert ended_as(office) == (State.ENDED, "customer_blocked")
    assert thread.words()[-1].startswith("Alice blocked us")
    assert (refused.code, refused.data["customer"]) == ("opted_out", "Alice")
    assert allowed.ok, allowed


async def test_who_unblocks_us_may_be_written_to(office: Office) -> None:
    await office.customer("hello")
    await leaves(office, blocked=True)
    blocked = refuses(office)

    await wishes(office, Refuses.NOTHING)

    assert (blocked, refuses(office)) == (Refuses.EVERYTHING, Refuses.NOTHING)


async def test_who_wants_no_marketing_wants_none_after_he_wrote_either(office: Office) -> None:
    await office.customer("hello")
    await wishes(office, Refuses.MARKETING)

    await office.customer("hello?")

    assert refuses(office) is Refuses.MARKETING


async def test_an_agent_who_writes_to_many_at_once_is_slowed_down() -> None:
    office = await Office(options=DeskOptions(starts_per_minute=1)).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.do(CreateTemplate(name="news", language="en", body="News for you"))
    first = await writes_first(office)
    await leaves(office)
    await office.customer("hello", "Bruno")
    ana = office.engine.desk.agent_by_handle("ana")
    assert ana is not None
    await started_with(office, "Bruno")

    at_once = await writes_first(office)
    await office.later(61 * SECOND)
    later = await writes_first(office)

    assert first.ok
    assert at_once.code == "rate_limited"
    assert later.ok, later
    await office.close()


async def started_with(office: Office, name: str) -> None:
    """Ana begins with somebody else."""
    template = next(iter(office.engine.desk.templates()))
    ana = office.engine.desk.agent_by_handle("ana")
    assert ana is not None
    move = StartConversation(
        channel=office.web, address=Address(f"addr-{name}"), template=template.id, name=name
    )
    outcome = await office.engine.carry_out(move, agent_actor(ana), EntryPoint.COMMAND)
    await office.quiet()
    assert outcome.ok, outcome
