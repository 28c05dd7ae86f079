"""`deskbridge connect telegram`: one token, a first line that arrives, and settings that work."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bridge.adapters.channels.telegram.settings import TelegramSettings
from bridge.adapters.channels.telegram.setup.connecting import TelegramConnecting
from bridge.cli import connecting
from bridge.cli.starter import write_starter
from bridge.domain.errors import InvalidSettings
from bridge.ports.connecting import AppWish, Connected
from bridge.simulators.telegram import TelegramSimulator
from tests.adapters.sitter import Sitter
from tests.patience import until

URL = "https://desk.example/telegram/telegram/events"
FOREIGN = "http://127.0.0.1:9/hook/of/theirs"


class Scene:
    """A Telegram with a bot, somebody who writes to it, and an operator."""

    def __init__(self, telegram: TelegramSimulator) -> None:
        self.telegram = telegram
        self.bot = telegram.bot()
        self.bia = telegram.person(self.bot, started=False)

    def wish(self, url: str = "") -> AppWish:
        return AppWish(api_url=self.telegram.world.address, url=url)

    async def connected(self, sitter: Sitter, url: str = "", patience: int = 60) -> Connected:
        return await TelegramConnecting(patience).connect(sitter, (), self.wish(url))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with TelegramSimulator.running() as telegram:
        yield Scene(telegram)


async def test_one_token_and_one_line_make_settings_that_work(scene: Scene) -> None:
    sitter = Sitter(scene.bot.token)
    connecting = asyncio.create_task(scene.connected(sitter))
    await until(lambda: scene.telegram.polls.waits(scene.bot.id))

    await scene.bia.starts()
    connected = await connecting

    settings = TelegramSettings.model_validate(connected.settings)
    assert settings.token.get_secret_value() == scene.bot.token
    assert settings.receive == "polling"
    assert "Bia wrote to the bot" in sitter.said()


async def test_the_first_line_is_left_for_the_desk(scene: Scene) -> None:
    await scene.bia.starts()

    await scene.connected(Sitter(scene.bot.token))

    assert len(scene.telegram.world.mail[scene.bot.id].waiting) == 1


async def test_with_an_address_updates_will_be_brought_with_a_secret_of_our_own(
    scene: Scene,
) -> None:
    await scene.bia.starts()

    made = [(await scene.connected(Sitter(scene.bot.token), URL)).settings for _ in range(2)]

    settings = TelegramSettings.model_validate(made[0])
    assert settings.receive == "webhook"
    assert len(settings.webhook_secret.get_secret_value()) >= 32
    assert made[0]["webhook_secret"] != made[1]["webhook_secret"]


async def test_an_earlier_connection_leaves_nothing_behind(scene: Scene) -> None:
    connected = await scene.connected(Sitter(scene.bot.token), patience=0)

    assert {"receive", "webhook_secret"} <= connected.outdated


async def test_every_slip_is_named_and_asked_again(scene: Scene) -> None:
    wrong = f"{scene.bot.id}:{'A' * 35}"
    sitter = Sitter("hello", wrong, scene.bot.token)

    await scene.connected(sitter, patience=0)

    assert "This is no token" in sitter.said()
    assert "Telegram does not take it" in sitter.said()


async def test_the_token_is_never_shown(scene: Scene) -> None:
    wrong = f"{scene.bot.id}:{'A' * 35}"
    sitter = Sitter(wrong, scene.bot.token)

    await scene.connected(sitter, URL, patience=0)

    assert all(secret for _, secret in sitter.asked)
    assert wrong not in sitter.said()
    assert scene.bot.token not in sitter.said()


async def test_nobody_need_write_for_it_to_be_connected(scene: Scene) -> None:
    sitter = Sitter(scene.bot.token)

    await scene.connected(sitter, patience=0)

    assert "Nobody wrote yet" in sitter.said()


async def test_somebody_elses_webhook_is_taken_away_only_if_the_operator_agrees(
    scene: Scene,
) -> None:
    hook = scene.telegram.world.hooks
    await _hooked(scene, FOREIGN)

    with pytest.raises(InvalidSettings):
        await scene.connected(Sitter(scene.bot.token, yes=[False]), patience=0)
    kept = hook[scene.bot.id].url
    sitter = Sitter(scene.bot.token, yes=[True])
    await scene.connected(sitter, patience=0)

    assert kept == FOREIGN
    assert hook[scene.bot.id].url == ""
    assert not any("/hook/of/theirs" in question for question, _ in sitter.asked)


async def test_a_webhook_of_our_own_is_no_question(scene: Scene) -> None:
    await _hooked(scene, URL)

    await scene.connected(Sitter(scene.bot.token, yes=[]), URL, patience=0)

    assert scene.telegram.world.hooks[scene.bot.id].url == ""


async def _hooked(scene: Scene, url: str) -> None:

    called = f"{scene.telegram.base_url}{scene.bot.token}/setWebhook"
    async with aiohttp.ClientSession() as http, http.post(called, json={"url": url}) as answer:
        assert answer.status == 200


async def test_nothing_typed_gives_up(scene: Scene) -> None:
    with pytest.raises(InvalidSettings):
        await scene.connected(Sitter(""))


async def test_the_settings_are_written_for_a_desk(scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "deskbridge.toml"
    write_starter(target, brand="Acme", language="en")
    await scene.bia.starts()

    sitter = Sitter(scene.bot.token)
    await connecting.connect_platform(sitter, target, "telegram", "vendas", scene.wish())

    written = tomllib.loads(target.read_text())["channels"]["vendas"]
    assert (written["kind"], written["token"]) == ("telegram", scene.bot.token)
    assert sitter.said().endswith("deskbridge run, and your customers' messages arrive.")
