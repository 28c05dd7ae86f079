"""A customer, a bot, a queue, an agent, and back."""

import asyncio

from bridge.domain.content import text_content
from bridge.domain.conversation import State
from bridge.domain.ids import MINUTE, WorkspaceUserId
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.commands import WorkspaceUser
from bridge.ports.queries import Home, ShowHome
from tests.fakes.office import Office
from tests.patience import PATIENCE


async def test_what_the_channel_says_of_an_address_is_known_of_its_customer(office: Office) -> None:
    await office.customer("hi", "Alice", "visitor:1", anonymous=True)
    await office.customer("hi again", "Alice L.", "visitor:1", anonymous=True)
    await office.customer("hi", "Bo")

    known = {each.name: each.anonymous for each in office.engine.desk.identities}
    assert known == {"Alice L.": True, "Bo": False}


async def test_the_whole_way_of_a_conversation(office: Office) -> None:
    assert office.bot is not None
    await office.agent("ana", "sales")
    office.bot.replies.append(BotReply(messages=(text_content("Hello! 1 sales"),)))
    office.bot.replies.append(BotReply(handoff=Handoff(queue="sales", reason="buy")))

    await office.customer("hi")
    await office.customer("1")
    await office.customer("are you there?")
    await office.says("ana", "I am Ana, how can I help?")
    answer = await office.command("ana", "return-to-bot", "#1 sold")

    assert office.channel.words() == ["Hello! 1 sales", "I am Ana, how can I help?"]
    assert answer.ok, answer
    assert office.conversation().state is State.ENDED
    thread = office.thread()
    assert "hi" in thread.words()[0]
    assert "are you there?" in thread.words()
    assert thread.closed


async def test_the_history_of_a_customers_first_conversation_begins_with_the_customer(
    office: Office,
) -> None:
    assert office.bot is not None
    await office.agent("ana", "sales")
    office.bot.replies.append(BotReply(messages=(text_content("Goodbye!"),), close=True))

    await office.customer("hi")
    await office.customer("hi again")

    assert office.events(1)[:2] == ["contact_created", "conversation_created"]
    assert "contact_created" not in office.events(2)


async def test_a_list_shows_what_was_said_last_and_not_what_the_desk_remarked(
    office: Office,
) -> None:
    await office.agent("ana", "sales")
    await office.pull_only()
    await office.handed_over("my lamp is broken")

    await office.later(2 * MINUTE)
    ana = WorkspaceUser(id=WorkspaceUserId("u-ana"), name="ana")
    home = await office.agents.ask(ShowHome(), ana)

    assert isinstance(home, Home)
    assert "Alice is still waiting. Who can take this one?" in office.thread().words()
    assert [row.last_line for row in home.waiting] == ["my lamp is broken"]


async def test_every_new_line_makes_the_lists_that_show_it_out_of_date(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    changes = office.agents.changes()
    told = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0)

    await office.customer("are you there?")

    assert await asyncio.wait_for(told, PATIENCE) == "conversations"
