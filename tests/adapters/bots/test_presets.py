"""Each preset, over the wire of the platform that it is for: words, buttons, and the hand-over."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace

from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Priority
from bridge.domain.delivery import BotEventKind
from bridge.domain.errors import TokenRejected
from bridge.simulators.bots.chatwoot import ChatwootAgentBot
from bridge.simulators.bots.openai import OpenAIBot
from bridge.simulators.bots.rasa import RasaBot
from bridge.simulators.bots.typebot import TypebotBot
from tests.adapters.bots.rig import Desk
from tests.contract.bot_contract import event

RETURNED = BotEventKind.HANDOFF_RETURNED


async def test_rasa_calls_a_person_with_a_custom_payload(desk: Desk) -> None:
    there = await RasaBot().start()
    bot = desk.bot(f"{there.base}/webhooks/rest/webhook", preset="rasa")
    await bot.start()

    offered = await bot.ask(event(text_content("Hello")))
    choice = offered.messages[-1].choices[0]
    pressed = Content(text=text_content(choice.label).text, chosen=choice.id)
    wanted = await bot.ask(event(pressed))
    team = await bot.ask(event(text_content("team")))

    assert [line.words() for line in wanted.messages] == ["One moment"]
    assert wanted.handoff is not None
    assert (wanted.handoff.queue, wanted.handoff.summary) == ("sales", "shoes")
    assert wanted.handoff.priority is Priority.HIGH
    assert team.handoff is not None
    assert team.handoff.queue == "sales"
    await there.stop()


async def test_rasa_is_told_of_a_return_and_nothing_it_says_to_that_reaches_the_customer(
    desk: Desk,
) -> None:
    there = await RasaBot().start()
    bot = desk.bot(f"{there.base}/webhooks/rest/webhook", preset="rasa")
    await bot.start()

    reply = await bot.ask(replace(event(kind=RETURNED), summary="sold a shoe"))

    assert there.heard[0].json()["metadata"]["summary"] == "sold a shoe"
    assert reply.messages == ()
    await there.stop()


async def test_typebot_walks_through_one_flow_and_hands_over_with_a_bubble(desk: Desk) -> None:
    there = await TypebotBot().start()
    bot = desk.bot(there.base, preset="typebot", typebot="shop")
    await bot.start()

    first = await bot.ask(event(text_content("Hello")))
    second = await bot.ask(event(text_content("A person"), memory=first.memory or ""))

    assert [choice.label for choice in first.messages[-1].choices] == ["A person", "Bye"]
    assert [line.words() for line in second.messages] == ["One moment"]
    assert second.handoff is not None
    assert (second.handoff.queue, second.handoff.summary) == ("sales", "wants shoes")
    assert second.memory == "{}"
    await there.stop()


async def test_typebot_begins_anew_when_it_has_forgotten_the_session(desk: Desk) -> None:
    there = await TypebotBot().start()
    bot = desk.bot(there.base, preset="typebot", typebot="shop")
    await bot.start()

    reply = await bot.ask(event(text_content("Hello"), memory='{"session": "s99"}'))

    assert reply.messages[0].words() == "Welcome"
    await there.stop()


async def test_a_model_remembers_and_calls_a_person_with_its_tool(desk: Desk) -> None:
    there = await OpenAIBot().start()
    url = f"{there.base}/v1/chat/completions"
    bot = desk.bot(url, preset="openai", model="m", token="sk-test")
    await bot.start()

    first = await bot.ask(event(text_content("shoes")))
    second = await bot.ask(event(text_content("boots"), memory=first.memory or ""))
    wanted = await bot.ask(event(text_content("person"), memory=second.memory or ""))
    over = await bot.ask(event(text_content("bye")))

    assert first.messages[0].words() == "shoes, and 0 before"
    assert second.messages[0].words() == "boots, and 1 before"
    assert wanted.handoff is not None
    assert (wanted.handoff.queue, wanted.handoff.priority) == ("sales", Priority.URGENT)
    assert over.close
    offered = there.heard[0].json()["tools"][0]["function"]["parameters"]["properties"]
    assert offered["queue"]["enum"] == ["support"]
    await there.stop()


async def test_a_model_that_words_its_wish_badly_still_gets_a_person(desk: Desk) -> None:
    there = await OpenAIBot().start()
    url = f"{there.base}/v1/chat/completions"
    bot = desk.bot(url, preset="openai", model="m", token="sk-test")
    await bot.start()

    reply = await bot.ask(event(text_content("mumble")))

    assert reply.handoff is not None
    assert reply.handoff.queue is None
    await there.stop()


async def test_a_long_talk_with_a_model_is_remembered_in_part(desk: Desk) -> None:
    there = await OpenAIBot().start()
    url = f"{there.base}/v1/chat/completions"
    bot = desk.bot(url, preset="openai", model="m", token="sk-test")
    await bot.start()
    memory = ""

    for _ in range(12):
        memory = (await bot.ask(event(text_content("palavra " * 300), memory=memory))).memory or ""

    assert len(memory) <= 16_384
    await there.stop()


async def test_a_model_whose_key_is_wrong_is_refused(desk: Desk) -> None:
    there = await OpenAIBot().start()
    url = f"{there.base}/v1/chat/completions"
    bot = desk.bot(url, preset="openai", model="m", token="sk-wrong")
    await bot.start()

    with pytest.raises(TokenRejected):
        await bot.ask(event(text_content("Hello")))

    await there.stop()


class Chatwoot:
    """A desk that serves Chatwoot's API to an agent bot."""

    def __init__(self, desk: Desk, there: ChatwootAgentBot) -> None:
        self.desk = desk
        self.there = there
        self.bot = desk.bot(f"{there.base}/hook", preset="chatwoot", token="cw-token")


@pytest.fixture
async def chatwoot(desk: Desk) -> AsyncIterator[Chatwoot]:
    there = await ChatwootAgentBot("cw-token").start()
    made = Chatwoot(desk, there)
    await made.bot.start()
    app = web.Application()
    app.add_routes(made.bot.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.desk = f"http://127.0.0.1:{runner.addresses[0][1]}/bots/shop"
    yield made
    await there.stop()
    await runner.cleanup()


async def test_an_agent_bot_of_chatwoot_answers_by_chatwoots_api(chatwoot: Chatwoot) -> None:
    reply = await chatwoot.bot.ask(replace(event(text_content("Hello")), number=7, epoch=3))

    assert reply.later
    ((number, said, epoch),) = chatwoot.desk.spoken
    assert (number, epoch) == (7, 3)
    assert said.messages[0].words() == "You said hello"
    assert said.messages[0].choices[0].id == "person"


async def test_an_agent_bot_of_chatwoot_calls_a_person_by_opening_the_conversation(
    chatwoot: Chatwoot,
) -> None:
    await chatwoot.bot.ask(replace(event(text_content("person")), number=7))

    ((_, said, _),) = chatwoot.desk.spoken
    assert said.handoff is not None
    assert said.handoff.summary == "wants shoes"


async def test_an_agent_bot_of_chatwoot_that_speaks_over_a_person_gets_a_conflict(
    chatwoot: Chatwoot,
) -> None:
    chatwoot.desk.refuses = True

    await chatwoot.bot.ask(replace(event(text_content("Hello")), number=7))

    assert chatwoot.there.statuses == [409]


@pytest.mark.parametrize("token", [None, "", "wrong", "cw-token!", "cw-tokén"])
async def test_chatwoots_api_is_for_its_token_alone(chatwoot: Chatwoot, token: str | None) -> None:
    headers = {} if token is None else {"api_access_token": token}
    url = f"{chatwoot.there.desk}/api/v1/accounts/1/conversations/7/messages"

    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"content": "x"}, headers=headers) as answer,
    ):
        refused = answer.status

    assert refused == 500  # UntrustedRequest; the desk's edge makes it 401
    assert not chatwoot.desk.spoken
