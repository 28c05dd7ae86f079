"""A queue that asks first asks in Discord: privately, with the answers as buttons."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bridge.simulators.discord import Message
from tests.adapters.discord.office import Office, Talk, button, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Support asks, and only Bo is there to be asked."""
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        await opened.used(opened.ana, opened.lobby, "available", state="off")
        ask = opened.house.operator.asks
        await ask("PATCH", "/v1/queues/support", strategy="least_loaded", offer_timeout=3600)
        yield opened


async def asked(office: Office, name: str) -> tuple[Message, Talk]:
    """A customer waits, and Bo is asked: what he is shown."""
    before = len(office.direct(office.bo))
    talk = await office.waiting(name)
    return await office.told(office.bo, before), talk


async def test_accepting_gives_control(office: Office) -> None:
    told, talk = await asked(office, "Ines")

    await office.bo.presses(told, button(told, "take"))
    await office.happened(talk, "offer_accepted")
    await office.bo.says(talk.thread, "Good morning")

    assert "Ines is waiting for somebody" in words(told)
    await talk.customer.hears("Good morning")


async def test_declining_from_the_card_leaves_it_waiting(office: Office) -> None:
    _, talk = await asked(office, "Jan")
    await office.until(lambda: "Offered to Bo" in words(office.card(talk)))

    await office.bo.presses(office.card(talk), button(office.card(talk), "decline"))

    await office.happened(talk, "offer_ended")
    assert "assigned" not in await office.events(talk)
