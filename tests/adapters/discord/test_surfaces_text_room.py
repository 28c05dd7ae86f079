"""Where a room is a text channel, the same commands act on cards that have no thread yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.patience import until
from bridge.domain.ids import ThreadRef
from bridge.simulators.discord import Message
from tests.adapters.discord.office import Office, button, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path, forums=False) as opened:
        yield opened


async def waiting_card(office: Office, name: str) -> Message:
    """The card of a customer who waits."""
    customer = CustomerBrowser(office.house.http, office.house.chat, name, "en")
    await customer.come()
    await office.open_.enter_async_context(customer.looking())
    await customer.says("The lamp does not work")
    card = await office.discord.message_in("support", lambda one: name in words(one))
    book = office.workspace.site.threads
    await until("the card is known", lambda: book.find(ThreadRef(card.id)))
    return card


async def is_held(office: Office, name: str) -> None:
    async def agents() -> list[str]:
        page = await office.house.operator.reads("/v1/conversations")
        rows = page["conversations"]
        return [str(each["agent"]) for each in rows if name in str(each)]

    await until(f"{name} is held", agents, lambda found: found == ["bo"])


async def test_a_waiting_card_is_taken_and_its_taker_led_to_the_thread(office: Office) -> None:
    card = await waiting_card(office, "Alba")

    told = await office.settled(office.bo, await office.bo.presses(card, button(card, "take")))

    assert "is yours" in words(told)
    assert card.id in str(told.components)
    await is_held(office, "Alba")


async def test_the_menu_of_a_waiting_card_acts_on_its_conversation(office: Office) -> None:
    card = await waiting_card(office, "Bianca")

    menu = await office.settled(office.bo, await office.bo.uses_menu("Conversation", card))
    told = await office.pressed(office.bo, menu, button(menu, "take"))

    assert "Bianca" in words(menu)
    assert "is yours" in words(told)


async def test_commands_work_in_the_thread_under_a_card(office: Office) -> None:
    card = await waiting_card(office, "Celia")
    await office.settled(office.bo, await office.bo.presses(card, button(card, "take")))
    await office.until(lambda: card.id in office.discord.world.channels)

    thread = office.discord.world.channel(card.id)
    told = await office.used(office.bo, thread, "priority", level="high")

    assert "is now high" in words(told)
