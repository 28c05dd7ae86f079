"""A customer who waits knows his place in the line, and hears of it when it got better."""

import pytest

from bridge.domain.ids import HOUR, MINUTE, SECOND, Language
from bridge.domain.moves import ChangeAgent
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.capabilities import ChannelCapabilities
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel
from tests.unit.engine.ruling import rule


@pytest.fixture
async def telling(office: Office) -> Office:
    """A desk that tells places once a minute; its only agent has one slot."""
    await rule(office, tell_waiting=MINUTE)
    ana = await office.agent("ana", "sales")
    await office.do(ChangeAgent(agent=ana.id, capacity=1))
    return office


async def three(office: Office) -> None:
    for name in ("Alice", "Bob", "Carol"):
        await office.handed_over("help", name)
        await office.later(SECOND)


async def test_who_does_not_wait_is_told_nothing(telling: Office) -> None:
    await telling.handed_over()

    assert telling.channel.words() == []


async def test_who_begins_to_wait_is_told_his_place(telling: Office) -> None:
    await three(telling)

    assert telling.channel.words() == ["You are next in line.", "You are number 2 in line."]


async def test_it_is_said_in_his_language(telling: Office) -> None:
    await three(telling)
    assert telling.bot is not None
    telling.bot.replies.append(BotReply(handoff=Handoff(queue="sales"), language=Language("pt_BR")))

    await telling.customer("oi", "Duda")

    assert telling.channel.words()[-1] == "Você é o número 3 da fila."


async def test_a_better_place_is_told_but_not_at_every_step(telling: Office) -> None:
    await three(telling)
    await telling.later(MINUTE)
    before = len(telling.channel.words())

    await telling.command("ana", "return-to-bot", "#1", confirmed="yes")
    at_once = telling.channel.words()[before:]
    await telling.later(MINUTE)
    later = telling.channel.words()[before:]
    await telling.later(MINUTE)

    assert at_once == []
    assert later == ["You are next in line."]
    assert telling.channel.words()[before:] == later


async def test_a_worse_place_is_not_told(telling: Office) -> None:
    await three(telling)
    await telling.handed_over("help", "Duda")
    await telling.agent("rita", admin=True)
    before = telling.channel.words()

    await telling.command("rita", "priority", "#4 urgent")
    await telling.later(MINUTE)

    assert telling.channel.words() == [*before, "You are next in line."]


async def test_where_the_time_for_free_text_is_over_nobody_is_told() -> None:
    window = ChannelCapabilities(reply_window=HOUR)
    office = await Office(channel=RecordingChannel(capabilities=window)).open()
    await office.queue("sales")
    await rule(office, tell_waiting=MINUTE, starvation=0, notify_after=0)
    await office.handed_over("one", "Alice")
    await office.handed_over("two", "Bob")
    said = office.channel.words()
    await office.later(2 * HOUR)

    await office.agent("ana", "sales")
    await office.later(2 * MINUTE)

    assert office.channel.words() == said
    await office.close()


async def test_after_downtime_a_place_is_told_at_most_once(telling: Office) -> None:
    await three(telling)
    await telling.command("ana", "available", "off")
    await telling.close()

    telling.clock.forward(HOUR)
    again = await Office(store=telling.store, clock=telling.clock).open()
    for _ in range(3):
        await again.later(SECOND)

    assert again.channel.words() == []
    await again.close()
