"""`deskbridge connect whatsapp`: questions, checks, and settings that a desk starts with."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from bridge.adapters.channels.whatsapp.setup.connecting import WhatsAppConnecting
from bridge.cli import connecting
from bridge.cli.starter import write_starter
from bridge.domain.errors import InvalidSettings
from bridge.ports.connecting import AppWish
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.simulator import GraphSimulator
from tests.adapters.sitter import Sitter


class Scene:
    """A Graph with a number, and somebody who wants to connect it."""

    def __init__(self, graph: GraphSimulator) -> None:
        self.graph = graph
        self.number: Number = graph.number()
        self.wish = AppWish(api_url=graph.url, url="https://desk.example/whatsapp/wa/events")

    def answers(self) -> list[str]:
        """What is to be typed."""
        return [self.number.token, self.number.id, self.number.app_secret]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with GraphSimulator.running() as graph:
        yield Scene(graph)


async def test_three_answers_make_settings_that_are_complete(scene: Scene) -> None:
    scene.graph.change_number(scene.number, subscribed=False)
    sitter = Sitter(*scene.answers())

    connected = await WhatsAppConnecting().connect(sitter, (), scene.wish)

    settings = WhatsAppSettings.model_validate(connected.settings)
    assert settings.business_account_id == scene.number.waba
    assert settings.access_token.get_secret_value() == scene.number.token
    assert len(settings.verify_token.get_secret_value()) >= 24
    assert scene.graph.world.numbers[scene.number.id].subscribed


async def test_what_is_to_be_done_at_meta_is_told_with_address_and_word(scene: Scene) -> None:
    sitter = Sitter(*scene.answers())

    connected = await WhatsAppConnecting().connect(sitter, (), scene.wish)

    assert scene.wish.url in sitter.told[-1]
    assert connected.settings["verify_token"] in sitter.told[-1]


async def test_every_verify_token_is_another_one(scene: Scene) -> None:
    made = [
        (await WhatsAppConnecting().connect(Sitter(*scene.answers()), (), scene.wish)).settings
        for _ in range(2)
    ]

    assert made[0]["verify_token"] != made[1]["verify_token"]


async def test_every_slip_is_named_and_asked_again(scene: Scene) -> None:
    token, number, secret = scene.answers()
    sitter = Sitter("xoxb-1", "EAA" + "0" * 40, token, "+55 11", "99999", number, "short", secret)

    await WhatsAppConnecting().connect(sitter, (), scene.wish)

    assert len(sitter.told) >= 5


async def test_secrets_are_not_shown_while_they_are_typed(scene: Scene) -> None:
    sitter = Sitter(*scene.answers())

    await WhatsAppConnecting().connect(sitter, (), scene.wish)

    assert [secret for _, secret in sitter.asked] == [True, False, True]
    assert not any(scene.number.token in told for told in sitter.told)


async def test_nothing_typed_gives_up(scene: Scene) -> None:
    with pytest.raises(InvalidSettings):
        await WhatsAppConnecting().connect(Sitter(""), (), scene.wish)


async def test_the_settings_are_written_for_a_desk(scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "deskbridge.toml"
    write_starter(target, brand="Acme", language="en")

    await connecting.connect_platform(
        Sitter(*scene.answers()), target, "whatsapp", "vendas", scene.wish
    )

    written = tomllib.loads(target.read_text())["channels"]["vendas"]
    assert (written["kind"], written["phone_number_id"]) == ("whatsapp", scene.number.id)
    assert written["bot"] == "menu"
