"""Where a person began, no bot speaks before he gives the word: over a real Graph and a real bot.

A bot that is slow, was asked before, or is not asked at all: none of its words reaches a customer
whom a person has, until he is returned.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import build
from bridge.domain.conversation import State
from bridge.ports.clock import MovableClock, SystemClock
from bridge.settings import load
from bridge.simulators.bots.deskbridge import DeskbridgeBot
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.simulator import GraphSimulator
from tests.integration.web.ana import hire
from tests.integration.web.test_whatsapp import SETTINGS, Desk, reads_of
from tests.patience import seen, until

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
BOT = """
[bots.clerk]
kind = "webhook"
url = "{bot}/hook"
secret = "{secret}"
"""
GREETING = "What is it about?"


@dataclass
class Shop:
    """A desk on WhatsApp with a bot behind HTTP."""

    desk: Desk
    bot: DeskbridgeBot

    def asked(self) -> list[str]:
        """What customers said to the bot, oldest first."""
        told = (heard.json() for heard in self.bot.heard)
        return [each["data"]["message"]["text"] for each in told if "message" in each["data"]]

    async def in_thread(self, words: str) -> None:
        """Wait until a line stands in Ana's conversation."""

        async def said() -> bool:
            return words in [line.content.words() for line in await self.desk.lines()]

        await seen(said, True)

    async def is_quiet(self) -> None:
        """Nothing is on its way to anybody."""
        dispatcher = self.desk.app.parts.dispatcher
        await until(lambda: not dispatcher.busy)
        await self.desk.graph.settled()


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    clock = MovableClock(SystemClock())
    bot = await DeskbridgeBot(SECRET).start()
    async with GraphSimulator.running(now=lambda: clock.now() / 1_000) as graph:
        number = graph.number()
        graph.template(number, "oi", {"type": "BODY", "text": "Oi {{1}}, seu pedido chegou"})
        file = tmp_path / "deskbridge.toml"
        file.touch(mode=0o600)
        channel = SETTINGS.format(number=number, url=graph.url).replace('"menu"', '"clerk"', 1)
        file.write_text(channel + BOT.format(bot=bot.base, secret=SECRET), encoding="utf-8")
        app = await build(load(file, {}), port=0, clock=clock)
        await app.start()
        graph.change_number(number, webhook=f"{app.url}/whatsapp/wa/events")
        try:
            await hire(app)
            await until(lambda: bool(app.parts.engine.desk.templates()))
            yield Shop(desk=Desk(app=app, graph=graph, number=number, clock=clock), bot=bot)
        finally:
            await app.stop()
            await bot.stop()


async def by_template(shop: Shop) -> Person:
    """Ana writes to a number that never wrote."""
    bia = shop.desk.graph.customer(shop.desk.number, "551187654321", "Bia", phone="5511987654321")
    await shop.desk.command("template (11) 98765-4321 oi Bia")
    await shop.desk.graph.until(lambda: bool(bia.received()))
    return bia


async def by_echo(shop: Shop) -> Person:
    """Somebody answers on the telephone of the business, and Ana takes over."""
    bia = shop.desk.graph.customer(shop.desk.number, "551187654321", "Bia", phone="5511987654321")
    await shop.desk.graph.answers_by_phone(bia, "Já separei o seu")
    await shop.desk.graph.settled()
    await until(lambda: bool(shop.desk.app.parts.engine.desk.conversations))
    await shop.desk.command(f"take #{shop.desk.conversation().number}")
    return bia


@pytest.mark.parametrize("begin", [by_template, by_echo])
async def test_what_a_person_began_gets_no_word_of_the_bot_until_it_is_returned(
    shop: Shop, begin: object
) -> None:
    bia = await begin(shop)  # type: ignore[operator]  # one of the two above

    for words in ("Obrigada!", "Quando chega?", "person"):
        await bia.writes(words)
        await shop.in_thread(words)
    await shop.is_quiet()
    during = shop.asked(), [each for each in reads_of(bia) if GREETING in each]
    await shop.desk.command(f"return-to-bot #{shop.desk.conversation().number}")
    await bia.writes("Oi de novo")
    await shop.desk.graph.until(lambda: any(GREETING in each for each in reads_of(bia)))

    assert during == ([], [])
    assert shop.asked()[-1] == "Oi de novo"


async def test_a_slow_answer_that_was_asked_for_before_a_person_took_over_is_refused(
    shop: Shop,
) -> None:
    bia = shop.desk.graph.customer(shop.desk.number)
    shop.bot.thinking.clear()
    await bia.writes("Oi")
    await until(lambda: bool(shop.bot.heard))

    await shop.desk.command(f"take #{shop.desk.conversation().number}")
    shop.bot.thinking.set()
    await shop.is_quiet()
    await bia.writes("Ainda está aí?")
    await shop.in_thread("Ainda está aí?")
    await shop.is_quiet()

    assert shop.desk.conversation().state is State.ASSIGNED
    assert shop.asked() == ["Oi"]
    assert reads_of(bia) == []


async def test_what_a_bot_says_by_itself_under_an_old_epoch_is_refused(shop: Shop) -> None:
    bia = shop.desk.graph.customer(shop.desk.number)
    await bia.writes("Oi")
    await shop.desk.graph.until(lambda: bool(reads_of(bia)))
    told = shop.bot.heard[-1].json()["data"]["conversation"]
    await shop.desk.command(f"take #{shop.desk.conversation().number}")
    app = shop.desk.app
    async with ClientSession(app.url) as http:
        made = await http.post(
            "/v1/tokens",
            json={"name": "clerk", "scopes": ["bot:speak"], "bot": "clerk"},
            headers={"Authorization": f"Bearer {app.operator}"},
        )
        token = (await made.json())["token"]

        said = await http.post(
            f"/v1/conversations/{told['id']}/messages",
            json={"epoch": told["epoch"], "messages": [{"text": "Eu de novo"}]},
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
        )

        assert said.status == 409
    await shop.is_quiet()
    assert "Eu de novo" not in reads_of(bia)
