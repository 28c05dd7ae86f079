"""What the desk keeps in memory, and that it comes back when conversations end."""

import asyncio
import gc

import pytest

from bridge.commands.authorize import EntryPoint
from bridge.domain.content import text_content
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import DAY, Address, AgentId, ExternalId, SourceKey
from bridge.domain.moves import ChangeAgent, OpenTicket, ReturnToBot
from bridge.engine.state.desk import agent_actor
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.channel import MessageReceived
from tests.fakes.office import Office

CUSTOMERS = 1_000
"""Each has two conversations: with the agent, and with the bot that he is given back to."""
_VOID = 64
"""So many void entries the router may leave in its heap of candidates, for however many."""
_OURS = ("bridge.engine", "bridge.routing")


def line(office: Office, address: str, name: str) -> MessageReceived:
    """A customer's line."""
    office.sources += 1
    return MessageReceived(
        channel=office.web,
        source=(SourceKey(f"in:{office.sources}"),),
        address=Address(address),
        external_id=ExternalId(f"in-{office.sources}"),
        content=text_content("hello"),
        name=name,
    )


async def handed_over(office: Office, customers: int) -> None:
    """So many customers write at once, and the bot hands them all over."""
    assert office.bot is not None
    office.bot.replies.extend(
        [BotReply(handoff=Handoff(queue="sales", reason="asked"))] * customers
    )
    lines = [line(office, f"addr-{each}", f"Alice {each}") for each in range(customers)]
    await asyncio.gather(*(office.customers.accept(each) for each in lines))
    await office.quiet()


async def given_back(office: Office, agent: AgentId) -> None:
    """Every third gets a ticket, then all are given back to the bot, who closes them."""
    assert office.bot is not None
    actor = agent_actor(office.engine.desk.agents[agent])
    open_ones = list(office.engine.desk.conversations)
    tickets = [
        OpenTicket(
            contact=each.contact,
            conversation=each.id,
            type="problem",
            status="open",
            description="it broke",
        )
        for each in open_ones[::3]
    ]
    office.bot.replies.extend([BotReply(close=True)] * len(open_ones))
    returns = [ReturnToBot(conversation=each.id, confirmed=True) for each in open_ones]
    for moves in (tickets, returns):
        done = (office.engine.carry_out(move, actor, EntryPoint.COMMAND) for move in moves)
        assert all(outcome.ok for outcome in await asyncio.gather(*done))
    await office.quiet()


def entries(root: object) -> int:
    """How many entries all containers of the engine and what it is made of have."""
    seen: set[int] = set()
    found, waiting = 0, [root]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, dict | list | set):
            found += len(each)
        if isinstance(each, dict | list | set | tuple) or type(each).__module__.startswith(_OURS):
            waiting += gc.get_referents(each)
    return found


@pytest.mark.timeout(300)  # the fake store looks at everything for each question
async def test_what_ended_is_not_in_memory_any_more(office: Office) -> None:
    agent = await office.agent("ana", "sales")
    await office.do(ChangeAgent(agent=agent.id, capacity=CUSTOMERS))
    before = entries(office.engine)
    await handed_over(office, CUSTOMERS)
    full = entries(office.engine)
    held = len(office.engine.desk.agent_holds(agent.id))

    await given_back(office, agent.id)
    await office.later(DAY)

    assert held == CUSTOMERS
    assert full > before + 5 * CUSTOMERS
    assert entries(office.engine) < before + 2 * _VOID


async def test_what_came_for_a_batch_that_could_not_be_written_does_not_stay(
    office: Office,
) -> None:
    agent = await office.agent("ana", "sales")
    await office.handed_over()
    thread = office.work_thread()
    said = await office.says("ana", "hello")
    await given_back(office, agent.id)
    before = entries(office.engine)
    office.store.broken = True
    with pytest.raises(StorageUnavailable):
        await office.edits("ana", said, "goodbye", thread)
    full = entries(office.engine)
    office.store.broken = False

    await office.customer("anybody there?", "Bob")
    assert office.bot is not None
    office.bot.replies.append(BotReply(close=True))
    await office.customer("no?", "Bob")

    assert full > before
    assert entries(office.engine) <= before


async def test_a_customer_who_changes_his_name_is_renamed_as_a_contact(office: Office) -> None:
    await office.customers.accept(line(office, "addr", "Alice"))
    await office.customers.accept(line(office, "addr", "Alice Liddell"))
    await office.quiet()

    contact, identity = office.conversation().contact, office.conversation().identity

    assert (await office.store.contacts([contact]))[contact].name == "Alice Liddell"
    assert (await office.store.identities([identity]))[identity].name == "Alice Liddell"
