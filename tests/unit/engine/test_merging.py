"""Two customers who turn out to be one become one; a number alone never makes them so."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.ids import DAY, HOUR, Address, ExternalId, SourceKey
from bridge.domain.ticket import Ticket
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.channel import (
    AddressChanged,
    HumanEchoed,
    MessageReceived,
    OfferedTemplate,
    TemplatesSynced,
)
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel

NUMBER, OTHER = Address("+5511912345678"), Address("+5521987654321")
USER, STRANGER = Address("BR.1"), Address("BR.2")


class LearningChannel(RecordingChannel):
    """A platform that says by which names it knows whom it was told to write to."""

    knows: tuple[Address, ...] = ()
    certain: Address | None = None

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        sent = await super().send(to, call)
        return Sent(external_ids=sent.external_ids, addresses=self.knows, certain=self.certain)


@pytest.fixture
async def phone() -> AsyncIterator[Office]:
    capabilities = ChannelCapabilities(
        starts_conversations=True, phones=True, reply_window=DAY, repeats=True
    )
    office = Office(channel=LearningChannel(capabilities=capabilities))
    await office.open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    hello = OfferedTemplate(name="hello", language="en", body="Hello!")
    await office.customers.accept(TemplatesSynced(channel=office.web, templates=(hello,)))
    yield office
    await office.close()


async def writes(
    office: Office,
    words: str,
    *names: Address,
    certain: Address | None = None,
    handoff: bool = False,
) -> None:
    if handoff:
        assert office.bot is not None
        office.bot.replies.append(BotReply(handoff=Handoff(queue="sales", reason="asked")))
    office.sources += 1
    await office.customers.accept(
        MessageReceived(
            channel=office.web,
            address=names[0],
            also=names[1:],
            certain=certain,
            external_id=ExternalId(f"in-{office.sources}"),
            content=text_content(words),
            name="Bia",
        )
    )
    await office.quiet()


def states(office: Office) -> dict[int, State]:
    """Every conversation, open or not."""
    numbers = range(1, office.engine.desk.last_number + 1)
    return {number: office.conversation(number).state for number in numbers}


async def test_who_answers_a_template_by_another_name_is_whom_it_was_sent_to(
    phone: Office,
) -> None:
    await phone.command("ana", "template", f"{NUMBER} hello", confirmed="yes")

    await writes(phone, "hi", NUMBER, USER, certain=USER)
    await writes(phone, "it is me", USER, certain=USER)

    assert states(phone) == {1: State.ASSIGNED}
    assert phone.thread().words()[-2:] == ["hi", "it is me"]


async def test_a_send_that_says_who_he_is_ends_the_bots_talk_and_shows_it_to_the_agent(
    phone: Office,
) -> None:
    await writes(phone, "is it open today?", USER, certain=USER)
    channel = phone.channel
    assert isinstance(channel, LearningChannel)
    channel.knows, channel.certain = (NUMBER, USER), USER

    await phone.command("ana", "template", f"{NUMBER} hello", confirmed="yes")
    await writes(phone, "thank you", USER, certain=USER)

    assert states(phone) == {1: State.ENDED, 2: State.ASSIGNED}
    assert phone.conversation(1).end_cause == "merged"
    shown = "\n".join(phone.thread(2).words())
    assert "#1" in shown
    assert "is it open today?" in shown
    assert shown.endswith("thank you")


@pytest.mark.parametrize("held", [1, 2])
async def test_of_two_talks_the_one_that_a_person_holds_goes_on_and_loses_no_ticket(
    phone: Office, held: int
) -> None:
    for number in (1, 2):
        if number == held:
            await writes(phone, "help", NUMBER, handoff=True)
        else:
            await writes(phone, "hello bot", USER, certain=USER)
    await phone.command("ana", "ticket", f"#{held} new broken", confirmed="yes")

    await writes(phone, "both names", NUMBER, USER, certain=USER)
    await phone.says("ana", "I see", phone.work_thread(held))
    await writes(phone, "and again", USER, certain=USER)

    assert states(phone) == {held: State.ASSIGNED, 3 - held: State.ENDED}
    (identity,) = phone.engine.desk.identities
    tickets = phone.store.entities[Ticket].values()
    assert [isinstance(each, Ticket) and each.contact for each in tickets] == [identity.contact]
    assert phone.channel.words()[-1] == "I see"
    assert phone.thread(held).words()[-1] == "and again"


async def test_a_question_to_the_bot_is_not_lost_when_its_talk_is_joined_to_another_with_it(
    phone: Office,
) -> None:
    assert phone.bot is not None
    await writes(phone, "by number", NUMBER)
    await phone.later(HOUR)
    phone.bot.replies.append(BotReply(later=True))
    await writes(phone, "what does it cost?", USER, certain=USER)
    asked = len(phone.bot.calls)

    await writes(phone, "it is me", NUMBER, USER, certain=USER)

    told = [call.content.words() for call in phone.bot.calls[asked:] if call.content]
    assert told == ["what does it cost?", "it is me"]
    assert states(phone) == {1: State.BOT, 2: State.ENDED}


async def test_a_number_that_went_over_to_somebody_else_takes_no_history_with_it(
    phone: Office,
) -> None:
    await writes(phone, "I am Bia", NUMBER, USER, certain=USER, handoff=True)

    await writes(phone, "I am Caio", NUMBER, STRANGER, certain=STRANGER)
    await phone.says("ana", "for Bia alone", phone.work_thread(1))
    await writes(phone, "Caio by number", NUMBER)

    assert states(phone) == {1: State.ASSIGNED, 2: State.BOT}
    assert phone.channel.calls[-1][0] == USER
    assert "Caio by number" not in phone.thread(1).words()


async def test_without_a_certain_name_nobody_is_made_one(phone: Office) -> None:
    await writes(phone, "I am Bia", NUMBER)
    await writes(phone, "I am Caio", OTHER)

    await writes(phone, "who am I?", NUMBER, OTHER)

    assert states(phone) == {1: State.BOT, 2: State.BOT}


async def test_whoever_changed_his_number_and_wrote_from_the_new_one_is_one(
    phone: Office,
) -> None:
    await writes(phone, "help", NUMBER, USER, certain=USER, handoff=True)
    await writes(phone, "my new phone", OTHER, STRANGER, certain=STRANGER)

    await phone.customers.accept(
        AddressChanged(
            channel=phone.web,
            source=(SourceKey("moved"),),
            address=NUMBER,
            new=OTHER,
            also=(STRANGER,),
            certain=STRANGER,
        )
    )
    await phone.quiet()
    await phone.says("ana", "hello", phone.work_thread(1))

    assert states(phone) == {1: State.ASSIGNED, 2: State.ENDED}
    assert phone.channel.calls[-1][0] == OTHER


async def test_two_names_of_one_batch_are_one_customer(phone: Office) -> None:
    both = [
        MessageReceived(
            channel=phone.web,
            address=names[0],
            also=names[1:],
            certain=USER,
            external_id=ExternalId(f"b-{at}"),
            content=text_content("hi"),
        )
        for at, names in enumerate([(NUMBER, USER), (USER,)])
    ]

    await asyncio.gather(*(phone.customers.accept(event) for event in both))
    await phone.quiet()

    assert states(phone) == {1: State.BOT}


async def test_an_echo_by_another_name_stops_the_bot_of_the_same_customer(phone: Office) -> None:
    await writes(phone, "is it open?", USER, certain=USER)

    await phone.customers.accept(
        HumanEchoed(
            channel=phone.web,
            address=NUMBER,
            also=(USER,),
            certain=USER,
            external_id=ExternalId("echo-1"),
            content=text_content("yes"),
            source=(SourceKey("echo"),),
        )
    )
    await phone.quiet()

    assert states(phone) == {1: State.ASSIGNED}


async def test_after_a_restart_either_name_leads_to_the_one_who_is_left(phone: Office) -> None:
    await writes(phone, "by number", NUMBER, handoff=True)
    await writes(phone, "by name", USER, certain=USER)
    await writes(phone, "both", NUMBER, USER, certain=USER)
    await phone.close()

    await phone.open()
    await writes(phone, "by name again", USER, certain=USER)
    await writes(phone, "by number again", NUMBER)

    assert states(phone) == {1: State.ASSIGNED, 2: State.ENDED}
    assert phone.thread(1).words()[-2:] == ["by name again", "by number again"]
