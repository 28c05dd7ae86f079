"""A queue that asks first asks in Slack: privately, with the answers as buttons."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.adapters.slack.office import Office, Shown, Talk, buttons, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Support asks, and only Bo is there to be asked."""
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        ask = opened.house.operator.asks
        await opened.ana.types(opened.room, "/available off")
        await ask("PATCH", "/v1/queues/support", strategy="least_loaded", offer_timeout=3600)
        yield opened


async def asked(office: Office, name: str) -> tuple[Shown, Talk]:
    """A customer waits, and Bo is asked: what he is shown."""
    before = office.seen(office.bo)
    talk = await office.waiting(name)
    return await office.told(office.bo, before), talk


def pressed(shown: Shown, command: str) -> str:
    """The id of this command's button."""
    found = (one.action_id for one in buttons(shown) if f":{command}" in one.action_id)
    return next(found)


async def test_accepting_gives_control(office: Office) -> None:
    told, talk = await asked(office, "Ines")

    await office.bo.clicks(told, pressed(told, "take"))
    await office.happened(talk, "offer_accepted")
    await office.bo.replies(office.now(talk), "Good morning")

    assert "Ines is waiting for somebody" in words(told)
    assert words(told).endswith("You have 1 h. Accept Decline")
    await talk.customer.hears("Good morning")


async def test_declining_leaves_it_waiting(office: Office) -> None:
    told, talk = await asked(office, "Jan")

    await office.bo.clicks(told, pressed(told, "decline"))

    await office.happened(talk, "offer_ended")
    assert "assigned" not in await office.events(talk)
