"""A person who answers on the business's own telephone is in control; the bot is not."""

from collections.abc import AsyncIterator

import pytest

from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.ids import MINUTE, Address, ExternalId, SourceKey
from bridge.ports.bot import BotReply
from bridge.ports.channel import HumanEchoed
from tests.fakes.office import Office


@pytest.fixture
async def phone() -> AsyncIterator[Office]:
    office = Office()
    await office.open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    yield office
    await office.close()


async def echo(office: Office, words: str, name: str = "Alice", *, again: str = "") -> str:
    """Somebody answers Alice on the telephone."""
    office.sources += 1
    id_ = again or f"echo-{office.sources}"
    await office.customers.accept(
        HumanEchoed(
            channel=office.web,
            address=Address(f"addr-{name}"),
            external_id=ExternalId(id_),
            content=text_content(words),
            source=(SourceKey(id_),),
        )
    )
    await office.quiet()
    return id_


async def test_the_bot_never_answers_a_conversation_that_was_begun_on_the_telephone(
    phone: Office,
) -> None:
    assert phone.bot is not None
    await echo(phone, "Your order is here")
    asked = len(phone.bot.calls)

    await phone.customer("Thanks!")
    await phone.customer("And when?")

    assert phone.conversation().state is State.ASSIGNED
    assert phone.holder() == "_phone"
    assert len(phone.bot.calls) == asked
    assert phone.channel.words() == []


async def test_an_answer_on_the_telephone_takes_the_conversation_from_the_bot(
    phone: Office,
) -> None:
    assert phone.bot is not None
    phone.bot.replies.append(BotReply())
    await phone.customer("hello")

    await echo(phone, "I am here")

    assert phone.holder() == "_phone"
    assert "Phone: I am here" in phone.thread().words()[0]


async def test_an_echo_that_comes_twice_is_one_line(phone: Office) -> None:
    id_ = await echo(phone, "I am here")
    await echo(phone, "I am here", again=id_)

    lines = [m for m in phone.store.messages.values() if m.content.words() == "I am here"]
    assert len(lines) == 1


async def test_an_agent_may_take_it_as_one_that_waits(phone: Office) -> None:
    await echo(phone, "I am here")

    answer = await phone.command("ana", "take", "#1")

    assert answer.ok, answer
    assert phone.holder() == "ana"


async def test_what_an_agent_holds_stays_with_him(phone: Office) -> None:
    await phone.handed_over()

    await echo(phone, "I am here, too")

    assert phone.holder() == "ana"
    assert "I am here, too" in phone.thread().words()


async def test_half_an_hour_of_silence_gives_it_back(phone: Office) -> None:
    await echo(phone, "I am here")
    await phone.later(20 * MINUTE)
    await phone.customer("Good")
    await phone.later(29 * MINUTE)
    held = phone.conversation().state

    await phone.later(2 * MINUTE)

    assert held is State.ASSIGNED
    assert phone.conversation().state is State.ENDED


async def test_nobody_is_sent_to_the_telephone(phone: Office) -> None:
    await phone.command("ana", "available", "off")
    await echo(phone, "I am here")

    await phone.handed_over(name="Bob")

    assert phone.conversation(2).state is State.WAITING
