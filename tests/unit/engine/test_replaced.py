"""A process that another may have replaced makes no call: it waits, or it ends without one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bridge.domain.conversation import Priority
from bridge.domain.delivery import DeliveryState, PostLine
from tests.fakes.office import Office
from tests.patience import until


@dataclass
class Elsewhere:
    """Whether another process may lead, and how often somebody wanted to know."""

    leads: bool = False
    asked: int = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.leads

    async def keeps(self) -> None:
        """It is asked again and again, and stays as it is."""
        until_now = self.asked
        await until(lambda: self.asked > until_now + 1)


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
async def held(elsewhere: Elsewhere) -> AsyncIterator[Office]:
    """Ana has a customer, and nobody else leads yet."""
    office = await Office(replaced=elsewhere).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    yield office
    await office.close()


def replies(office: Office) -> list[DeliveryState]:
    """How Ana's lines to the customer stand on disk."""
    every = office.store.all_deliveries.values()
    return [each.state for each in every if isinstance(each.body, PostLine) and each.identity]


async def test_no_call_begins_while_another_may_lead_and_it_is_made_when_none_does(
    held: Office, elsewhere: Elsewhere
) -> None:
    elsewhere.leads = True
    saying = asyncio.create_task(held.says("ana", "hello"))
    await elsewhere.keeps()
    before = (held.channel.words(), replies(held)[-1])

    elsewhere.leads = False
    await saying

    assert before == ([], DeliveryState.SENDING)
    assert held.channel.words() == ["hello"]


async def test_who_stops_meanwhile_has_made_no_call_and_says_so(
    held: Office, elsewhere: Elsewhere
) -> None:
    elsewhere.leads = True
    saying = asyncio.create_task(held.says("ana", "hello"))
    await elsewhere.keeps()

    await held.close()
    await saying

    assert held.channel.words() == []
    assert replies(held)[-1] is DeliveryState.PENDING


async def test_no_card_is_drawn_and_no_question_answered_meanwhile(
    held: Office, elsewhere: Elsewhere
) -> None:
    drawn, told = held.thread().card, len(held.workspace.whispers)
    elsewhere.leads = True

    saying = asyncio.create_task(held.says("ana", "!priority urgent"))
    await elsewhere.keeps()
    asking = asyncio.create_task(held.says("ana", "!events"))
    await elsewhere.keeps()

    assert held.conversation().priority is Priority.URGENT
    assert held.thread().card is drawn
    assert len(held.workspace.whispers) == told
    elsewhere.leads = False
    await asyncio.gather(saying, asking)
    await until(lambda: held.thread().card is not drawn)
